"""Every format tells the same of one programme, and is told from the others."""

import datetime as dt

import pytest

from core.text import full_name
from events.enums import ParticipationRole, ProgrammeFormat, SessionKind
from events.exchange.formats import FORMATS, sniff
from tests.events.exchange import samples

WITHOUT_A_TRACK = {"icalendar": ["Panel", None], "opass": ["Panel", "Archives of all the world"]}


@pytest.fixture(params=samples.ALL)
def form(request):
    return request.param


@pytest.fixture
def found(form, options):
    return FORMATS[form](samples.ALL[form], options)


def test_a_file_is_told_by_what_it_holds(form):
    assert sniff(samples.ALL[form]) == form


@pytest.mark.parametrize(
    "content",
    [b"", b"title;room\n1;2", b"{}", b"[1]", b"<html/>", b"PK\x03\x04rest", b"9:00 Opening"],
)
def test_what_nobody_knows_is_told_for_nothing(content):
    assert sniff(content) is None


def test_a_workbook_is_told_for_a_table():
    assert sniff(samples.zipped({"xl/workbook.xml": "<a/>"})) == ProgrammeFormat.TABLE


def test_every_format_is_read_but_those_of_others():
    others = {ProgrammeFormat.AGENDA, ProgrammeFormat.TABLE}
    assert set(FORMATS) == set(ProgrammeFormat) - others


def test_sessions_stand_at_their_time_and_place(found, form):
    rooms = {room.ref: room.name["en"] for room in found.rooms}
    titles = ["Small states", "檔案" if form == "opass" else "On archives"]
    assert [s.title["en"] for s in found.sessions] == titles
    assert [(s.start, s.end) for s in found.sessions] == [
        (dt.datetime(2027, 3, 28, 10), dt.datetime(2027, 3, 28, 11)),
        (dt.datetime(2027, 3, 28, 12), dt.datetime(2027, 3, 28, 12, 30)),
    ]
    assert [rooms[s.room] for s in found.sessions] == ["Great hall", "Blue room"]
    assert [s.kind for s in found.sessions] == ["panel", "presentation"]
    assert len({s.ref for s in found.sessions}) == 2


def test_people_stand_on_them_in_their_roles(found, form):
    people = {p.ref: full_name(p.given_name, p.family_name) for p in found.people}
    last = "李偉" if form == "opass" else "Li Wei"
    assert sorted(people.values()) == sorted(["Ana Kovač", "Jo Berg", last])
    parts = [[(people[part.person], part.role) for part in s.parts] for s in found.sessions]
    second = "panellist" if form in {"sessionize", "opass"} else "moderator"
    assert parts == [[("Ana Kovač", "panellist"), ("Jo Berg", second)], [(last, "presenter")]]


def test_tracks_stand_on_them(found, form):
    tracks = {track.ref: track.name["en"] for track in found.tracks}
    wanted = WITHOUT_A_TRACK.get(form, ["Security", "History"])
    assert [tracks.get(s.track) for s in found.sessions] == wanted


def test_a_second_reading_finds_the_same(found, form, options):
    assert FORMATS[form](samples.ALL[form], options) == found


def test_all_words_are_of_our_vocabulary(found):
    assert {s.kind for s in found.sessions} <= set(SessionKind.values)
    assert {p.role for s in found.sessions for p in s.parts} <= set(ParticipationRole.values)
    assert {m.level for m in found.marks} <= {"unsure", "skipped", "broken"}

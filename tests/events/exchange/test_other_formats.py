"""What is special in each of the formats that conferences' tools write."""

import datetime as dt
import json

import pytest

from core.errors import DomainError
from events.exchange import icalendar, opass, open_event, pretalx, sessionize
from events.incoming import IncomingLink
from tests.events.exchange import samples


def sentences(found):
    return [mark.sentence for mark in found.marks]


# pretalx


def test_pretalx_keeps_what_is_not_public_out(options):
    found = pretalx.read(samples.PRETALX, options)
    assert {p.email for p in found.people} == {""}
    assert sentences(found) == ["Left out: 1 submissions that were not accepted."]


def test_pretalx_knows_who_has_not_confirmed_yet(options):
    found = pretalx.read(samples.PRETALX, options)
    assert [p.confirmed for s in found.sessions for p in s.parts] == [True, True, False]


def test_pretalx_laid_out_by_day_and_minute_has_meals(options):
    def talk(code, **more):
        return {"code": code, "title": code, "state": "confirmed", "speakers": ["P1"]} | more

    slot = {"room_id": 1, "start": "2027-03-28T13:00:00+02:00", "end": "2027-03-28T14:00:00+02:00"}
    record = {
        "schedule": {"2027-03-28": {"750": {}, "780": {"1": talk("A", slot=slot)}}},
        "sprints": {"2027-03-29": {"600": {"1": talk("B", slot=None)}}},
        "rooms": [{"id": 1, "guid": "x", "name": {"en": "Hall", "fr": "Salle"}, "capacity": 300}],
        "extra": {"2027-03-28": {"750": {"id": "lunch", "title": {"en": "Lunch", "fr": "Repas"}}}},
        "speakers": {"P1": {"code": "P1", "name": "Ana Kovač"}},
    }
    found = pretalx.read(json.dumps(record).encode(), options)
    assert [(s.ref, s.kind) for s in found.sessions] == [
        ("A", "presentation"),
        ("B", "presentation"),
        ("lunch", "break"),
    ]
    assert found.sessions[2].end == dt.datetime(2027, 3, 28, 13)
    assert [(r.ref, r.name, r.capacity) for r in found.rooms] == [("1", {"en": "Hall"}, 300)]


def test_pretalx_with_several_slots_takes_the_first_and_says_so(options):
    record = {
        "code": "A", "title": "Twice", "state": "withdrawn", "duration": 30, "speakers": ["X"],
        "slots": [{"start": "2027-03-28T10:00:00+02:00"}, {"start": "2027-03-29T10:00:00+02:00"}],
    }  # fmt: skip
    found = pretalx.read(json.dumps([record]).encode(), options)
    [session] = found.sessions
    assert (session.end, session.cancelled) == (dt.datetime(2027, 3, 28, 10, 30), True)
    assert sentences(found) == [
        "“Twice” takes place 2 times; only the first one comes in.",
        "Left out: 1 speakers of whom there is no more than an identifier.",
    ]


# Sessionize


def test_sessionize_parts_position_and_affiliation(options):
    found = sessionize.read(samples.SESSIONIZE, options)
    assert (found.people[0].position, found.people[0].affiliation) == (
        "Researcher",
        "Example Institute",
    )
    assert found.sessions[1].links == (IncomingLink("Recording", "https://example.org/"),)


def test_sessionize_in_groups_or_as_a_grid_or_flat_says_the_same(options):
    one = {
        "id": "1", "title": "Lunch", "startsAt": "2027-03-28T12:00", "endsAt": "2027-03-28T13:00",
        "isServiceSession": True, "room": "Hall", "roomId": 3, "speakers": [],
    }  # fmt: skip
    grid = [
        {"date": "2027-03-28T00:00:00", "rooms": [{"id": 3, "name": "Hall", "sessions": [one]}]}
    ]
    group = [{"groupName": "All", "sessions": [one]}]
    flat = {"sessions": [one], "speakers": []}
    found = [sessionize.read(json.dumps(form).encode(), options) for form in (grid, group, flat)]
    assert found[0] == found[1] == found[2]
    [session] = found[0].sessions
    assert (session.kind, session.start) == ("break", dt.datetime(2027, 3, 28, 12))


# OPass


def test_opass_takes_the_conferences_language_where_there_is_one(options):
    found = opass.read(samples.OPASS, options)
    assert [s.title for s in found.sessions] == [{"en": "Small states"}, {"en": "檔案"}]
    assert [r.name for r in found.rooms] == [{"en": "Great hall"}, {"en": "Blue room"}]
    assert found.source == "example.org/2027"
    assert [s.language for s in found.sessions] == ["en", ""]


# iCalendar


def calendar(*lines, before=()):
    entry = ["BEGIN:VEVENT", "UID:1", "SUMMARY:Talk", *lines, "END:VEVENT"]
    return "\r\n".join(["BEGIN:VCALENDAR", *before, *entry, "END:VCALENDAR"]).encode()


def test_icalendar_unfolds_and_unescapes(options):
    found = icalendar.read(samples.ICALENDAR, options)
    assert found.sessions[0].abstract == {"en": "On states, small and large.\n\nBring questions."}
    assert [s.cancelled for s in found.sessions] == [False, True]
    assert [p.email for p in found.people] == ["ana@example.org", "", "li@example.org"]
    assert found.source == "Forum"
    assert [s.line for s in found.sessions] == [4, 16]


@pytest.mark.parametrize(
    ("line", "hour"),
    [
        ("DTSTART:20270701T100000Z", 12),
        ("DTSTART;TZID=Europe/London:20270701T100000", 11),
        ("DTSTART;TZID=GMT Standard Time:20270701T100000", 11),
        ("DTSTART;TZID=/example.org/20210210_1/Europe/London:20270701T100000", 11),
        ("DTSTART:20270701T100000", 10),
        ('DTSTART;TZID="Nowhere":20270701T100000', 10),
    ],
)
def test_icalendar_knows_a_zone_without_a_vtimezone(options, line, hour):
    [session] = icalendar.read(calendar(line, "DURATION:PT1H"), options).sessions
    assert session.start == dt.datetime(2027, 7, 1, hour)


def test_icalendar_says_that_nobody_knows_a_zone(options):
    found = icalendar.read(
        calendar("DTSTART;TZID=Nowhere:20270701T100000", "DURATION:PT1H"), options
    )
    assert sentences(found) == [
        "Nobody knows the time zone “Nowhere”; its times were taken for those of Europe/Belgrade."
    ]


def test_icalendar_takes_a_zone_of_one_offset_from_the_file(options):
    zone = [
        "BEGIN:VTIMEZONE", "TZID:Somewhere", "BEGIN:STANDARD", "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0300", "TZOFFSETTO:+0300", "END:STANDARD", "END:VTIMEZONE",
    ]  # fmt: skip
    content = calendar("DTSTART;TZID=Somewhere:20270701T100000", "DURATION:PT1H", before=zone)
    assert icalendar.read(content, options).sessions[0].start == dt.datetime(2027, 7, 1, 9)


def test_icalendar_takes_the_newest_of_two_states_of_one_entry(options):
    old = ["BEGIN:VEVENT", "UID:1", "SUMMARY:Old", "DTSTART:20270701T100000Z", "END:VEVENT"]
    content = calendar("DTSTART:20270701T110000Z", "DURATION:PT1H", "SEQUENCE:1", before=old)
    assert [s.title for s in icalendar.read(content, options).sessions] == [{"en": "Talk"}]


def test_icalendar_folded_in_the_middle_of_a_letter_is_read(options):
    content = calendar("DTSTART:20270701T110000Z", "DURATION:PT1H", "LOCATION:Ð¡alle")
    content = content.replace("Ð".encode(), b"\xc3\r\n \x90")
    assert icalendar.read(content, options).rooms[0].name == {"en": "Ð¡alle"}


def test_icalendar_leaves_a_broken_line_out_and_says_which(options):
    found = icalendar.read(calendar("DTSTART:20270701T110000Z", "DURATION:PT1H", "???"), options)
    assert [(m.line, m.level) for m in found.marks] == [(7, "broken")]


def test_icalendar_of_whole_days_has_no_time(options):
    found = icalendar.read(calendar("DTSTART;VALUE=DATE:20270701", "LOCATION:Hall"), options)
    assert [(s.start, s.end, s.room) for s in found.sessions] == [(None, None, "")]


def test_icalendar_does_not_take_guests_for_speakers(options):
    content = calendar(
        "DTSTART:20270701T110000Z", "DURATION:PT1H", "ATTENDEE;CN=Ana:mailto:ana@example.org",
        before=["METHOD:REQUEST"],
    )  # fmt: skip
    assert icalendar.read(content, options).people == ()


def test_icalendar_takes_participants_who_speak(options):
    def participant(kind, *lines):
        return ["BEGIN:PARTICIPANT", f"PARTICIPANT-TYPE:{kind}", *lines, "END:PARTICIPANT"]

    content = calendar(
        "DTSTART:20270701T110000Z", "DURATION:PT1H", "CATEGORIES:Panel",
        *participant("SPEAKER", "UID:a", "SUMMARY:Ana Kovač", "DESCRIPTION:Writes."),
        *participant("MODERATOR", "UID:b", "CALENDAR-ADDRESS;CN=Jo Berg:mailto:jo@example.org"),
        *participant("SPONSOR", "UID:c", "SUMMARY:Example Bank"),
    )  # fmt: skip
    found = icalendar.read(content, options)
    assert [(p.person, p.role) for p in found.sessions[0].parts] == [
        ("a", "panellist"),
        ("b", "moderator"),
    ]
    assert [p.bio for p in found.people] == [{"en": "Writes."}, {}]


# Open Event


@pytest.mark.parametrize(("mark", "suffix"), [("-", ""), ("_", ".json")])
def test_open_event_is_read_in_both_spellings(options, mark, suffix):
    found = open_event.read(samples.open_event_zip(mark, suffix), options)
    assert (found.title, found.source, found.time_zone) == (
        "Forum",
        "https://example.org",
        "Europe/Belgrade",
    )
    assert found.sessions[0].abstract == {"en": "A panel\n\nOn *them*"}
    assert found.sessions[1].links == (IncomingLink("Slides", "https://example.org/"),)
    assert [(t.ref, t.colour) for t in found.tracks] == [("7", "#0b5d5e"), ("8", "")]
    assert (found.people[0].position, found.people[0].affiliation) == (
        "Researcher",
        "Example Institute",
    )
    assert sentences(found) == ["Left out: 1 sessions that were deleted or not accepted."]


def test_open_event_in_a_folder_is_read(options):
    parts = {f"export/{n}.json": json.dumps(p) for n, p in samples.open_event().items()}
    assert len(open_event.read(samples.zipped(parts), options).sessions) == 2


def test_open_event_without_sessions_is_refused(options):
    with pytest.raises(DomainError):
        open_event.read(samples.zipped({"event": "{}"}), options)

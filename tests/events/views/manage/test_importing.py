"""A programme comes in by the console: paste it, look at it, bring it in."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from events.enums import JobState
from events.exchange.programme import programme_of
from events.models import Participation, Person, ProgrammeImport, Session
from events.services import importing, importing_running
from events.services.importing_running import go_on_with_programmes
from events.views.manage import importing_lines
from tests.events.views.reading import text_of
from tests.factories.events import ConferenceFactory, PersonFactory

NEW = "/manage/institute/rivers/import/"
SESSIONS = "/manage/institute/rivers/sessions/"
AGENDA = """Rivers forum
18 March 2027

09:30 Registration and coffee
10:00 – 10:15 Opening remarks
Prof. Dr. Mila Đorđević, Director, Institute of Rivers
10:15 – 11:45 Panel: Who drinks first
Moderator: Ana Kovač, Editor, Vreme
Panellists:
Petar Ilić, Researcher, Institute of Water
H.E. John Smith, Ambassador of Norway (tbc)
11:45 Coffee break
"""
TABLE = (
    "Start;End;What we do;Speakers\n"
    "10:00;10:15;Opening;Mila Đorđević\n"
    "10:15;11:45;Who drinks first;Petar Ilić | Ana Kovač\n"
)


@pytest.fixture
def conference(organisation):
    return ConferenceFactory(organisation=organisation, slug="rivers")


@pytest.fixture
def client(owner, conference, client_as):
    return client_as(owner)


def pasted(client, text=AGENDA, **more):
    answer = client.post(NEW, {"text": text, **more})
    assert answer.status_code == 302, text_of(answer)
    return answer["Location"]


def fields(answer):
    """Return what a browser would send back from the page as it stands."""
    context = answer.context
    page = context["page"]
    data = {"about": "1", "shown": page.shown, "shown-people": page.shown_people, "links": "1"}
    for _day, sessions in page.days:
        for one in sessions:
            if not one.has_fields:
                continue
            name = f"s{one.number}"
            data |= {
                f"{name}-day": one.day.isoformat(),
                f"{name}-start": f"{one.start:%H:%M}" if one.start else "",
                f"{name}-end": f"{one.end:%H:%M}" if one.end else "",
                f"{name}-title": one.title,
                f"{name}-kind": one.kind,
            }
            data |= {f"{name}-p{part.number}-role": part.role for part in one.parts}
    for person in page.people:
        if person.has_fields:
            data |= {f"p{person.number}-{f['name']}": f["value"] for f in person.fields}
        if person.candidates:
            data[f"p{person.number}-is"] = person.chosen or "new"
    return data


def test_from_paste_to_session_list_in_three_clicks(client, conference):
    empty = text_of(client.get(SESSIONS))
    assert "Paste your agenda" in empty
    page = pasted(client)
    shown = client.get(page)
    assert "Nothing is saved yet" in text_of(shown)
    assert not Session.objects.exists()
    answer = client.post(page, {**fields(shown), "start": "1"})
    assert answer["Location"] == SESSIONS
    listed = text_of(client.get(SESSIONS))
    assert "4 sessions are in: 4 new." in listed
    assert "Who drinks first" in listed
    panel = conference.sessions.get(kind="panel")
    assert panel.start_local == dt.datetime.fromisoformat("2027-03-18T10:15")
    assert list(panel.participations.values_list("person__family_name", "role", "state")) == [
        ("Kovač", "moderator", "planned"),
        ("Ilić", "panellist", "planned"),
        ("Smith", "panellist", "planned"),
    ]


def test_sending_the_page_back_as_it_stands_decides_nothing(client, conference):
    page = pasted(client)
    client.post(page, fields(client.get(page)))
    kept = ProgrammeImport.objects.get().settings
    assert kept["decisions"] == {"sessions": {}, "people": {}}


def test_what_was_typed_into_a_line_comes_in_so(client, conference):
    page = pasted(client)
    data = fields(client.get(page))
    data |= {
        "s0-skip": "1",
        "s1-title": "Welcome",
        "s2-start": "10:30",
        "s2-end": "12:00",
        "s2-kind": "discussion",
        "s2-p1-role": "discussant",
        "s2-p2-role": "skip",
        "p0-family_name": "Đurić",
    }
    client.post(page, data)
    shown = text_of(client.get(page))
    assert "You left it out." in shown
    answer = client.post(page, {**fields(client.get(page)), "s0-skip": "1", "start": "1"})
    assert answer["Location"] == page
    assert "Stayed out" in text_of(client.get(page))
    assert sorted(conference.sessions.values_list("kind", "title__en")) == [
        ("break", "Coffee break"),
        ("discussion", "Who drinks first"),
        ("opening_remarks", "Welcome"),
    ]
    roles = Participation.objects.values_list("person__family_name", "role")
    assert set(roles) == {
        ("Đurić", "opening_remarks"),
        ("Kovač", "moderator"),
        ("Ilić", "discussant"),
    }


def test_a_known_person_may_be_a_new_one(client, conference):
    PersonFactory(
        organisation=conference.organisation, given_name="Ana", family_name="Kovač",
        affiliation="Danas",
    )  # fmt: skip
    page = pasted(client)
    shown = client.get(page)
    assert "The same person: Ana Kovač, Danas" in text_of(shown)
    data = fields(shown)
    number = next(p.number for p in shown.context["page"].people if p.candidates)
    client.post(page, {**data, f"p{number}-is": "new", "start": "1"})
    assert Person.objects.filter(family_name="Kovač").count() == 2


def test_a_table_whose_columns_say_nothing_is_mapped_by_hand(client, conference):
    file = SimpleUploadedFile("days.csv", TABLE.encode("cp1250"))
    page = client.post(NEW, {"file": file, "format": "table"})["Location"]
    shown = client.get(page)
    assert "What we do" in text_of(shown)
    client.post(page, {"about": "1", "column": ["start", "end", "title", "speakers"]})
    shown = client.get(page)
    assert "Mila Đorđević" in text_of(shown)
    client.post(page, {**fields(shown), "start": "1"})
    assert conference.sessions.count() == 2


def test_a_long_programme_shows_how_far_it_is_and_stops(client, conference, monkeypatch):
    monkeypatch.setattr(importing, "AT_ONCE", 1)
    monkeypatch.setattr(importing_running, "WHOLE", 1)
    monkeypatch.setattr("events.views.manage.importing.nudge", lambda _task: None)
    page = pasted(client)
    answer = client.post(page, {**fields(client.get(page)), "start": "1"})
    assert answer["Location"] == page
    running = client.get(page)
    assert "hx-trigger" in running.content.decode()
    assert "it goes on by itself" in text_of(running)
    client.post(f"{page}stop/")
    go_on_with_programmes(read=programme_of, piece=2)
    row = ProgrammeImport.objects.get()
    assert row.state == JobState.STOPPED
    assert "Bring in the rest" in text_of(client.get(page))
    client.post(page, {"start": "1"})
    go_on_with_programmes(read=programme_of, piece=2)
    assert conference.sessions.count() == 4


def test_an_import_is_undone_from_its_report(client, conference):
    page = pasted(client)
    client.post(page, {**fields(client.get(page)), "start": "1"})
    report = text_of(client.get(page))
    assert "Undo the import" in report
    client.post(f"{page}undo/")
    assert not conference.sessions.exists()
    assert "Its sessions are as they were before." in text_of(client.get(page))


def test_one_that_waits_is_dropped(client, conference):
    page = pasted(client)
    assert client.post(f"{page}stop/")["Location"] == NEW
    assert "Nothing was brought in." in text_of(client.get(page))
    assert ProgrammeImport.objects.get().text == ""
    assert client.post(page, {"start": "1"}).status_code == 302
    assert not conference.sessions.exists()


def test_with_many_sessions_a_day_is_shown_at_a_time(client, conference, monkeypatch):
    monkeypatch.setattr(importing_lines, "MANY", 2)
    two_days = f"{AGENDA}\n19 March 2027\n\n10:00 – 11:00 Panel: The day after\n"
    page = pasted(client, two_days)
    first = text_of(client.get(page))
    assert "Who drinks first" in first
    assert "The day after" not in first
    second = client.get(page, {"day": "2027-03-19"})
    assert "The day after" in text_of(second)
    data = {**fields(second), "day": "2027-03-19", "s4-skip": "1"}
    assert client.post(page, data)["Location"] == f"{page}?day=2027-03-19"
    client.post(page, fields(client.get(page)))
    decisions = ProgrammeImport.objects.get().settings["decisions"]
    assert list(decisions["sessions"].values()) == [{"skip": True}]


@pytest.mark.parametrize(
    ("content", "said", "sentence"),
    [
        (b"", "", "Paste an agenda, or choose a file."),
        (b"<schedule><!DOCTYPE a [<!ENTITY b 'c'>]></schedule>", "schedule_xml", ""),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><schedule>&b;</schedule>", "", ""),
        (b'{"schedule": {"conference": {', "schedule_json", ""),
        (b"PK\x03\x04 no workbook", "table", ""),
        (b"\x00\xff\x00\xff" * 100, "", ""),
        (b"\xff\xfe\x00", "agenda", ""),
        (b"BEGIN:VCALENDAR", "agenda", ""),
        (b"Title\n", "table", ""),
        (b"[" * 100_000, "schedule_json", ""),
    ],
)
def test_broken_input_is_refused_with_a_sentence(client, conference, content, said, sentence):
    data = {"format": said}
    if content:
        data["file"] = SimpleUploadedFile("programme", content)
    answer = client.post(NEW, data)
    if answer.status_code == 302:
        answer = client.get(answer["Location"])
        posted = client.post(answer.request["PATH_INFO"], {"start": "1", "about": "1"})
        assert posted.status_code in {302, 400}
    assert answer.status_code in {200, 400}
    page = text_of(answer)
    assert sentence in page
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {"shown": "0,1,x,99999999", "s0-kind": "song", "s0-title": "\x00", "s0-day": "x"},
        {"shown": "1", "s1-kind": "panel", "s1-day": "2027-03-18", "s1-start": "99:99"},
        {"shown-people": "0", "shown": "0", "p0-is": "<b>", "p0-given_name": ""},
        {"first_day": "soon"},
        {"venue": "NOWHERE", "start": "1"},
        {"people": "all"},
        {"format": "song"},
        {"column": ["x"] * 300},
        {"vanished": ["x" * 50]},
    ],
)
def test_what_nobody_can_mean_breaks_nothing(client, conference, data):
    page = pasted(client)
    answer = client.post(page, {"about": "1", **data})
    assert answer.status_code in {302, 400}
    assert client.get(page).status_code == 200


def test_titles_and_names_stand_as_text(client, conference):
    evil = AGENDA.replace("Who drinks first", "<script>alert(1)</script>")
    evil = evil.replace("Ana Kovač", 'Ana "><img src=x onerror=alert(1)>')
    page = pasted(client, evil)
    for answer in (client.get(page), client.get(page, {"day": "<b>"})):
        assert "<script>alert" not in answer.content.decode()
        assert "<img src=x" not in answer.content.decode()
    client.post(page, {**fields(client.get(page)), "start": "1"})
    assert "<img src=x" not in client.get(page).content.decode()


def test_another_houses_import_is_not_there(client, conference, client_as):
    page = pasted(client)
    other = ConferenceFactory(organisation=conference.organisation, slug="other")
    assert client.get(page.replace("/rivers/", f"/{other.slug}/")).status_code == 404

"""What we write as schedule.json and schedule.xml, our readers read as it was."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from core.actors import SYSTEM
from core.clock import resolve_local
from core.text import full_name
from events.exchange.formats import FORMATS, sniff
from events.incoming import (
    IncomingLink,
    IncomingPart,
    IncomingPerson,
    IncomingRoom,
    IncomingTrack,
    ReadingOptions,
)
from events.services.schedules import publish_schedule
from tests.events.views.reading import PAGE, get
from tests.factories.events import (
    MaterialFactory,
    ParticipationFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    TrackFactory,
)

KINDS = (
    *("panel", "keynote", "opening_remarks", "presentation", "workshop", "discussion"),
    *("break", "reception"),
)
ROLES = (
    *("moderator", "panellist", "keynote", "presenter", "discussant", "opening_remarks"),
    *("rapporteur", "interpreter", "host"),
)
OPTIONS = ReadingOptions(
    first_day=dt.date(2027, 3, 18),
    time_zone="Europe/Belgrade",
    language="en",
    languages=("en", "sr-Latn"),
)


@pytest.fixture
def whole(stage):
    """Return a published programme with everything in it that can come in."""
    conference, host = stage.conference, stage.conference.organisation
    track = TrackFactory(
        conference=conference, slug="water", name={"en": "Water & power"}, colour="#0b5d5e"
    )
    second = RoomFactory(venue=stage.venue, name={"en": "Red room"}, order=1)
    names = [
        ("Ana Maria", "de la Cruz", "H.E."),
        ("Đorđe", "Цвијић", "Prof. Dr."),
        ("Rade", "", ""),
    ]
    people = [
        PersonFactory(
            organisation=host,
            given_name=given,
            family_name=family,
            bio={"en": f"About {given}.\n\nMore."},
        )
        for given, family, _honorific in names
    ]
    for number, kind in enumerate(KINDS):
        start = dt.datetime.fromisoformat("2027-03-18T14:00") + dt.timedelta(minutes=90 * number)
        end = start + dt.timedelta(minutes=75)
        session = SessionFactory(
            conference=conference,
            kind=kind,
            title={"en": f"Title of {kind}: 3 < 4 & “more”", "sr-Latn": f"Naslov {number}"},
            abstract={"en": "One.\n\n*Two* of 3 < 4 & more.\n\n- a list", "sr-Latn": "Jedan."},
            start_local=start,
            end_local=end,
            starts_at=resolve_local(start, "Europe/Belgrade"),
            ends_at=resolve_local(end, "Europe/Belgrade"),
            room=None if kind == "break" else (stage.room, second)[number % 2],
            track=track if number % 2 else None,
            language=("en", "sr-Latn", "")[number % 3],
            attribution=("on_the_record", "chatham_house")[number % 2],
            recorded=number % 2 == 0,
            state="cancelled" if kind == "workshop" else "planned",
        )
        for order in range(number % 3 + 1):
            ParticipationFactory(
                session=session,
                person=people[order],
                role=ROLES[(number + order) % len(ROLES)],
                order=order,
                minutes=10 * order or None,
                honorific=names[order][2],
                position=("Director", "", "Editor, daily")[order],
                affiliation=("Institute of Rivers", "University", "")[order],
            )
        MaterialFactory(
            conference=conference,
            session=session,
            title={"en": f"Paper {number}"},
            url=f"https://example.org/{number}?a=b&c=d",
        )
    publish_schedule(conference=conference, name="", actor=SYSTEM)
    return conference


def read(client_as, name, query=""):
    content = get(client_as, f"{PAGE}{name}{query}").content
    found = sniff(content)
    assert found == name.replace(".", "_")
    return FORMATS[found](content, OPTIONS)


def expected_parts(session, guids, *, minutes):
    return tuple(
        IncomingPart(
            person=guids[full_name(part.person.given_name, part.person.family_name)],
            role=part.role,
            honorific=part.honorific,
            affiliation=part.affiliation,
            position=part.position,
            minutes=part.minutes if minutes else None,
        )
        for part in session.participations.select_related("person").order_by("order", "pk")
    )


def compare(programme, conference, client_as, *, is_json):
    """Assert that each session that has a time came back with all that its format can say."""
    body = json.loads(get(client_as, f"{PAGE}schedule.json").content)["schedule"]
    days = [day["rooms"] for day in body["conference"]["days"]]
    events = [event for rooms in days for one in rooms.values() for event in one]
    guids = {p["name"]: p["guid"] for e in events for p in e["persons"]}
    sessions = {str(row.uid): row for row in conference.sessions.select_related("room", "track")}
    if not is_json:
        sessions = {uid: row for uid, row in sessions.items() if row.state == "planned"}
    found = {session.ref: session for session in programme.sessions}
    assert set(found) == set(sessions)
    for uid, row in sessions.items():
        one = found[uid]
        languages = list(row.title) if is_json else ["en"]
        assert one.title == {tag: row.title[tag] for tag in languages}
        assert one.abstract == {tag: row.abstract[tag] for tag in languages if tag in row.abstract}
        assert (one.start, one.end) == (row.start_local, row.end_local)
        assert (one.kind, one.language, one.recorded) == (row.kind, row.language, row.recorded)
        assert one.room == (row.room.name["en"] if row.room else "")
        assert one.track == (row.track.name["en"] if row.track else "")
        assert one.attribution == (row.attribution if is_json else "")
        assert one.cancelled == (row.state == "cancelled")
        assert one.parts == expected_parts(row, guids, minutes=is_json)
        links = [IncomingLink(m.title["en"], m.url) for m in row.materials.all()]
        assert one.links == tuple(links)


def test_our_json_comes_back_whole(whole, client_as):
    programme = read(client_as, "schedule.json")
    compare(programme, whole, client_as, is_json=True)
    assert programme.marks == () or all(m.field == "recorded" for m in programme.marks)
    assert (programme.title, programme.source) == ("Open Forum", "open_forum")
    assert programme.time_zone == "Europe/Belgrade"
    assert programme.rooms == (
        IncomingRoom("Great hall", {"en": "Great hall"}),
        IncomingRoom("Red room", {"en": "Red room"}),
    )
    assert programme.tracks == (IncomingTrack("Water & power", {"en": "Water & power"}, "#0b5d5e"),)
    people = {p.family_name or p.given_name: p for p in programme.people}
    assert people["de la Cruz"] == IncomingPerson(
        ref=people["de la Cruz"].ref,
        given_name="Ana Maria",
        family_name="de la Cruz",
        honorific="H.E.",
        affiliation="Institute of Rivers",
        position="Director",
        bio={"en": "About Ana Maria.\n\nMore."},
    )


def test_our_json_comes_back_the_same_in_whatever_language_it_was_asked_for(whole, client_as):
    serbian = read(client_as, "schedule.json", "?lang=sr-Latn")
    compare(serbian, whole, client_as, is_json=True)


def test_our_xml_comes_back_with_all_that_the_format_can_say(whole, client_as):
    programme = read(client_as, "schedule.xml")
    compare(programme, whole, client_as, is_json=False)
    names = {(p.given_name, p.family_name, p.honorific, p.position) for p in programme.people}
    assert ("Đorđe", "Цвијић", "Prof. Dr.", "") in names
    assert ("Ana Maria", "de la Cruz", "H.E.", "Director") in names


def test_what_is_no_role_and_no_text_in_a_file_like_ours_falls_away(whole, client_as):
    body = json.loads(get(client_as, f"{PAGE}schedule.json").content)
    rooms = body["schedule"]["conference"]["days"][0]["rooms"]
    event = next(e for e in rooms["Great hall"] if e["code"] == "PANEL2")
    event["persons"][0] |= {"role": "emperor", "minutes": 10**9, "position": ["x"]}
    body["generator"]["lectern"]["sessions"][event["guid"]] = {
        "title": ["no"], "attribution": {"a": 1}, "abstract": 7,
    }  # fmt: skip
    body["generator"]["lectern"]["cancelled"] = [7, {"guid": None}, "x"]
    programme = FORMATS["schedule_json"](json.dumps(body).encode(), OPTIONS)
    (panel,) = (s for s in programme.sessions if s.ref == event["guid"])
    assert panel.title == {"en": "Who drinks first"}
    assert panel.attribution == ""
    assert {part.role for part in panel.parts} == {"moderator", "panellist"}
    assert {part.minutes for part in panel.parts} == {None}

"""Calendars that one subscribes to, read by programs that others wrote: all see the same."""

from __future__ import annotations

import datetime as dt
import io

import ical.calendar_stream
import icalendar
import pytest
import vobject
from django.core.cache import cache
from django.test import Client

from core.actors import SYSTEM
from core.clock import resolve_local, to_local
from events.services.keeping import forget
from events.services.lifecycle import cancel_conference
from events.services.panels import change_participation
from events.services.schedules import publish_schedule
from events.services.sessions import cancel_session, unschedule_session
from tests.conformance.libical import complaints
from tests.conformance.test_calendar import TIMES
from tests.factories.events import (
    ConferenceFactory,
    ConferenceVenueFactory,
    ParticipationFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    TrackFactory,
    VenueFactory,
)

pytestmark = [pytest.mark.conformance, pytest.mark.django_db]
PAGE = "/institute/forum/"
TITLE = (
    "Чија је река; „или“, како се каже\\: ćirilica и латиница на истој дугој обали Дунава, о води"
)
each_time = pytest.mark.parametrize(("zone", "start", "end"), TIMES)


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()
    forget()


@pytest.fixture
def hall(organisation):
    """Return a room at a place with a name and an address that need escapes."""
    venue = VenueFactory(
        organisation=organisation,
        name={"en": 'House "Sava"; left, second door'},
        latitude="44.821",
        longitude="-20.4",
    )
    return RoomFactory(venue=venue, name={"en": "Hall"})


def make(organisation, hall, zone="Europe/Belgrade", start=None, end=None):
    """Make a published conference with three sessions, one after another."""
    start = dt.datetime.fromisoformat(start or "2027-03-18T10:00")
    end = dt.datetime.fromisoformat(end or "2027-03-18T13:30")
    conference = ConferenceFactory(
        organisation=organisation,
        slug="forum",
        title={"en": TITLE},
        subtitle={"en": "A line, and; another\\one"},
        time_zone=zone,
        start_local=start,
        end_local=end,
        contact_email="desk@example.org",
    )
    ConferenceVenueFactory(conference=conference, venue=hall.venue)
    track = TrackFactory(conference=conference, name={"en": "Rivers, lakes; seas"})
    person = PersonFactory(
        organisation=organisation, code="MILA22", given_name="Mila", family_name="Marić"
    )
    opens, closes = resolve_local(start, zone), resolve_local(end, zone)
    times = [to_local(opens + number * (closes - opens) / 3, zone) for number in range(4)]
    for number, code in enumerate(("FIRST2", "SECND2", "THIRD2")):
        session = SessionFactory(
            conference=conference,
            code=code,
            title={"en": f"{code}: {TITLE}"},
            abstract={"en": "First line.\n\n* a, b; c\\d\n* [a link](https://x.example)"},
            track=track,
            start_local=times[number],
            end_local=times[number + 1],
            room=hall,
        )
        ParticipationFactory(session=session, person=person)
    publish_schedule(conference=conference, name="First", actor=SYSTEM)
    conference.refresh_from_db()
    return conference


def feeds(hall):
    return {
        "conference": f"{PAGE}calendar.ics",
        "session": f"{PAGE}sessions/FIRST2/calendar.ics",
        "room": f"{PAGE}rooms/{hall.code}/calendar.ics",
        "person": f"{PAGE}speakers/MILA22/calendar.ics",
        "host": "/institute/calendar.ics",
    }


def load(path):
    cache.clear()
    forget()
    response = Client().get(path)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return response.content


def by_icalendar(raw):
    whole = icalendar.Calendar.from_ical(raw)
    return str(whole["METHOD"]), {
        str(entry["UID"]): (
            entry.start.astimezone(dt.UTC),
            entry.end.astimezone(dt.UTC),
            int(entry["SEQUENCE"]),
            str(entry["STATUS"]),
            str(entry["SUMMARY"]),
            str(entry.get("LOCATION", "")),
            str(entry.get("DESCRIPTION", "")),
            str(entry.get("URL", "")),
        )
        for entry in whole.events
    }


def by_ical(raw):
    whole = ical.calendar_stream.IcsCalendarStream.calendar_from_ics(raw.decode())
    return whole.method, {
        entry.uid: (
            entry.dtstart.astimezone(dt.UTC),
            entry.dtend.astimezone(dt.UTC),
            entry.sequence,
            entry.status.value,
            entry.summary,
            entry.location or "",
            entry.description or "",
            str(entry.url or ""),
        )
        for entry in whole.events
    }


def by_vobject(raw):
    (whole,) = vobject.readComponents(io.StringIO(raw.decode(), newline=""))
    whole.validate(raiseException=True)

    def value(entry, name):
        return getattr(entry, name).value if hasattr(entry, name) else ""

    return whole.method.value, {
        entry.uid.value: (
            entry.dtstart.value.astimezone(dt.UTC),
            entry.dtend.value.astimezone(dt.UTC),
            int(entry.sequence.value),
            entry.status.value,
            entry.summary.value,
            *(value(entry, name) for name in ("location", "description", "url")),
        )
        for entry in getattr(whole, "vevent_list", [])
    }


READERS = (by_icalendar, by_ical, by_vobject)


def understood(raw):
    """Return what all readers find alike in a calendar that breaks no rule."""
    first, *others = [reader(raw) for reader in READERS]
    assert others == [first] * len(others)
    assert complaints(raw) == []
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    assert [line.decode() for line in raw.split(b"\r\n")]  # no character is cut in two
    assert b"\n" not in raw.replace(b"\r\n", b"")
    method, entries = first
    assert method == "PUBLISH"
    return entries


@each_time
def test_everybody_reads_the_same_entries(organisation, hall, zone, start, end):
    conference = make(organisation, hall, zone, start, end)
    found = {name: understood(load(path)) for name, path in feeds(hall).items()}
    sessions = {str(row.uid): (row.starts_at, row.ends_at) for row in conference.sessions.all()}
    whole = {str(conference.uid): (conference.starts_at, conference.ends_at)}
    times = {
        name: {uid: entry[:2] for uid, entry in entries.items()} for name, entries in found.items()
    }
    assert times == {
        "conference": whole | sessions,
        "session": dict(list(sessions.items())[:1]),
        "room": sessions,
        "person": sessions,
        "host": whole,
    }


def test_letters_commas_and_long_lines_come_through(organisation, hall):
    conference = make(organisation, hall)
    uid = str(conference.sessions.get(code="FIRST2").uid)
    assert understood(load(feeds(hall)["session"]))[uid][4:] == (
        f"FIRST2: {TITLE}",
        'Hall, House "Sava"; left, second door, Knez Mihailova 1, Belgrade',
        (
            "Panellist: Mila Marić, Researcher, Institute for Testing\n\n"
            "First line. a, b; c\\d a link\n\n"
            "http://testserver/institute/forum/sessions/FIRST2/"
        ),
        "http://testserver/institute/forum/sessions/FIRST2/",
    )


def test_what_left_and_what_is_cancelled_is_read_as_cancelled(organisation, hall):
    conference = make(organisation, hall)
    first, second, third = conference.sessions.order_by("starts_at")
    before = understood(load(feeds(hall)["conference"]))
    cancel_session(session=first, expected=None, actor=SYSTEM)
    unschedule_session(session=second, expected=None, actor=SYSTEM)
    change_participation(
        participation=third.participations.get(),
        changes={"state": "declined"},
        expected=None,
        actor=SYSTEM,
    )
    publish_schedule(conference=conference, name="Second", actor=SYSTEM)
    found = {name: understood(load(path)) for name, path in feeds(hall).items()}
    off, on = "CANCELLED", "CONFIRMED"
    assert {name: [entry[3] for entry in entries.values()] for name, entries in found.items()} == {
        "conference": [on, off, on, off],
        "session": [off],
        "room": [off, on, off],
        "person": [off, off, off],
        "host": [on],
    }
    for uid in (str(first.uid), str(second.uid)):
        assert found["conference"][uid][:2] == before[uid][:2]
        assert found["conference"][uid][2] > before[uid][2]
    cancel_conference(conference=conference, expected=None, actor=SYSTEM)
    for path in feeds(hall).values():
        assert {entry[3] for entry in understood(load(path)).values()} == {off}


@pytest.mark.parametrize("zone", ["Europe/Belgrade", "UTC"])
def test_an_empty_calendar_is_one(organisation, zone):
    organisation.time_zone = zone
    organisation.save()
    assert understood(load("/institute/calendar.ics")) == {}


@pytest.mark.parametrize(
    ("former", "broken"),
    [
        (b"\r\nORGANIZER;", b"\r\nX-ORGANIZER;"),
        (b"\r\nUID:", b"\r\nX-UID:"),
        (b"\r\nDTSTAMP:", b"\r\nX-DTSTAMP:"),
        (b"METHOD:PUBLISH", b"METHOD:REQUEST"),
    ],
)
def test_a_broken_one_would_be_refused(organisation, hall, former, broken):
    make(organisation, hall)
    raw = load(feeds(hall)["conference"])
    head, begin, rest = raw.partition(b"BEGIN:VEVENT")
    if former in rest:
        raw = head + begin + rest.replace(former, broken)
    else:
        raw = head.replace(former, broken) + begin + rest
    assert complaints(raw) != []

"""Calendar entries, read by programs that others wrote: all of them see what we meant to say."""

from __future__ import annotations

import datetime as dt
import io

import ical.calendar_stream
import icalendar
import pytest
import vobject
from django.core.cache import cache
from django.test import Client

from core.clock import resolve_local
from notifications.services.mail_facts import forget
from registrations.services.invitation_links import invitation_path
from tests.conformance.libical import complaints
from tests.notifications.mailbag import SORTS, Mailbag

pytestmark = [pytest.mark.conformance, pytest.mark.django_db]
# Days of a clock change, nights over one, a zone whose summer is half an hour, and one without.
TIMES = [
    ("Europe/Belgrade", "2027-03-18T10:00", "2027-03-18T13:30"),
    ("Europe/Belgrade", "2027-03-28T10:00", "2027-03-28T13:30"),
    ("Europe/Belgrade", "2027-03-28T01:30", "2027-03-28T04:30"),
    ("Europe/Belgrade", "2027-10-31T10:00", "2027-10-31T13:30"),
    ("Europe/Belgrade", "2027-10-30T22:00", "2027-10-31T05:00"),
    ("America/New_York", "2027-03-14T10:00", "2027-03-14T13:30"),
    ("America/New_York", "2027-11-06T22:00", "2027-11-07T05:00"),
    ("Australia/Lord_Howe", "2027-04-04T10:00", "2027-04-04T13:30"),
    ("Australia/Lord_Howe", "2027-10-02T22:00", "2027-10-03T05:00"),
    ("Asia/Kolkata", "2027-03-18T10:00", "2027-03-19T13:30"),
    ("UTC", "2027-03-18T10:00", "2027-03-18T13:30"),
]
METHODS = {
    "confirmation": "PUBLISH",
    "changed_time": "PUBLISH",
    "new_date": "PUBLISH",
    "cancellation": "CANCEL",
    "conference_cancelled": "CANCEL",
}
each_method = pytest.mark.parametrize("template", METHODS)
each_time = pytest.mark.parametrize(("zone", "start", "end"), TIMES)


@pytest.fixture(autouse=True)
def _months_before(frozen):
    frozen("2026-12-01T09:00")
    cache.clear()


@pytest.fixture
def bag():
    return Mailbag()


def schedule(bag, zone, start, end):
    """Put the conference to a time; return its first and its last instant."""
    conference = bag.room.conference
    conference.time_zone = zone
    conference.start_local = dt.datetime.fromisoformat(start)
    conference.end_local = dt.datetime.fromisoformat(end)
    conference.doors_local = conference.doors_at = None
    conference.starts_at = resolve_local(conference.start_local, zone)
    conference.ends_at = resolve_local(conference.end_local, zone)
    conference.version += 1
    conference.save()
    forget()
    return conference.starts_at, conference.ends_at


def by_icalendar(raw):
    whole = icalendar.Calendar.from_ical(raw)
    (entry,) = whole.events
    return {
        "method": str(whole["METHOD"]),
        "uid": str(entry["UID"]),
        "start": entry.start.astimezone(dt.UTC),
        "end": entry.end.astimezone(dt.UTC),
        "sequence": int(entry["SEQUENCE"]),
        "status": str(entry["STATUS"]),
        "summary": str(entry["SUMMARY"]),
        "location": str(entry["LOCATION"]),
    }


def by_ical(raw):
    whole = ical.calendar_stream.IcsCalendarStream.calendar_from_ics(raw.decode())
    (entry,) = whole.events
    return {
        "method": whole.method,
        "uid": entry.uid,
        "start": entry.dtstart.astimezone(dt.UTC),
        "end": entry.dtend.astimezone(dt.UTC),
        "sequence": entry.sequence,
        "status": entry.status.value,
        "summary": entry.summary,
        "location": entry.location,
    }


def by_vobject(raw):
    (whole,) = vobject.readComponents(io.StringIO(raw.decode(), newline=""))
    whole.validate(raiseException=True)
    entry = whole.vevent
    return {
        "method": whole.method.value,
        "uid": entry.uid.value,
        "start": entry.dtstart.value.astimezone(dt.UTC),
        "end": entry.dtend.value.astimezone(dt.UTC),
        "sequence": int(entry.sequence.value),
        "status": entry.status.value,
        "summary": entry.summary.value,
        "location": entry.location.value,
    }


READERS = (by_icalendar, by_ical, by_vobject)


def assert_understood(raw, said):
    """Assert that all readers find this in an entry, and that it breaks no rule of its method."""
    assert [reader(raw) for reader in READERS] == [said] * len(READERS)
    assert complaints(raw) == []
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    assert [line.decode() for line in raw.split(b"\r\n")]  # no character is cut in two


@each_method
@each_time
def test_everybody_reads_the_same_entry(bag, template, zone, start, end):
    starts_at, ends_at = schedule(bag, zone, start, end)
    sequence = 0 if template == "confirmation" else 3
    bag.room.registration.sequence = sequence

    raw = bag.post(SORTS[template], "en").calendar()

    assert_understood(
        raw,
        {
            "method": METHODS[template],
            "uid": str(bag.room.registration.uid),
            "start": starts_at,
            "end": ends_at,
            "sequence": sequence,
            "status": "CANCELLED" if METHODS[template] == "CANCEL" else "CONFIRMED",
            "summary": "Rivers and borders",
            "location": "Old Post Office, Knez Mihailova 1, 11000 Belgrade",
        },
    )


@each_method
@pytest.mark.parametrize("language", ["sr-Latn", "sr-Cyrl", "ru"])
def test_letters_commas_and_long_lines_come_through(bag, template, language):
    title = "Чија је река; „или“, како се каже\\: ćirilica и латиница на истој дугој обали Дунава"
    bag.room.conference.title = dict.fromkeys(bag.room.conference.languages, title)
    schedule(bag, "Europe/Belgrade", "2027-03-18T10:00", "2027-03-18T13:30")

    raw = bag.post(SORTS[template], language).calendar()

    assert {reader(raw)["summary"] for reader in READERS} == {title}
    assert_understood(raw, by_icalendar(raw))


@each_time
def test_the_file_of_the_answer_page_is_read_alike(bag, zone, start, end):
    starts_at, ends_at = schedule(bag, zone, start, end)
    invitation, path = bag.room.invitation, invitation_path(bag.room.invitation)
    bag.room.registration.delete()  # the same person, who would be here already
    guest = Client()
    guest.post(path, {"answer": "attend", "version": invitation.version})
    invitation.refresh_from_db()

    file = guest.get(f"{path}event.ics")

    assert file["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert_understood(
        file.content,
        {
            "method": "PUBLISH",
            "uid": str(invitation.registration.uid),
            "start": starts_at,
            "end": ends_at,
            "sequence": invitation.registration.sequence,
            "status": "CONFIRMED",
            "summary": "Rivers and borders",
            "location": "Old Post Office, Knez Mihailova 1, 11000 Belgrade",
        },
    )


@pytest.mark.parametrize(
    ("former", "broken"),
    [
        (b"METHOD:PUBLISH", b"METHOD:REQUEST"),  # asks nobody
        (b"ORGANIZER;", b"X-ORGANIZER;"),
        (b"UID:", b"X-UID:"),
        (b"SUMMARY:", b"X-SUMMARY:"),
        (b"DTSTART;", b"X-DTSTART;"),
        (b"STATUS:CONFIRMED", b"STATUS:CANCELLED\r\nATTENDEE:mailto:ana@example.org"),
    ],
)
def test_a_broken_entry_would_be_refused(bag, former, broken):
    raw = bag.post(SORTS["confirmation"], "en").calendar()
    assert former in raw
    if former == b"DTSTART;":  # the zone's rules have some, too
        raw = raw.replace(former + b"TZID", broken + b"TZID")
    else:
        raw = raw.replace(former, broken)

    assert complaints(raw) != []

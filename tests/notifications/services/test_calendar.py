"""The calendar entry: RFC 5545, RFC 5546, across changes of the clock."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from core.zone_rules import zone_rules
from notifications.services.rendering import render

pytestmark = pytest.mark.django_db


def entry_of(room, template, **columns):
    raw = render(room.message(template, **columns)).attachments[-1].content
    whole = Calendar.from_ical(raw)
    return whole, whole.events[0]


def test_a_confirmation_publishes_the_conference(room, time_machine):
    time_machine.move_to(dt.datetime(2026, 12, 1, 9, 0, 30, tzinfo=dt.UTC), tick=False)
    raw = render(room.message("confirmation")).attachments[1].content.decode()
    head, rest = raw.split("BEGIN:VTIMEZONE\r\n")
    assert head == (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Lectern//Lectern//EN\r\n"
        "CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n"
    )
    link = f"http://testserver/r/{room.registration.code}/"
    assert rest.split("END:VTIMEZONE\r\n")[1].replace("\r\n ", "").split(link)[0] == (
        "BEGIN:VEVENT\r\n"
        "SUMMARY:Rivers and borders\r\n"
        "DTSTART;TZID=Europe/Belgrade:20270318T100000\r\n"
        "DTEND;TZID=Europe/Belgrade:20270318T133000\r\n"
        "DTSTAMP:20261201T090030Z\r\n"
        f"UID:{room.registration.uid}\r\n"
        "SEQUENCE:0\r\n"
        "DESCRIPTION:Through the yard\\n"
    )
    assert rest.replace("\r\n ", "").endswith(
        "LOCATION:Old Post Office\\, Knez Mihailova 1\\, 11000 Belgrade\r\n"
        'ORGANIZER;CN="Institute for Testing":mailto:desk@example.org\r\n'
        "STATUS:CONFIRMED\r\n"
        "URL:http://testserver/institute/forum/\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def test_a_new_time_has_the_same_uid_and_a_higher_sequence(room):
    _, first = entry_of(room, "confirmation")
    room.registration.sequence += 1
    room.conference.start_local += dt.timedelta(days=7)
    room.conference.end_local += dt.timedelta(days=7)
    room.conference.version += 1
    whole, second = entry_of(room, "changed_time")
    assert second["UID"] == first["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)
    assert second.start == dt.datetime(2027, 3, 25, 10, 0, tzinfo=ZoneInfo("Europe/Belgrade"))
    assert whole["METHOD"] == "PUBLISH"


@pytest.mark.parametrize("template", ["cancellation", "conference_cancelled"])
def test_a_cancellation_takes_the_same_entry_out(room, template):
    _, first = entry_of(room, "confirmation")
    whole, entry = entry_of(room, template, sequence=4)
    assert whole["METHOD"] == "CANCEL"
    assert entry["UID"] == first["UID"]
    assert entry["STATUS"] == "CANCELLED"
    assert entry["SEQUENCE"] == 4
    assert set(entry) == {
        *("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY"),
        *("ORGANIZER", "LOCATION", "STATUS"),
    }


@pytest.mark.parametrize("template", ["confirmation", "cancellation"])
def test_nobody_is_named_as_attendee_and_nothing_rings(room, template):
    whole, entry = entry_of(room, template)
    assert "ATTENDEE" not in entry
    assert [part.name for part in whole.walk() if part.name == "VALARM"] == []


def test_without_a_contact_the_sender_is_the_organiser(room, settings):
    room.conference.organisation.contact_email = ""
    _, entry = entry_of(room, "confirmation")
    assert entry["ORGANIZER"] == f"mailto:{settings.DEFAULT_FROM_EMAIL}"


def test_utc_needs_no_rules_and_floats_nowhere(room):
    room.conference.time_zone = "UTC"
    raw = render(room.message("confirmation")).attachments[1].content
    assert b"VTIMEZONE" not in raw
    assert b"DTSTART:20270318T100000Z" in raw


ZONES = ["Europe/Belgrade", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Gaza"]


@pytest.mark.parametrize("zone", ZONES)
def test_the_rules_of_a_zone_say_the_offset_of_every_hour(zone):
    """Reads the rules as RFC 5545 says: the last onset before a local time decides."""
    rules = zone_rules(zone, 2027).decode().replace("\r\n ", "")
    onsets = []
    for part in rules.split("BEGIN:")[2:]:
        fields = dict(row.split(":", 1) for row in part.split("\r\n") if ":" in row)
        start = dt.datetime.strptime(fields["DTSTART"], "%Y%m%dT%H%M%S").replace(tzinfo=dt.UTC)

        def offset(text):
            sign = -1 if text[0] == "-" else 1
            return sign * dt.timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))

        onsets.append((start - offset(fields["TZOFFSETFROM"]), offset(fields["TZOFFSETTO"])))
    assert len(onsets) == len({at for at, _ in onsets})
    moment = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    while moment.year < 2028:
        expected = moment.astimezone(ZoneInfo(zone)).utcoffset()
        said = max(pair for pair in onsets if pair[0] <= moment)[1]
        assert said == expected, moment
        moment += dt.timedelta(minutes=30)


def test_the_night_of_the_clock_change_starts_in_the_old_offset():
    rules = zone_rules("Europe/Belgrade", 2027).decode()
    assert (
        "BEGIN:DAYLIGHT\r\nDTSTART:20270328T020000\r\nTZNAME:CEST\r\n"
        "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\n"
    ) in rules
    assert (
        "BEGIN:STANDARD\r\nDTSTART:20271031T030000\r\nTZNAME:CET\r\n"
        "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n"
    ) in rules
    assert "COMMENT" not in rules


@pytest.mark.parametrize("day", ["2027-03-28", "2027-10-31"])
def test_an_entry_on_the_day_of_a_clock_change_keeps_its_wall_clock_time(room, day):
    room.conference.start_local = dt.datetime.fromisoformat(f"{day}T10:00")
    room.conference.end_local = dt.datetime.fromisoformat(f"{day}T13:00")
    room.conference.version += 1
    _, entry = entry_of(room, "confirmation")
    assert entry.start.isoformat()[:16] == f"{day}T10:00"
    assert entry.start == room.conference.start_local.replace(tzinfo=ZoneInfo("Europe/Belgrade"))

"""A registration as an entry in the reader's calendar (RFC 5545, RFC 5546).

Without a mailbox that is read there are no buttons to answer with: METHOD is PUBLISH, or CANCEL for
what is no more. The UID is the registration's and stays for its whole life.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from icalendar import Event, vCalAddress

from core.calendars import Zone, calendar_object, organiser
from events.models import Conference, Participation
from events.programme import SessionView
from events.services.calendar_entries import sequence_of
from registrations.models import Registration


def _rows(text: str) -> list[str]:
    return [row.strip() for row in text.splitlines()]


def _organiser(facts: Mapping[str, str]) -> vCalAddress:
    return organiser(facts["contact_email"] or settings.DEFAULT_FROM_EMAIL, facts["organisation"])


def session_entry(
    row: Participation, session: SessionView, *, facts: Mapping[str, str], method: str = "PUBLISH"
) -> bytes:
    """Return a calendar object with the session that somebody speaks in.

    The UID is the session's, so that a later version of it replaces the entry.

    Arguments:
        session: with a time (services.asked_sessions).
        facts: the mail's own values: title, session, place, links.
        method: ``PUBLISH``, or ``CANCEL`` to take it out of the calendar.
    """
    conference = row.session.conference
    zone = ZoneInfo(conference.time_zone)
    start, end = session.start_local, session.end_local
    if start is None or end is None:
        raise ValueError("A session without a time has no calendar entry.")
    entry = Event()
    entry.add("uid", session.uid)
    entry.add("dtstamp", timezone.now().astimezone(dt.UTC))
    entry.add("dtstart", start.replace(tzinfo=zone))
    entry.add("dtend", end.replace(tzinfo=zone))
    entry.add("sequence", sequence_of(conference, row.session.version))
    entry.add("summary", f"{facts['session']}, {facts['title']}")
    entry.add("organizer", _organiser(facts))
    if facts["place"]:
        entry.add("location", ", ".join(_rows(facts["place"])))
    entry.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    entry.add("description", "\n".join([*_rows(facts["role"]), *_rows(facts["entrance"])]))
    return _whole(entry, method, conference.time_zone, start.year)


def calendar_entry(
    *,
    method: str,
    conference: Conference,
    registration: Registration,
    sequence: int,
    facts: Mapping[str, str],
) -> bytes:
    """Return a whole calendar object with one entry.

    Arguments:
        method: ``PUBLISH``, or ``CANCEL`` to take the entry out of the calendar.
        sequence: higher than that of every entry sent before for this registration that differs.
        facts: the mail's own values: title, place, links.
    """
    zone = ZoneInfo(conference.time_zone)
    start, end = conference.start_local, conference.end_local
    if start is None or end is None:
        raise ValueError("A conference without a time has no calendar entry.")
    entry = Event()
    entry.add("uid", str(registration.uid))
    entry.add("dtstamp", timezone.now().astimezone(dt.UTC))
    entry.add("dtstart", start.replace(tzinfo=zone))
    entry.add("dtend", end.replace(tzinfo=zone))
    entry.add("sequence", sequence)
    entry.add("summary", facts["title"])
    entry.add("organizer", _organiser(facts))
    if facts["place"]:
        entry.add("location", ", ".join(_rows(facts["place"])))
    entry.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    if method != "CANCEL":
        description = [*_rows(facts["entrance"]), *_rows(facts["manage_url"])]
        entry.add("description", "\n".join(description))
        entry.add("url", facts["conference_url"])
    return _whole(entry, method, conference.time_zone, start.year)


def _whole(entry: Event, method: str, zone: str, year: int) -> bytes:
    """Return the object around an entry."""
    return calendar_object([entry], method=method, zones=[Zone(zone, year, year)])

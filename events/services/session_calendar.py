"""A session as an entry in the calendar of who speaks on it (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone
from icalendar import Calendar, Event

from core.links import absolute_url
from core.text import clean_line
from core.zone_rules import zone_rules
from events.languages import Reader
from events.models import Participation
from events.services.briefings import slot_of
from events.services.speaker_links import speaker_path

_PRODID: Final = "-//Lectern//Lectern//EN"


def session_entry(participation: Participation, reader: Reader) -> bytes | None:
    """Return the entry of the session as it is published, else as it stands; None without a time.

    The UID is the session's: an entry that is fetched again takes the place of the former one.
    """
    session = participation.session
    conference = session.conference
    slot = slot_of(session)
    if slot.start is None or slot.end is None:
        return None
    zone = ZoneInfo(conference.time_zone)
    venue = session.room.venue if session.room else None
    place = [reader.text(slot.room)]
    if venue is not None:
        place += [reader.text(venue.name), venue.street, venue.city]
    entry = Event()
    entry.add("uid", str(session.uid))
    entry.add("dtstamp", timezone.now().astimezone(dt.UTC))
    entry.add("dtstart", slot.start.replace(tzinfo=zone))
    entry.add("dtend", slot.end.replace(tzinfo=zone))
    entry.add("sequence", session.version)
    entry.add("summary", clean_line(reader.text(slot.title)))
    entry.add("description", clean_line(reader.text(conference.title)))
    if where := ", ".join(clean_line(part) for part in place if part):
        entry.add("location", where)
    entry.add("url", absolute_url(f"{speaker_path(participation)}briefing/"))
    head = Calendar()
    head.add("version", "2.0")
    head.add("prodid", _PRODID)
    head.add("calscale", "GREGORIAN")
    head.add("method", "PUBLISH")
    opening, closing = head.to_ical().split(b"END:VCALENDAR")
    is_utc = conference.time_zone == "UTC"
    rules = b"" if is_utc else zone_rules(conference.time_zone, slot.start.year)
    whole: bytes = opening + rules + entry.to_ical() + b"END:VCALENDAR" + closing
    return whole

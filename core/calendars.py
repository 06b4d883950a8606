"""Calendar objects as RFC 5545 and RFC 7986 want them, around entries of any kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final

from icalendar import Calendar, Event, vCalAddress, vText

from core.zone_rules import zone_rules

PRODID: Final = "-//Lectern//Lectern//EN"
MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
# How long a reader may wait before it asks again; RFC 7986 makes it the least, Outlook obeys it.
ASK_AGAIN: Final = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone, and from which to which year something is planned in it."""

    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Head:
    """What a calendar that one subscribes to says of itself (RFC 7986).

    Arguments:
        page: the absolute address of what it is about, for people.
        source: its own absolute address.
    """

    uid: str
    name: str
    page: str
    source: str
    changed_at: dt.datetime
    zone: str
    description: str = ""


def organiser(address: str, name: str) -> vCalAddress:
    """Return who organises, as a property of an entry."""
    found = vCalAddress(f"mailto:{parseaddr(address)[1] or address}")
    # RFC 5545 knows no escapes in parameters; readers take a backslash before the colon for one.
    found.params["CN"] = vText(name.replace('"', "'").replace("\\", "/"))
    return found


def zones_of(moments: Iterable[tuple[str, dt.datetime]]) -> list[Zone]:
    """Return the zones of these moments, each with the years in which something is planned."""
    years: dict[str, list[int]] = {}
    for zone, moment in moments:
        years.setdefault(zone, []).append(moment.year)
    return [Zone(name, min(found), max(found)) for name, found in years.items()]


def calendar_object(
    entries: Iterable[Event], *, method: str, zones: Iterable[Zone], head: Head | None = None
) -> bytes:
    """Return a whole calendar object.

    The rules of zones are made once for everybody; UTC needs none, unless nothing else is in it: an
    object without any part is none (RFC 5545, section 3.6).
    """
    whole = Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", PRODID)
    whole.add("calscale", "GREGORIAN")
    whole.add("method", method)
    if head is not None:
        _describe(whole, head)
    opening, closing = whole.to_ical().split(b"END:VCALENDAR")
    body = [entry.to_ical() for entry in entries]
    rules = [
        zone_rules(zone.name, zone.first, zone.last)
        for zone in zones
        if zone.name != "UTC" or not body
    ]
    return b"".join([opening, *rules, *body, b"END:VCALENDAR", closing])


def _describe(whole: Calendar, head: Head) -> None:
    texts: Mapping[str, str] = {
        "uid": head.uid,
        "name": head.name,
        "x-wr-calname": head.name,
        "x-wr-timezone": head.zone,
    }
    for name, text in texts.items():
        whole.add(name, text)
    if head.description:
        whole.add("description", head.description)
        whole.add("x-wr-caldesc", head.description)
    whole.add("url", head.page)
    whole.add("source", head.source, parameters={"VALUE": "URI"})
    whole.add("last-modified", head.changed_at.astimezone(dt.UTC))
    whole.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", "PT1H")

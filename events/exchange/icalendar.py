"""iCalendar (RFC 5545) as a programme: an entry is a session, its place a room.

Zones are those that the file names, by whatever name: IANA's, Windows', a path that ends in one of
IANA's. A zone without a VTIMEZONE is looked up all the same; one that nobody knows is taken for the
conference's and said.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from core.clock import zone_names
from core.errors import DomainError
from events.exchange.building import Builder
from events.exchange.content_lines import Component, Property, read_calendars
from events.exchange.found import Item, Someone
from events.exchange.instants import length_of
from events.exchange.limits import MOST_SESSIONS
from events.incoming import IncomingProgramme, ReadingOptions

_MOST_WRONG: Final = 50
# Of which some may stand for others that were there before.
_MOST_ENTRIES: Final = 2 * MOST_SESSIONS
_MOMENT: Final = re.compile(r"(\d{8})T(\d{4})(?:\d{2})?(Z?)", re.ASCII)
_OFFSET: Final = re.compile(r"([+-])(\d{2})(\d{2})(?:\d{2})?", re.ASCII)
_SHARED: Final = re.compile(r".*@([\w.-]{1,100})")
_HUMAN: Final = "INDIVIDUAL"
_SPEAKING: Final = frozenset({"SPEAKER", "MODERATOR", "PANELIST", "PERFORMER", ""})
_INVITING: Final = frozenset({"REQUEST", "REPLY", "COUNTER", "ADD", "REFRESH", "DECLINECOUNTER"})


def read(content: bytes, options: ReadingOptions) -> IncomingProgramme:
    """Read a calendar.

    Raises:
        DomainError: ``validation-failed`` or ``too-large``.
    """
    root, wrong = read_calendars(content)
    builder = Builder(options)
    for line in wrong[:_MOST_WRONG]:
        builder.mark("broken", "This line can not be read; it was left out.", line=line)
    if len(wrong) > _MOST_WRONG:
        builder.mark("broken", f"{len(wrong) - _MOST_WRONG:,} more lines can not be read.")
    calendars = list(root.inner("VCALENDAR"))
    entries = [(one, calendar) for calendar in calendars for one in calendar.inner("VEVENT")]
    if len(entries) > _MOST_ENTRIES:
        raise DomainError("too-large", f"A calendar may have {_MOST_ENTRIES:,} entries.")
    builder.title = builder.plain(_first(calendars, "NAME") or _first(calendars, "X-WR-CALNAME"))
    builder.source = _first(calendars, "UID") or builder.title or _shared_host(entries)
    builder.clock.written(_first(calendars, "X-WR-TIMEZONE"))
    zones = _Zones(builder, calendars)
    for entry, calendar in _newest(entries):
        _entry(builder, entry, calendar.text("METHOD").upper(), zones)
    return builder.programme()


def _first(calendars: list[Component], name: str) -> str:
    return next(filter(None, (calendar.text(name) for calendar in calendars)), "")


def _shared_host(entries: list[tuple[Component, Component]]) -> str:
    """Return what stands after the @ of all identifiers, where it is the same."""
    matches = [_SHARED.fullmatch(entry.text("UID")[:300]) for entry, _calendar in entries]
    hosts = {match[1] if match else "" for match in matches}
    return hosts.pop() if len(hosts) == 1 else ""


def _key(entry: Component) -> str:
    again = entry.text("RECURRENCE-ID")
    return entry.text("UID") + (f"/{again}" if again else "")


def _newest(entries: list[tuple[Component, Component]]) -> list[tuple[Component, Component]]:
    """Leave out what a higher SEQUENCE of the same identifier replaces."""
    newest: dict[str, int] = {}
    for entry, _calendar in entries:
        newest[_key(entry)] = max(_sequence(entry), newest.get(_key(entry), 0))
    return [
        (entry, calendar)
        for entry, calendar in entries
        if not _key(entry) or _sequence(entry) == newest[_key(entry)]
    ]


def _sequence(entry: Component) -> int:
    text = entry.text("SEQUENCE")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - 32 bits


class _Zones:
    """What the zones of a file are here."""

    def __init__(self, builder: Builder, calendars: list[Component]) -> None:
        self._builder = builder
        self._own = {
            zone.text("TZID"): zone for one in calendars for zone in one.inner("VTIMEZONE")
        }
        self._known: dict[str, dt.tzinfo | None] = {}

    def get(self, name: str, line: int) -> dt.tzinfo | None:
        """Return the zone of a TZID, or None for one that nobody knows."""
        if name not in self._known:
            self._known[name] = self._find(name)
            if self._known[name] is None:
                self._builder.mark(
                    "unsure", f"Nobody knows the time zone “{name[:60]}”; its times were taken for "
                    f"those of {self._builder.clock.zone}.", about="time", line=line,
                )  # fmt: skip
        return self._known[name]

    def _find(self, name: str) -> dt.tzinfo | None:
        block = self._own.get(name)
        location = block.text("X-LIC-LOCATION") if block else ""
        for candidate in (name, location, *_endings(name)):
            plain = WINDOWS_TO_OLSON.get(candidate, candidate)
            if plain in zone_names():
                return ZoneInfo(plain)
        return _fixed(block) if block else None


def _endings(name: str) -> list[str]:
    """Return what a path such as /citadel.org/20210210_1/Europe/Belgrade may end in."""
    parts = name[:200].split("/")
    return ["/".join(parts[-length:]) for length in (3, 2) if len(parts) >= length]


def _fixed(block: Component) -> dt.tzinfo | None:
    """Return the offset of a zone that has only one."""
    offsets = {one.text("TZOFFSETTO") for one in block.components}
    match = _OFFSET.fullmatch(offsets.pop()) if len(offsets) == 1 else None
    if not match or int(match[2]) > 23:  # noqa: PLR2004 - hours of a day
        return None
    shift = dt.timedelta(hours=int(match[2]), minutes=int(match[3]))
    return dt.timezone(shift if match[1] == "+" else -shift)


def _moment(builder: Builder, one: Property | None, zones: _Zones) -> dt.datetime | None:
    match = _MOMENT.fullmatch(one.value.strip()[:20]) if one else None
    if not match or one is None:
        return None
    try:
        wall = dt.datetime.strptime(match[1] + match[2], "%Y%m%d%H%M")  # noqa: DTZ007 - its zone follows
    except ValueError:
        return None
    if match[3]:
        return builder.clock.local(wall.replace(tzinfo=dt.UTC), quietly=True)
    zone = one.parameters.get("TZID", "")
    if not zone:
        return builder.clock.local(wall)
    known = zones.get(zone, one.line)
    return builder.clock.local(wall.replace(tzinfo=known), quietly=known is None)


def _entry(builder: Builder, entry: Component, method: str, zones: _Zones) -> None:
    title = entry.text("SUMMARY")
    begins = entry.first("DTSTART")
    start = _moment(builder, begins, zones)
    end = _moment(builder, entry.first("DTEND"), zones)
    length = length_of(entry.text("DURATION"))
    if start and end is None and length:
        end = start + length
    if next(entry.all("RRULE", "RDATE"), None):
        builder.mark(
            "unsure", f"“{title[:80]}” repeats; only the first date comes in.", about="time",
            line=entry.line,
        )  # fmt: skip
    categories = [
        name.strip() for one in entry.all("CATEGORIES") for name in one.text.split(",") if name
    ]
    status = entry.text("STATUS").upper()
    place = entry.text("LOCATION").split("\n")[0]
    builder.add(
        Item(
            ref=_key(entry),
            title=title,
            type=" ".join(categories),
            description=entry.text("DESCRIPTION"),
            start=start,
            end=end,
            room=builder.room(place),
            track=builder.track(categories[0] if categories else ""),
            speakers=_speakers(builder, entry, method),
            links=[(one.parameters.get("FILENAME", ""), one.value) for one in entry.all("ATTACH")],
            cancelled=status == "CANCELLED" or method == "CANCEL",
            confirmed=status != "TENTATIVE",
            line=entry.line,
        )
    )


def _speakers(builder: Builder, entry: Component, method: str) -> list[tuple[str, str]]:
    """Return who speaks: participants of RFC 9073, and attendees of what is no invitation."""
    found = [_participant(builder, one) for one in entry.inner("PARTICIPANT")]
    if method not in _INVITING:
        found += [_attendee(builder, one) for one in entry.all("ATTENDEE")]
    return [pair for pair in found if pair[0]]


def _participant(builder: Builder, one: Component) -> tuple[str, str]:
    kind = one.text("PARTICIPANT-TYPE").upper()
    if kind not in _SPEAKING:
        return "", ""
    address = one.first("CALENDAR-ADDRESS")
    name = one.text("SUMMARY") or (address.parameters.get("CN", "") if address else "")
    someone = Someone(one.text("UID"), name, bio=one.text("DESCRIPTION"), line=one.line)
    return builder.person(someone, kind)


def _attendee(builder: Builder, one: Property) -> tuple[str, str]:
    name = one.parameters.get("CN", "")
    if not name or "@" in name or one.parameters.get("CUTYPE", _HUMAN).upper() != _HUMAN:
        builder.count("attendees without a name, and rooms among them")
        return "", ""
    builder.once("unsure", "Attendees of entries were taken for those who speak.", about="role")
    address = one.value.partition(":")[2] if one.value.lower().startswith("mailto:") else ""
    role = "moderator" if one.parameters.get("ROLE", "").upper() == "CHAIR" else ""
    someone = Someone(address.strip().lower(), name, email=address, line=one.line)
    return builder.person(someone, role)

"""Sessions outside the hours of the conference or of their room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from core.clock import resolve_local, to_local
from events.conflicts.facts import LOOSE_KINDS, AnySession, Conflict, Facts, Place, conflict_of
from events.conflicts.sweep import lies_within
from events.conflicts.words import moment_of, room, timed

KINDS = ("conference_hours", "room_hours")


def find(facts: Facts) -> Iterator[Conflict]:
    """Yield each session that is outside the hours."""
    for one in facts.sessions:
        yield from find_for(one, facts)


def find_for(one: AnySession, facts: Facts) -> Iterator[Conflict]:
    """Yield that one session is outside the hours."""
    if not one.is_own or one.start is None or one.end is None:
        return
    loose = one.kind in LOOSE_KINDS
    opens = min(facts.start, facts.doors or facts.start) if loose else facts.start
    if one.start < opens or one.end > facts.end:
        said = []
        if one.start < opens:
            said.append(f"begins before the conference ({moment_of(opens, facts.zone)})")
        if one.end > facts.end:
            said.append(f"ends after it ({moment_of(facts.end, facts.zone)})")
        if len(said) == 1 and one.start >= opens:
            said = [f"ends after the conference ({moment_of(facts.end, facts.zone)})"]
        yield conflict_of(
            "conference_hours",
            "notice" if loose else "warning",
            f"{timed(one, facts)} {' and '.join(said)}.",
            (one,),
        )
    place = facts.rooms.get(one.room or "")
    if place is None or place.opens is None or place.closes is None:
        return
    if not lies_within(one.start, one.end, open_hours(place, one.start, one.end, facts.zone)):
        hours = f"{place.opens:%H:%M} to {place.closes:%H:%M}"
        yield conflict_of(
            "room_hours",
            "warning",
            f"{timed(one, facts)} is outside the hours of {room(place.code, facts)}, "
            f"which is open from {hours}.",
            (one,),
            rooms=(place.code,),
        )


def open_hours(
    place: Place, start: dt.datetime, end: dt.datetime, zone: str
) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return when a room is open about that time, as instants: the days of start and end, and the
    day before, whose hours may reach past midnight.
    """
    if place.opens is None or place.closes is None:
        return []
    first = to_local(start, zone).date() - dt.timedelta(days=1)
    last = to_local(end, zone).date()
    overnight = dt.timedelta(days=1 if place.closes <= place.opens else 0)
    found = []
    for number in range((last - first).days + 1):
        day = first + dt.timedelta(days=number)
        opens = resolve_local(dt.datetime.combine(day, place.opens), zone)
        closes = resolve_local(dt.datetime.combine(day + overnight, place.closes), zone)
        found.append((opens, closes))
    return found

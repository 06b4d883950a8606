"""Two sessions in one room: at the same time, or with no time between them to change it over."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from events.conflicts.facts import LOOSE_KINDS, AnySession, Conflict, Facts, conflict_of
from events.conflicts.sweep import in_turn, meetings
from events.conflicts.words import counted, minutes, room, timed_pair

KINDS = ("room_overlap", "turnaround")


def find(facts: Facts) -> Iterator[Conflict]:
    """Yield what is wrong between any two sessions in a room."""
    by_room: defaultdict[str, list[AnySession]] = defaultdict(list)
    for one in facts.sessions:
        if one.room is not None:
            by_room[one.room].append(one)
    for code, sessions in by_room.items():
        for first, second in meetings(sessions, _turnaround(code, facts)):
            yield from judge(first, second, facts)


def find_for(moved: AnySession, facts: Facts) -> Iterator[Conflict]:
    """Yield what is wrong between one session and any other in its room."""
    if moved.room is None or moved.start is None:
        return
    for other in facts.sessions:
        if other.room == moved.room and other.name != moved.name and other.start is not None:
            yield from judge(*in_turn(moved, other), facts)


def judge(first: AnySession, second: AnySession, facts: Facts) -> Iterator[Conflict]:
    """Yield what is wrong between two sessions in a room; the first begins first."""
    code = first.room
    if code is None or first.end is None or second.start is None:
        return
    loose = (first.kind in LOOSE_KINDS) + (second.kind in LOOSE_KINDS)
    gap = second.start - first.end
    if gap < dt.timedelta(0):
        if loose < 2:  # noqa: PLR2004 - both
            one, other, day = timed_pair(first, second, facts)
            yield conflict_of(
                "room_overlap",
                "warning" if loose else "error",
                f"{one} and {other} overlap in {room(code, facts)}{day}.",
                (first, second),
                rooms=(code,),
            )
    elif gap < _turnaround(code, facts) and not loose:
        one, other, day = timed_pair(first, second, facts)
        between = minutes(gap) if gap else "no time"
        verb = "are" if gap >= dt.timedelta(minutes=2) else "is"
        needed = counted(facts.rooms[code].turnaround_minutes, "minute", "minutes")
        yield conflict_of(
            "turnaround",
            "warning",
            f"There {verb} {between} between {one} and {other}{day}; "
            f"{room(code, facts)} needs {needed} to be changed over.",
            (first, second),
            rooms=(code,),
        )


def _turnaround(code: str, facts: Facts) -> dt.timedelta:
    place = facts.rooms.get(code)
    return dt.timedelta(minutes=place.turnaround_minutes if place else 0)

"""One person on two sessions: at the same time, or in two houses with no time to walk."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from events.conflicts.facts import AnySession, Conflict, Facts, conflict_of
from events.conflicts.sweep import in_turn, lies_within, meetings
from events.conflicts.words import minutes, person, room, timed, timed_pair

KINDS = ("person_overlap", "change_of_venue", "availability")
# Less than this between two venues is no time at all.
WALK: Final = dt.timedelta(minutes=15)


def find(facts: Facts) -> Iterator[Conflict]:
    """Yield what is wrong for anybody between two sessions, or with when they can be there."""
    by_person: defaultdict[str, list[AnySession]] = defaultdict(list)
    for one in facts.sessions:
        if one.start is not None:
            for code in one.people:
                by_person[code].append(one)
    for code, sessions in by_person.items():
        for first, second in meetings(sessions, WALK):
            yield from judge(code, first, second, facts)
        if code in facts.available:
            for one in sessions:
                yield from judge_availability(code, one, facts)


def find_for(moved: AnySession, facts: Facts) -> Iterator[Conflict]:
    """Yield the same for those on one session."""
    people = moved.people
    if moved.start is None or not people:
        return
    for other in facts.sessions:
        if other.name == moved.name or other.start is None or not other.seats:
            continue
        first, second = in_turn(moved, other)
        if second.start >= first.end + WALK:  # type: ignore[operator]  # both have a slot
            continue
        for code in people & other.people:
            yield from judge(code, first, second, facts)
    for code in people & facts.available.keys():
        yield from judge_availability(code, moved, facts)


def judge(code: str, first: AnySession, second: AnySession, facts: Facts) -> Iterator[Conflict]:
    """Yield what is wrong for a person between two sessions; the first begins first."""
    if first.end is None or second.start is None:
        return
    gap = second.start - first.end
    if gap < dt.timedelta(0):
        one, other, day = timed_pair(first, second, facts)
        yield conflict_of(
            "person_overlap",
            "error",
            f"{person(code, facts)} is on {one} and on {other} at the same time{day}.",
            (first, second),
            people=(code,),
        )
    elif gap < WALK and (between := _venues(first, second, facts)):
        one, other, day = timed_pair(first, second, facts)
        time = minutes(gap) if gap else "no time"
        yield conflict_of(
            "change_of_venue",
            "notice",
            f"{person(code, facts)} has {time} to get from {between[0]} to {between[1]}, "
            f"between {one} and {other}{day}.",
            (first, second),
            people=(code,),
            rooms={code for code in (first.room, second.room) if code},
        )


def judge_availability(code: str, one: AnySession, facts: Facts) -> Iterator[Conflict]:
    """Yield that a person can not be at a session of this conference when it is."""
    if not one.is_own or one.start is None or one.end is None:
        return
    if not lies_within(one.start, one.end, facts.available[code]):
        yield conflict_of(
            "availability",
            "error",
            f"{person(code, facts)} is on {timed(one, facts)}, but is not available then.",
            (one,),
            people=(code,),
        )


def _venues(first: AnySession, second: AnySession, facts: Facts) -> tuple[str, str] | None:
    """Return where a person comes from and goes to, when these are two houses."""
    one, other = (facts.rooms.get(row.room or "") for row in (first, second))
    if one is None or other is None or one.venue == other.venue:
        return None
    return _house(one.code, facts), _house(other.code, facts)


def _house(code: str, facts: Facts) -> str:
    return facts.rooms[code].venue_name or room(code, facts)

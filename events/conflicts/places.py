"""Rooms that are too small for those who come."""

from __future__ import annotations

from collections.abc import Iterator

from events.conflicts.facts import AnySession, Conflict, Facts, conflict_of
from events.conflicts.words import counted, room, title

KINDS = ("too_small", "too_many_places")


def find(facts: Facts) -> Iterator[Conflict]:
    """Yield each session with more sign-ups, or places to sign up for, than its room holds."""
    if not facts.demand:
        return
    for one in facts.sessions:
        yield from find_for(one, facts)


def find_for(one: AnySession, facts: Facts) -> Iterator[Conflict]:
    """Yield the same for one session."""
    place = facts.rooms.get(one.room or "")
    demand = facts.demand.get(one.code) if one.is_own else None
    if place is None or place.capacity is None or demand is None:
        return
    holds = f"{room(place.code, facts)} holds {place.capacity}"
    if demand.signed_up > place.capacity:
        people = counted(demand.signed_up, "person has", "people have")
        yield conflict_of(
            "too_small",
            "error",
            f"{people} signed up for {title(one)}, and {holds}.",
            (one,),
            rooms=(place.code,),
        )
    elif demand.places is not None and demand.places > place.capacity:
        places = counted(demand.places, "person", "people")
        yield conflict_of(
            "too_many_places",
            "warning",
            f"{places} can sign up for {title(one)}, and {holds}.",
            (one,),
            rooms=(place.code,),
        )

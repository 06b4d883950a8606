"""All checks together: of a whole programme, or of one move in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from events.conflicts import hours, order, people, places, roles, rooms
from events.conflicts.facts import Conflict, Facts, Slot, in_order

_CHECKS: Final = (rooms, people, hours, order, places, roles)
KINDS: Final = tuple(kind for check in _CHECKS for kind in check.KINDS)


def find_conflicts(facts: Facts) -> list[Conflict]:
    """Return all that is wrong: errors first, then by time. O(n log n + what is found)."""
    found = {one.key: one for check in _CHECKS for one in check.find(facts)}
    return sorted(found.values(), key=in_order)


def recheck(facts: Facts, code: str, slot: Slot | None) -> list[Conflict]:
    """Return what would be wrong about one of the sessions if it had this slot. O(n).

    Arguments:
        code: of one of the conference's own sessions.
        slot: None would take its slot away.

    Raises:
        KeyError: when there is no such session in the programme.
    """
    place = next((n for n, one in enumerate(facts.sessions) if one.is_own and one.code == code), -1)
    if place < 0:
        raise KeyError(code)
    start, end, room = (slot.start, slot.end, slot.room) if slot else (None, None, None)
    moved = replace(facts.sessions[place], start=start, end=end, room=room)
    sessions = (*facts.sessions[:place], moved, *facts.sessions[place + 1 :])
    after = replace(facts, sessions=sessions)
    found = {one.key: one for check in _CHECKS for one in check.find_for(moved, after)}
    return sorted(found.values(), key=in_order)

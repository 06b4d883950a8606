"""What is wrong with a programme: pure functions over intervals that know no database.

`find_conflicts(facts)` says all of it, `recheck(facts, code, slot)` what one session's move would
give. All time is instants in UTC; a session that ends when another one begins does not overlap it.
"""

from events.conflicts.facts import (
    AnySession,
    Conflict,
    Demand,
    Facts,
    Need,
    Place,
    Seat,
    Slot,
)
from events.conflicts.finding import KINDS, find_conflicts, recheck

__all__ = [
    "KINDS",
    "AnySession",
    "Conflict",
    "Demand",
    "Facts",
    "Need",
    "Place",
    "Seat",
    "Slot",
    "find_conflicts",
    "recheck",
]

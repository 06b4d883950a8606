"""Decent times: not in the evening, not at night, not on a weekend. Pure functions.

Quiet hours are for mail that has no time of its own and is not urgent. What keeps to working days
goes on the Friday before a weekend when something is to come, and on the Monday after when that
Friday is past, when its invitation had not gone out by then, and when it is about what is over.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from typing import Final

from core.clock import resolve_local, to_local

QUIET_FROM: Final = dt.time(20, 0)
QUIET_UNTIL: Final = dt.time(8, 0)
LAST_MINUTE: Final = dt.time(19, 59)
_DAY: Final = dt.timedelta(days=1)
_SATURDAY: Final = 5
_WEEK: Final = 7


class Moved(Enum):
    """Why a mail is not due just where its offset says, as organisers read it."""

    QUIET_HOURS = "moved out of quiet hours"
    FRIDAY = "weekend → Friday"
    NEXT_WORKING_DAY = "weekend → Monday"
    AT_ONCE = "already past: goes at once"


@dataclass(frozen=True, slots=True)
class Manners:
    """What a mail keeps to."""

    quiet_hours: bool
    working_days: bool


def courteous(
    due_at: dt.datetime,
    zone: str,
    manners: Manners,
    *,
    anchor_at: dt.datetime | None,
    earliest: dt.datetime | None,
) -> tuple[dt.datetime, tuple[Moved, ...]]:
    """Return the decent time next to an instant, and why it is another.

    Arguments:
        anchor_at: what it must come before, if anything.
        earliest: nothing goes before: the present moment, the invitation, what it is about.
    """
    moved: list[Moved] = []
    wanted = due_at
    if earliest is not None and wanted < earliest:
        wanted = earliest
        moved.append(Moved.AT_ONCE)
    if manners.quiet_hours:
        calm = outside_quiet_hours(wanted, zone, anchor_at or wanted)
        if calm != wanted:
            moved.append(Moved.QUIET_HOURS)
        wanted = calm
    if manners.working_days and is_weekend(wanted, zone):
        wanted, why = _on_a_working_day(
            wanted, zone, manners, earliest, may_be_earlier=anchor_at is not None
        )
        moved.append(why)
    return wanted, tuple(moved)


def is_weekend(at: dt.datetime, zone: str) -> bool:
    """Tell whether clocks in `zone` show a Saturday or a Sunday."""
    return to_local(at, zone).weekday() >= _SATURDAY


def _on_a_working_day(
    at: dt.datetime,
    zone: str,
    manners: Manners,
    earliest: dt.datetime | None,
    *,
    may_be_earlier: bool,
) -> tuple[dt.datetime, Moved]:
    local = to_local(at, zone)
    friday = local - _DAY * (local.weekday() - _SATURDAY + 1)
    before = resolve_local(friday, zone)
    if earliest is not None and before < earliest:
        before = earliest
    still = to_local(before, zone)
    is_friday = may_be_earlier and still.date() == friday.date()
    if is_friday and not (manners.quiet_hours and _is_quiet(still.time())):
        return before, Moved.FRIDAY
    monday = local + _DAY * (_WEEK - local.weekday())
    return resolve_local(monday, zone), Moved.NEXT_WORKING_DAY


def _is_quiet(time: dt.time) -> bool:
    return not QUIET_UNTIL <= time < QUIET_FROM


def outside_quiet_hours(due_at: dt.datetime, zone: str, anchor_at: dt.datetime) -> dt.datetime:
    """Return the instant itself, else 08:00 after the quiet hours, or 19:59 before them when 08:00
    would come after the anchor.
    """
    local = to_local(due_at, zone)
    if not _is_quiet(local.time()):
        return due_at
    evening = local.date() if local.time() >= QUIET_FROM else local.date() - _DAY
    morning = resolve_local(dt.datetime.combine(evening + _DAY, QUIET_UNTIL), zone)
    if due_at < anchor_at < morning:
        return resolve_local(dt.datetime.combine(evening, LAST_MINUTE), zone)
    return morning

"""A plan in a short time: mails keep a day's distance, and what no longer fits is not sent.

Pure. The last mail before the event is the one that counts, so places are given from the end: each
step gets its own moment, or this moment where its own is past; one that would go on the day of a
later step, or in the night before it, is said by that one. What went out already is never moved:
what would follow it on the same day goes a day later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.clock import resolve_local, to_local
from notifications.services.courtesy import is_weekend

# A night: what is nearer than this to the next mail reaches its reader together with it.
DISTANCE: Final = dt.timedelta(hours=8)
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One mail of a plan.

    Arguments:
        due_at: when it goes if there is time; when it went, if it is sent.
        working_days: whether it never goes on a weekend.
        earliest: the first decent time for it from now on, where its own is past.
    """

    key: str
    name: str
    due_at: dt.datetime
    not_after: dt.datetime
    working_days: bool = False
    sent: bool = False
    earliest: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """What becomes of a step.

    Arguments:
        due_at: None when it is not sent.
        why: a sentence where it is not as it was; "" else.
    """

    key: str
    due_at: dt.datetime | None
    why: str = ""


def compress(steps: Sequence[Step], *, now: dt.datetime, zone: str) -> dict[str, Placed]:
    """Return what becomes of each step that is not sent yet.

    At most one goes on a day, in the order of the plan, none before `now`.
    """
    gone = {to_local(step.due_at, zone).date() for step in steps if step.sent}
    waiting = sorted((s for s in steps if not s.sent), key=lambda s: (s.due_at, s.key))
    found: dict[str, Placed] = {}
    following: tuple[dt.datetime, str] | None = None
    for step in reversed(waiting):
        placed = _place(step, following, gone, now, zone)
        found[step.key] = placed
        if placed.due_at is not None:
            following = (placed.due_at, step.name)
    return found


def _place(
    step: Step,
    following: tuple[dt.datetime, str] | None,
    gone: set[dt.date],
    now: dt.datetime,
    zone: str,
) -> Placed:
    if step.not_after <= now:
        return Placed(step.key, None, "Its time is over.")
    at = max(step.earliest or step.due_at, now)
    why = "Its moment is past: it goes at once." if at > step.due_at else ""
    if not _is_free(at, step, gone, zone):
        at = _next_free_day(at, step, gone, zone)
        why = "Another mail went that day, or it was a weekend: it goes on the next free day."
    if at >= step.not_after:
        return Placed(step.key, None, "No day is left for it.")
    if following is not None:
        next_at, name = following
        same_day = to_local(at, zone).date() >= to_local(next_at, zone).date()
        if same_day or next_at - at < DISTANCE:
            return Placed(step.key, None, f"Time is short: “{name}” says it.")
    return Placed(step.key, at, why)


def _is_free(at: dt.datetime, step: Step, gone: set[dt.date], zone: str) -> bool:
    weekend = step.working_days and is_weekend(at, zone)
    return not weekend and to_local(at, zone).date() not in gone


def _next_free_day(at: dt.datetime, step: Step, gone: set[dt.date], zone: str) -> dt.datetime:
    """Return the same time of day on the next day on which the step may go."""
    local = to_local(at, zone)
    while not _is_free(at, step, gone, zone):
        local += _DAY
        at = resolve_local(local, zone)
    return at

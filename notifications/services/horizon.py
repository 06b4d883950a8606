"""How far the mail calendar looks, and what else stands in it."""

from __future__ import annotations

import datetime as dt
from typing import Final

from core.clock import resolve_local, to_local
from core.errors import invalid
from events.models import Conference
from notifications.services.dbclock import database_now

WEEKS: Final = (2, 4, 8, 16, 52)
_FAR: Final = 4
_NEAR_ENOUGH: Final = 16
# What comes after the end: thanks, and the outcome.
_AFTERWARDS: Final = dt.timedelta(days=8)


def usual_weeks(conference: Conference) -> int:
    """Return how many weeks reach past a conference's end; four where that is far away."""
    now = database_now()
    for weeks in WEEKS:
        if weeks <= _NEAR_ENOUGH and conference.ends_at + _AFTERWARDS <= now + _span(weeks):
            return weeks
    return _FAR


def end_of_weeks(conference: Conference, weeks: int) -> dt.datetime:
    """Return the end of a day on the conference's clocks, so many weeks from now."""
    return end_of_day(conference, to_local(database_now() + _span(weeks), conference.time_zone))


def end_of_day(conference: Conference, day: dt.date) -> dt.datetime:
    """Return the last instant of a day on the conference's clocks, as the next one's first."""
    midnight = dt.datetime(day.year, day.month, day.day) + dt.timedelta(days=1)  # noqa: DTZ001 - wall-clock time
    return resolve_local(midnight, conference.time_zone)


def read_until(conference: Conference, text: str) -> dt.datetime:
    """Return until when a program wants to look; as the page does where it does not say.

    Raises:
        DomainError: ``validation-failed`` for what is no day, or further than the last of WEEKS.
    """
    if not text:
        return end_of_weeks(conference, usual_weeks(conference))
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise invalid("/until", "invalid", "Give a day such as 2027-03-28.") from None
    today = to_local(database_now(), conference.time_zone).date()
    if not today <= day <= today + _span(WEEKS[-1]):
        raise invalid("/until", "out-of-range", f"Give a day in the next {WEEKS[-1]} weeks.")
    return end_of_day(conference, day)


def _span(weeks: int) -> dt.timedelta:
    return dt.timedelta(weeks=weeks)

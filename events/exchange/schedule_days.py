"""When a session of a schedule begins: the days of such a file end after midnight."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from core.text import search_key
from events.exchange.building import Builder
from events.exchange.instants import instant_of, time_of

# Before this nothing begins that belongs to the day; who is still there came the evening before.
_NIGHT: Final = dt.time(4, 0)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the programme.

    Arguments:
        begins: local, where the file says it.
        change: at which time of the day the next one begins, where the file says it.
    """

    date: dt.date
    begins: dt.datetime | None = None
    change: dt.time | None = None


def begin(builder: Builder, day: Day, *, date: str, start: str, line: int) -> dt.datetime | None:
    """Return the local time at which a session begins, or None.

    A date with a time counts as it stands. Without one, a start before the day's change belongs to
    the calendar's next day.
    """
    exact = builder.clock.read(date)
    moment = time_of(start)
    if exact is not None:
        written = instant_of(date)
        if moment and written and written.time() != moment:
            builder.mark(
                "unsure",
                f"A session's date says {written:%H:%M} and its start {moment:%H:%M}; the date "
                "counts.",
                about="time", line=line,
            )  # fmt: skip
        return exact
    if moment is None:
        return None
    change = day.change or (day.begins.time() if day.begins else None)
    next_day = moment < (change if change is not None else _NIGHT)
    wall = dt.datetime.combine(day.date, moment) + dt.timedelta(days=next_day)
    return builder.clock.local(wall)


def slug_of(title: str) -> str:
    """Return a name for a file that has only a title."""
    return re.sub(r"[^a-z0-9]+", "-", search_key(title)).strip("-")[:120]

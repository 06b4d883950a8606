"""The day that the sessions below a line take place on."""

from __future__ import annotations

import datetime as dt
from typing import Final

from events.exchange.agenda.clock import time_at_head
from events.exchange.agenda.days import Day
from events.exchange.agenda.lines import Line
from events.exchange.agenda.state import Reading
from events.exchange.agenda.words import keys, words_of

_NOT_OF_DAYS: Final = words_of(
    """
        as draft registration prijava prijave rsvp version updated last verzija deadline rok
    until do since by published
    objavljeno
    """
)
_FEW: Final = 8
_MOST_DAYS: Final = 60


def take_day(reading: Reading, line: Line, day: Day) -> bool:
    """Take a line that is about a day; return False where it only mentions one."""
    before, rest = keys(day.before), keys(day.rest)
    timed = time_at_head(day.rest)
    if before and (reading.session is not None or len(before) > _FEW or _NOT_OF_DAYS & {*before}):
        return False
    if not timed and len(rest) > _FEW:
        return False
    if line.bullet and not timed:
        return False
    date = _date(reading, line, day)
    if date is None:
        return False
    _set(reading, date, day)
    if not timed and (day.rest or day.before) and not line.cells:
        said = " ".join(part for part in (day.before, day.rest) if part)
        reading.mark(line.number, "", f"“{said[:80]}” beside the date was left out.", "skipped")
    return True


def _set(reading: Reading, date: dt.date, day: Day) -> None:
    if not reading.dated and day.date is not None:
        reading.first_day = date - dt.timedelta(days=(day.order or 1) - 1)
    reading.dated = reading.dated or day.date is not None
    last = day.last or date
    known = reading.gathering
    if known is None:
        reading.gathering = (date, last)
    elif not known[0] <= date <= known[1]:
        reading.gathering = (min(known[0], date), max(known[1], last))
    reading.day, reading.track = date, ""
    reading.columns = reading.columns if reading.session is None else ()
    reading.session, reading.role, reading.talking = (
        (reading.session if not reading.sessions else None),
        None,
        False,
    )


def _date(reading: Reading, line: Line, day: Day) -> dt.date | None:
    if day.date is None:
        return _by_name(reading, day)
    if day.doubtful:
        reading.mark(line.number, "time", f"Is this {day.date:%-d %B %Y}?")
    if day.weekday is None or day.date.weekday() == day.weekday:
        return day.date
    for year in (reading.first_day.year, day.date.year - 1, day.date.year + 1):
        try:
            other = day.date.replace(year=year)
        except ValueError:
            continue
        if other.weekday() == day.weekday and (not day.year or year == reading.first_day.year):
            sentence = f"{day.date:%-d %B %Y} is a {day.date:%A}; {other:%-d %B %Y} was taken."
            reading.mark(line.number, "time", sentence)
            return other
    reading.mark(
        line.number, "time", f"{day.date:%-d %B %Y} is a {day.date:%A}: is the date right?"
    )
    return day.date


def _by_name(reading: Reading, day: Day) -> dt.date | None:
    if day.order is not None and day.order <= _MOST_DAYS:
        return reading.first_day + dt.timedelta(days=day.order - 1)
    if day.weekday is None:
        return None
    from_day = reading.day + dt.timedelta(days=1) if reading.session is not None else reading.day
    return from_day + dt.timedelta(days=(day.weekday - from_day.weekday()) % 7)

"""Days and times as people write them: "Thursday, 20 February 2025, 10:00–13:00 (Belgrade)"."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, cast

from babel.dates import format_date, format_time, get_timezone_location

from events.models import Conference


@dataclass(frozen=True, slots=True)
class _Habit:
    """How a language writes days: with their year, without it, as short as can be, and so on."""

    locale: str
    whole: str = "EEEE, d. MMMM y."
    day: str = "EEEE, d. MMMM"
    short: str = "d. MMM y."
    # The whole day before a comma, where Serbian drops the full stop behind the year.
    before_time: str = "EEEE, d. MMMM y"
    month: str = "LLL y."
    weekday: str = "EEE d. MMM"


_HABITS: Final = {
    "en": _Habit(
        "en_GB", "EEEE, d MMMM y", "EEEE, d MMMM", "d MMM y", "EEEE, d MMMM y", "LLL y", "EEE d MMM"
    ),
    "sr-Latn": _Habit("sr_Latn"),
    "sr-Cyrl": _Habit("sr_Cyrl"),
    "ru": _Habit(
        "ru",
        "EEEE, d MMMM y 'г'.",  # noqa: RUF001 - Russian
        "EEEE, d MMMM",
        "d MMM y",
        "EEEE, d MMMM y 'г'.",  # noqa: RUF001 - Russian
        "LLL y",
        "EEE d MMM",
    ),
}


def _habit(language: str) -> _Habit:
    return _HABITS.get(language, _HABITS["en"])


def say_date(day: dt.date, language: str) -> str:
    """Return a day in full: "Thursday, 20 February 2025"."""
    habit = _habit(language)
    return str(format_date(day, habit.whole, locale=habit.locale))


def say_day(day: dt.date, language: str) -> str:
    """Return a day without its year: "Thursday, 20 February"."""
    habit = _habit(language)
    return str(format_date(day, habit.day, locale=habit.locale))


def say_short_date(day: dt.date, language: str) -> str:
    """Return a day as short as it can be: "20 Feb 2025"."""
    habit = _habit(language)
    return str(format_date(day, habit.short, locale=habit.locale))


def say_weekday(day: dt.date, language: str) -> str:
    """Return a day among those of one conference: "Thu 20 Feb"."""
    habit = _habit(language)
    return str(format_date(day, habit.weekday, locale=habit.locale))


def say_month(day: dt.date, language: str) -> str:
    """Return month and year as short as they can be: "Feb 2025"."""
    habit = _habit(language)
    return str(format_date(day, habit.month, locale=habit.locale))


def say_time(moment: dt.datetime | dt.time, language: str) -> str:
    """Return a time on the reader's clock: "10:00"."""
    time = moment.time() if isinstance(moment, dt.datetime) else moment
    return str(format_time(time, "HH:mm", locale=_habit(language).locale))


def zone_city(zone: str, language: str) -> str:
    """Return the city by which people know a zone: "Belgrade" for Europe/Belgrade."""
    if "/" not in zone:
        return zone
    return str(get_timezone_location(zone, locale=_habit(language).locale, return_city=True))


def _moment(moment: dt.datetime, language: str) -> str:
    habit = _habit(language)
    day = format_date(moment, habit.before_time, locale=habit.locale)
    return f"{day}, {say_time(moment, language)}"


def say_when(start: dt.datetime, end: dt.datetime, zone: str, language: str) -> str:
    """Return from when to when, with the city whose clocks show it."""
    first = _moment(start, language)
    if start.date() == end.date():
        span = f"{first}–{say_time(end, language)}"
    else:
        span = f"{first} – {_moment(end, language)}"
    return f"{span} ({zone_city(zone, language)})"


def span_of(conference: Conference) -> tuple[dt.datetime, dt.datetime]:
    """Return the local start and end of a conference; a saved one always has both."""
    return cast("tuple[dt.datetime, dt.datetime]", (conference.start_local, conference.end_local))

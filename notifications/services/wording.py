"""Words and dates of mails in each language, from `notifications/mails/words.<language>.toml`."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.dates import format_date, get_timezone_location

from notifications.services.texts import FOLDER

DASH: Final = "\u2013"
Table = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """Labels of facts, sentences about quoting and about changes of sessions, roles (alone: parts),
    statuses, phrases, patterns of dates.
    """

    labels: Table
    record: Table
    roles: Table
    parts: Table
    status: Table
    phrases: Table
    changes: Table
    dates: Table
    weekdays: Table
    months: Table


@lru_cache(maxsize=8)
def words(language: str) -> Words:
    """Return the words of one of the languages of the texts."""
    source = (FOLDER / f"words.{language}.toml").read_text(encoding="utf-8")
    return Words(**tomllib.loads(source))


@lru_cache(maxsize=8)
def _locale(language: str) -> Locale:
    return Locale.parse(words(language).dates["locale"])


@lru_cache(maxsize=1024)
def _date(day: dt.date, pattern: str, language: str) -> str:
    return str(format_date(day, pattern, locale=_locale(language)))


def zone_city(zone: str, language: str) -> str:
    """Return the city by which people know a zone: Belgrade, Beograd."""
    return str(get_timezone_location(zone, locale=_locale(language), return_city=True))


def clock(moment: dt.datetime) -> str:
    return f"{moment:%H:%M}"


def long_date(day: dt.date, language: str) -> str:
    """Return weekday, day, month and year: Thursday, 20 February 2025."""
    return _date(day, words(language).dates["long"], language)


def day_date(day: dt.date, language: str) -> str:
    """Return weekday, day and month: Thursday, 20 February."""
    return _date(day, words(language).dates["day"], language)


def short_date(day: dt.date, language: str) -> str:
    """Return day and month: 20 February, 20. februar."""
    return _date(day, words(language).dates["short"], language)


def on_day(day: dt.date, language: str) -> str:
    """Return a day as it stands in a sentence: on Thursday, 20 February; u sredu, 20. februara."""
    table = words(language)
    weekday = _date(day, "EEEE", language)
    month = _date(day, "MMMM", language)
    return table.dates["on"].format(
        weekday=table.weekdays.get(weekday, weekday),
        day=day.day,
        month=table.months.get(month, month),
    )


def span(start: dt.datetime, end: dt.datetime | None, zone: str, language: str) -> str:
    """Return a time as people write it, with its zone's city.

    Within a day it is "Thursday, 20 February 2025, 10:00-13:00 (Belgrade)", with a dash.
    """
    city = zone_city(zone, language)
    first = f"{long_date(start.date(), language)}, {clock(start)}"
    if end is None:
        return f"{first} ({city})"
    if start.date() == end.date():
        return f"{first}{DASH}{clock(end)} ({city})"
    return f"{first} {DASH} {long_date(end.date(), language)}, {clock(end)} ({city})"

"""Days, times and lengths as programmes write them, made local times of the conference."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final
from zoneinfo import ZoneInfo

from core.clock import FIRST_YEAR, LAST_YEAR, zone_names

LONGEST: Final = dt.timedelta(days=7)
_INSTANT: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::\d{2}(?:\.\d{1,9})?)?\s?"
    r"(Z|[+-]\d{2}:?\d{2}(?::\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME: Final = re.compile(r"(\d{1,2})[:.h](\d{2})(?::(\d{2})(?:\.\d+)?)?", re.ASCII)
_MINUTES: Final = re.compile(r"\d{1,5}", re.ASCII)
_ISO: Final = re.compile(
    r"P(?:(\d{1,2})W)?(?:(\d{1,2})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,5})M)?(?:\d{1,5}S)?)?", re.ASCII
)


def instant_of(text: str) -> dt.datetime | None:
    """Return a date with a time, with its offset where it has one, or None."""
    match = _INSTANT.fullmatch(text.strip()[:60])
    if not match:
        return None
    offset = (match[3] or "").upper().replace("Z", "+00:00")
    try:
        return dt.datetime.fromisoformat(f"{match[1]}T{match[2]}{offset}")
    except ValueError:
        return None


def day_of(text: str) -> dt.date | None:
    """Return the day of a date, with a time or without, or None."""
    found = _DAY.match(text.strip()[:60])
    if not found:
        return None
    try:
        day = dt.date.fromisoformat(found[0])
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def time_of(text: str) -> dt.time | None:
    """Return a time of the day to the minute, or None."""
    match = _TIME.fullmatch(text.strip()[:20])
    if not match:
        return None
    try:
        return dt.time(int(match[1]), int(match[2]))
    except ValueError:
        return None


def length_of(text: str) -> dt.timedelta | None:
    """Return how long something lasts: 00:45, 1:30:00, 90 (minutes) or PT45M; None for nothing."""
    plain = text.strip()[:20]
    minutes = 0
    if match := _TIME.fullmatch(plain):
        minutes = int(match[1]) * 60 + int(match[2])
    elif _MINUTES.fullmatch(plain):
        minutes = int(plain)
    elif (match := _ISO.fullmatch(plain)) and plain != "P":
        weeks, days, hours, rest = (int(part or 0) for part in match.groups())
        minutes = ((weeks * 7 + days) * 24 + hours) * 60 + rest
    length = dt.timedelta(minutes=minutes)
    return length if dt.timedelta() < length <= LONGEST else None


class Clock:
    """Makes local times of the conference from whatever a file says.

    Arguments:
        zone: of the conference.

    Attributes:
        written_in: the zone in which times without an offset are written, where a file says one.
        moved: how many times showed another hour in the file than they do here.
        unzoned: how many times were taken for local ones because nothing says where they count.
    """

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self.zone = zone
        self.written_in = ""
        self.moved = 0
        self.unzoned = 0

    def written(self, zone: str) -> None:
        """Take note of the zone that the file names; one that is unknown counts for nothing."""
        self.written_in = zone if zone in zone_names() else ""

    def local(self, moment: dt.datetime | None, *, quietly: bool = False) -> dt.datetime | None:
        """Return the local time of a moment, to the minute; None for one out of all years.

        Arguments:
            quietly: whether nothing is to be said of its zone: it is UTC only because all moments
                are, or it was said already.
        """
        if moment is None or not FIRST_YEAR < moment.year < LAST_YEAR:
            return None
        wall = moment.replace(second=0, microsecond=0, fold=0, tzinfo=None)
        if moment.tzinfo is None:
            self.unzoned += not self.written_in and not quietly
            if self.written_in in {"", self.zone}:
                return wall
            moment = moment.replace(tzinfo=ZoneInfo(self.written_in))
        there = moment.astimezone(self._zone)
        here = there.replace(second=0, microsecond=0, fold=0, tzinfo=None)
        self.moved += here != wall and not quietly
        return here

    def read(self, text: str) -> dt.datetime | None:
        """Return the local time that a text says, or None."""
        return self.local(instant_of(text))

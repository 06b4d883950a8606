"""Local time and instants: the only place where one is made from the other.

A planned instant is stored as local time in a zone; its UTC instant is derived. Rules for times
that do not exist or exist twice are those of RFC 5545, section 3.3.5, and PEP 495 with fold=0:
in a gap the time moves forward by the gap, in a fold the first of the two counts.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from importlib import metadata
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from core.errors import DomainError

_DURATION: Final = re.compile(
    r"(?P<sign>[+-]?)P(?:(?P<weeks>[0-9]{1,4})W|(?P<days>[0-9]{1,5})D)?"
    r"(?:T(?:(?P<hours>[0-9]{1,5})H)?(?:(?P<minutes>[0-9]{1,6})M)?"
    r"(?:(?P<seconds>[0-9]{1,8})S)?)?"
)
# Years in which every zone and every offset stays inside what datetime can say.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return the names of all zones that this installation's tzdata knows."""
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def resolve_local(local: dt.datetime, zone: str) -> dt.datetime:
    """Return the UTC instant of a naive wall-clock time in `zone` (an IANA name).

    Raises:
        ValueError: when `local` carries a zone of its own.
        zoneinfo.ZoneInfoNotFoundError: when the zone is unknown.
        DomainError: ``validation-failed`` for a year that no event is in.
    """
    if local.tzinfo is not None:
        raise ValueError("a local time carries no zone")
    if not FIRST_YEAR <= local.year <= LAST_YEAR:
        detail = f"Give a year from {FIRST_YEAR} to {LAST_YEAR}."
        raise DomainError("validation-failed", detail)
    # fold=0 takes the offset before a gap (so the time moves forward) and the first of a fold.
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(dt.UTC)


def to_local(instant: dt.datetime, zone: str) -> dt.datetime:
    """Return the naive wall-clock time that clocks in `zone` show at an aware instant."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


class Offset:
    """An ISO 8601 duration with a sign: whole days or weeks are nominal, hours and minutes exact.

    ``-P1D`` is the same wall-clock time on the day before, ``-PT24H`` exactly 24 hours before.
    """

    __slots__ = ("days", "exact", "text")

    def __init__(self, text: str) -> None:
        match = _DURATION.fullmatch(text)
        if match is None or not any(
            match[g] for g in ("weeks", "days", "hours", "minutes", "seconds")
        ):
            raise ValueError(
                "An offset is an ISO 8601 duration such as -P1D (the day before, same time) "
                "or -PT24H."
            )
        sign = -1 if match["sign"] == "-" else 1
        self.text = text
        self.days = sign * (int(match["weeks"] or 0) * 7 + int(match["days"] or 0))
        self.exact = sign * dt.timedelta(
            hours=int(match["hours"] or 0),
            minutes=int(match["minutes"] or 0),
            seconds=int(match["seconds"] or 0),
        )

    @property
    def whole_days(self) -> bool:
        """Whether it says nothing about hours, so that a local time of day may go with it."""
        return not self.exact

    @property
    def is_before(self) -> bool:
        """Whether it lies before its anchor."""
        return self.days < 0 or self.exact < dt.timedelta(0)


def apply_offset(
    local: dt.datetime, zone: str, offset: Offset, at: dt.time | None = None
) -> dt.datetime:
    """Return the UTC instant that lies `offset` from the wall-clock time `local` in `zone`.

    Days move the calendar date and keep the wall-clock time (or take `at`, only with whole days);
    hours and minutes are then added to the resulting instant exactly.
    """
    if at is not None and not offset.whole_days:
        raise ValueError("A local time goes only with an offset of whole days.")
    try:
        day = local + dt.timedelta(days=offset.days)
    except OverflowError as error:
        raise DomainError("validation-failed", "This is too far from the event.") from error
    if at is not None:
        day = dt.datetime.combine(day.date(), at)
    return resolve_local(day, zone) + offset.exact


def tzdata_version() -> str:
    """Return the version of the time-zone data in use, to notice when rules have changed."""
    try:
        return metadata.version("tzdata")
    except metadata.PackageNotFoundError:
        return "system"

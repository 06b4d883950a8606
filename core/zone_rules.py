"""Time zones as calendar programs read them: VTIMEZONE of RFC 5545, made from tzdata."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard


def _transitions(zone: ZoneInfo, first: dt.datetime, last: dt.datetime) -> list[dt.datetime]:
    """Return the instants (UTC, to the minute) from which a zone's clocks show another offset."""
    found = []
    day = first
    while day < last:
        until = day + dt.timedelta(days=1)
        before = day.astimezone(zone).utcoffset()
        if until.astimezone(zone).utcoffset() != before:
            low, high = 0, 24 * 60
            while high - low > 1:
                middle = (low + high) // 2
                instant = day + dt.timedelta(minutes=middle)
                low, high = (
                    (middle, high)
                    if instant.astimezone(zone).utcoffset() == before
                    else (low, middle)
                )
            found.append(day + dt.timedelta(minutes=high))
        day = until
    return found


@lru_cache(maxsize=64)
def zone_rules(name: str, year: int, last_year: int | None = None) -> bytes:
    """Return the VTIMEZONE of a zone for the years around an entry, from tzdata.

    Arguments:
        last_year: of the last entry, where there are several.

    icalendar's own gives the onset in the new offset, an hour late in spring; RFC 5545, section
    3.6.5, wants it in the old one.
    """
    zone = ZoneInfo(name)
    first = dt.datetime(year - 1, 1, 1, tzinfo=dt.UTC)
    rules = Timezone()
    rules.add("tzid", name)
    onsets = [first, *_transitions(zone, first, first.replace(year=(last_year or year) + 2))]
    for onset in onsets:
        after = onset.astimezone(zone)
        before = (onset - dt.timedelta(minutes=1)).astimezone(zone)
        old = before.utcoffset() or dt.timedelta(0)
        observance = TimezoneDaylight() if after.dst() else TimezoneStandard()
        observance.add("dtstart", (onset + old).replace(tzinfo=None))
        observance.add("tzoffsetfrom", old)
        observance.add("tzoffsetto", after.utcoffset())
        observance.add("tzname", after.tzname())
        rules.add_component(observance)
    return bytes(rules.to_ical())

"""Which intervals meet: a line swept through time, O(n log n + k)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from itertools import count

from events.conflicts.facts import AnySession

Pair = tuple[AnySession, AnySession]


def meetings(sessions: Iterable[AnySession], slack: dt.timedelta) -> Iterator[Pair]:
    """Yield each pair whose later one begins before the earlier one's end and `slack`.

    With no slack these are the pairs that overlap. Two of other conferences are never a pair; those
    without a slot meet nobody. The one that begins first comes first.
    """
    placed = [(one.start, one.end, one) for one in sessions if one.start and one.end]
    placed.sort(key=lambda row: (row[0], row[1], row[2].code))
    tick = count()
    own: list[tuple[dt.datetime, int, AnySession]] = []
    others: list[tuple[dt.datetime, int, AnySession]] = []
    for start, end, one in placed:
        for running in (own, others):
            while running and running[0][0] <= start:
                heappop(running)
        for running in (own, others) if one.is_own else (own,):
            for _, _, earlier in running:
                yield earlier, one
        heappush(own if one.is_own else others, (end + slack, next(tick), one))


def in_turn(one: AnySession, other: AnySession) -> Pair:
    """Return two sessions as `meetings` would: the one that begins first, first."""
    if (other.start, other.end, other.code) < (one.start, one.end, one.code):
        return other, one
    return one, other


def merged(
    windows: Iterable[tuple[dt.datetime, dt.datetime]],
) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return windows in order, those that touch or overlap as one."""
    found: list[tuple[dt.datetime, dt.datetime]] = []
    for start, end in sorted(windows):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def lies_within(
    start: dt.datetime, end: dt.datetime, windows: Iterable[tuple[dt.datetime, dt.datetime]]
) -> bool:
    """Tell whether all of an interval lies in these windows together."""
    return any(first <= start and end <= last for first, last in merged(windows))

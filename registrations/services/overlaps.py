"""Which chosen sessions happen at the same time: asked of the programme that readers see."""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations

from events.enums import SessionState
from events.programme import Programme, SessionView


def find_overlaps(programme: Programme, codes: Collection[str]) -> list[tuple[str, str]]:
    """Return the pairs of these sessions that overlap, the earlier one first, in order of time.

    What the programme does not name, has no time or is cancelled overlaps with nothing; where one
    ends as the other begins, both can be had.
    """
    views = [
        programme.sessions_by_code[code] for code in codes if code in programme.sessions_by_code
    ]
    placed = sorted(
        (view for view in views if _takes_place(view)), key=lambda v: (v.starts_at, v.code)
    )
    return [(one.code, other.code) for one, other in combinations(placed, 2) if _meet(one, other)]


def _takes_place(view: SessionView) -> bool:
    return view.starts_at is not None and view.state != SessionState.CANCELLED


def _meet(one: SessionView, other: SessionView) -> bool:
    if one.starts_at is None or one.ends_at is None:
        return False
    if other.starts_at is None or other.ends_at is None:
        return False
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at

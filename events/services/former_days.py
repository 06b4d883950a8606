"""On which days a conference was to start, as readers of its published programme saw it."""

from __future__ import annotations

import datetime as dt

from events.models import Conference


def former_days(conference: Conference) -> list[dt.date]:
    """Return the former first days, the last one first; one query.

    Each published version knows by how many days the conference has moved since: where no
    programme was published before a move, nobody is told of the former day.
    """
    start = conference.start_local
    if start is None:
        return []
    moved = conference.schedule_versions.exclude(moved_days=0).values_list("moved_days", flat=True)
    # Versions come newest first, and older ones have seen all the moves of newer ones.
    days = [start.date() - dt.timedelta(days=number) for number in moved]
    return [day for day in dict.fromkeys(days) if day != start.date()]

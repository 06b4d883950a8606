"""What it means that a conference moves: what goes along, and who is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, cast

from django.db.models import F

from core.actors import Actor
from core.errors import DomainError
from events.enums import ConferenceState
from events.models import Conference
from events.services.instants import (
    raise_plan_revision,
    resolve_availabilities_of,
    resolve_sessions_of,
)
from events.signals import ConferenceMoved, conference_moved

_FOLLOW_THE_START: Final = ("doors_local", "changes_until_local", "reply_until_local")


def span(row: Conference) -> tuple[dt.datetime, dt.datetime]:
    """Return local start and end, which every conference has."""
    return cast("tuple[dt.datetime, dt.datetime]", (row.start_local, row.end_local))


def check_may_move(row: Conference) -> None:
    """Refuse a new time for what does not take place.

    Raises:
        DomainError: ``wrong-state``.
    """
    if row.state in {ConferenceState.CANCELLED, ConferenceState.ARCHIVED}:
        word = ConferenceState(row.state).label.lower()
        raise DomainError(
            "wrong-state", f"This conference is {word}. Reopen it before giving it another time."
        )


def keep_distance(row: Conference, values: dict[str, Any]) -> None:
    """Add to new values what follows the start: doors, and the deadline for guests' changes."""
    start = values.get("start_local")
    if start is None or start == row.start_local:
        return
    for name in _FOLLOW_THE_START:
        local = getattr(row, name)
        if local is not None and name not in values:
            values[name] = local + (start - row.start_local)


def tell_move(
    row: Conference,
    old: tuple[dt.datetime, dt.datetime],
    old_zone: str,
    changed: Sequence[str],
    actor: Actor,
) -> None:
    """Take all slots along to other days, make planned mail unclaimable, and tell those above."""
    start, end = span(row)
    days = start.date() - old[0].date()
    same_days = days == end.date() - old[1].date()
    moved_as_a_whole = days if same_days else dt.timedelta(0)
    resolve_sessions_of(row, moved_as_a_whole)
    resolve_availabilities_of(row)
    if moved_as_a_whole:
        row.schedule_versions.update(moved_days=F("moved_days") + moved_as_a_whole.days)
    raise_plan_revision(row)
    if days:
        reason = "moved"
    elif "start_local" in changed or "end_local" in changed:
        reason = "shifted"
    else:
        reason = "rezoned"
    conference_moved.send(
        sender=Conference,
        event=ConferenceMoved(
            conference_id=row.pk,
            reason=reason,
            actor_kind=actor.kind,
            former_start=old[0],
            former_end=old[1],
            former_zone=old_zone,
        ),
    )

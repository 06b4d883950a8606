"""Announcements under way: taken back, paused, resumed, stopped."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from core.actors import Actor
from core.errors import DomainError
from events.services.writing import load_root
from notifications.enums import UNDER_WAY, AnnouncementState
from notifications.models import Announcement
from notifications.services.announcement_states import change_state, must_be, no_longer_held, record
from notifications.services.dbclock import database_now

_S: Final = AnnouncementState


@transaction.atomic
def undo_announcement(
    *, announcement: Announcement, actor: Actor, expected: int | None = None
) -> Announcement:
    """Take an announcement back before it leaves, or one that is held back.

    It is a draft again, and nothing was sent.

    Raises:
        DomainError: ``wrong-state`` when its moment has come; ``stale``.
    """
    row = load_root(announcement, expected, "conference__organisation")
    # Asked under the lock: no mail of it can have been begun, as none is due before this moment.
    if row.state == _S.SCHEDULED and row.undo_until and row.undo_until <= database_now():
        raise DomainError(
            "wrong-state", "It has begun to leave. Stop it: what was not begun is not sent."
        )
    must_be(row, {_S.SCHEDULED, _S.HELD}, "There is nothing to take back.")
    row.state, row.send_at, row.undo_until = _S.DRAFT, None, None
    no_longer_held(row)
    row.planned_at, row.planned, row.plan_cursor = None, 0, ""
    change_state(row, ["send_at", "undo_until", "plan_cursor"])
    record("undo_announcement", row, actor)
    return row


@transaction.atomic
def pause_announcement(
    *, announcement: Announcement, actor: Actor, expected: int | None = None
) -> Announcement:
    """Let no further mail of it be begun until somebody resumes; O(1).

    Raises:
        DomainError: ``wrong-state`` when it is not being sent; ``stale``.
    """
    row = load_root(announcement, expected, "conference__organisation")
    must_be(row, {_S.SENDING}, "It is not being sent.", also_leaving=True)
    row.state = _S.PAUSED
    change_state(row, [])
    record("pause_announcement", row, actor)
    return row


@transaction.atomic
def resume_announcement(
    *, announcement: Announcement, actor: Actor, expected: int | None = None
) -> Announcement:
    """Let its mail go on; where none has left yet, it is looked at once more first.

    Raises:
        DomainError: ``wrong-state`` when it is not paused; ``stale``.
    """
    row = load_root(announcement, expected, "conference__organisation")
    must_be(row, {_S.PAUSED}, "It is not paused.")
    row.state = _S.SCHEDULED if row.left_at is None else _S.SENDING
    change_state(row, [])
    record("resume_announcement", row, actor)
    return row


@transaction.atomic
def stop_announcement(
    *, announcement: Announcement, actor: Actor, expected: int | None = None
) -> Announcement:
    """Send nothing more of it, for good; what was not begun is taken back by a planner.

    Raises:
        DomainError: ``wrong-state`` when it is not under way; ``stale``.
    """
    row = load_root(announcement, expected, "conference__organisation")
    must_be(row, set(UNDER_WAY), "It is not being sent.")
    row.state, row.done_at = _S.STOPPED, database_now()
    change_state(row, ["done_at"])
    record("stop_announcement", row, actor)
    return row

"""How an announcement stands: asked, changed under its lock, written down."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from core.actors import Actor
from core.errors import DomainError
from core.services import audit
from events.services.writing import save_root
from notifications.enums import AnnouncementState
from notifications.models import Announcement
from notifications.services.dbclock import database_now
from notifications.signals import announcements_changed

_S = AnnouncementState


def must_be(
    row: Announcement, states: Collection[str], detail: str, *, also_leaving: bool = False
) -> None:
    if row.state in states:
        return
    if also_leaving and row.state == _S.SCHEDULED:
        if row.undo_until is not None and row.undo_until <= database_now():
            return
        detail = "It has not begun to leave. Take it back instead."
    raise DomainError("wrong-state", detail)


def no_longer_held(row: Announcement) -> None:
    """Let a row be held back no longer; it is not saved."""
    row.held_at, row.held_for, row.told_at = None, [], None


def change_state(row: Announcement, fields: Collection[str]) -> None:
    counted = ("planned_at", "planned", "sent", "sent_by")
    held = ("held_at", "held_for", "told_at")
    save_root(row, ["state", *counted, *held, *fields], None)
    announcements_changed.send(sender=Announcement)


def record(
    verb: str,
    row: Announcement,
    actor: Actor,
    changed: Collection[str] = (),
    facts: Mapping[str, Any] | None = None,
) -> None:
    audit.record(
        verb=verb,
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
        changed=changed,
        facts={"code": row.code, "state": str(row.state), **(facts or {})},
    )

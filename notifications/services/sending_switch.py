"""Stopping all mail and letting it go again: after a restore, above all (delivery, rule 8)."""

from __future__ import annotations

from django.db import transaction

from core.actors import Actor
from core.services import audit
from core.text import clean_line
from notifications.models import SendingSwitch
from notifications.signals import messages_queued


@transaction.atomic
def pause_sending(*, reason: str, actor: Actor) -> SendingSwitch:
    """Let no further message be begun; what is being given to a server now is finished.

    A second time keeps the first reason.
    """
    row, made = SendingSwitch.objects.get_or_create(
        pk=1, defaults={"reason": clean_line(reason)[:200] or "Paused"}
    )
    if made:
        audit.record(verb="pause_sending", obj=row, organisation_id=None, actor=actor)
    return row


@transaction.atomic
def resume_sending(*, actor: Actor) -> bool:
    """Let mail go again, and tell whether it was paused."""
    row = SendingSwitch.objects.filter(pk=1).first()
    if row is None:
        return False
    audit.record(verb="resume_sending", obj=row, organisation_id=None, actor=actor)
    row.delete()
    messages_queued.send(sender=SendingSwitch)
    return True


def paused_because() -> str | None:
    """Return why no mail leaves, or None while it does."""
    return SendingSwitch.objects.filter(pk=1).values_list("reason", flat=True).first()

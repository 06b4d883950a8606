"""Stopping all mail and letting it go again: after a restore, above all (delivery, rule 8).

One conference's mail has a pause of its own: services.pausing.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Count, Q

from core.actors import Actor
from core.services import audit
from core.text import clean_line
from notifications.enums import MessageState
from notifications.models import MailPause, Message, SendingSwitch
from notifications.services.dbclock import DatabaseNow
from notifications.services.pulse import note_resumed
from notifications.signals import messages_queued

REASON_LENGTH = 200


@transaction.atomic
def pause_sending(*, reason: str, actor: Actor) -> SendingSwitch:
    """Let no further message be begun; what is being given to a server now is finished.

    It stands in the database, so it outlives every restart. A second time keeps the first reason.
    """
    row, made = SendingSwitch.objects.get_or_create(
        pk=1, defaults={"reason": reason_of(reason), "paused_by_id": account_of(actor)}
    )
    if made:
        audit.record(verb="pause_sending", obj=row, organisation_id=None, actor=actor)
    return row


@transaction.atomic
def resume_sending(*, actor: Actor) -> bool:
    """Let mail go again, and tell whether it was paused."""
    row = SendingSwitch.objects.select_for_update(of=("self",)).filter(pk=1).first()
    if row is None:
        return False
    audit.record(verb="resume_sending", obj=row, organisation_id=None, actor=actor)
    row.delete()
    note_resumed()
    messages_queued.send(sender=SendingSwitch)
    return True


def paused_because() -> str | None:
    """Return why no mail leaves, or None while it does."""
    return SendingSwitch.objects.filter(pk=1).values_list("reason", flat=True).first()


def waiting_by_kind() -> Mapping[str, int]:
    """Return kind -> how many messages are due now: those that go as soon as mail goes again."""
    due = Message.objects.filter(
        ~Q(conference_id__in=MailPause.objects.values("conference_id")),
        state=MessageState.QUEUED,
        due_at__lte=DatabaseNow(),
    )
    rows = (
        due.filter(Q(not_after__isnull=True) | Q(not_after__gt=DatabaseNow()))
        .order_by()
        .values_list("kind")
        .annotate(number=Count("pk"))
    )
    return dict(sorted(rows))


def reason_of(typed: str) -> str:
    """Return a reason as it is kept: one line, never empty."""
    return clean_line(typed)[:REASON_LENGTH] or "Paused"


def account_of(actor: Actor) -> int | None:
    """Return the account that acts; None for a command or a program."""
    return int(actor.id) if actor.kind == "account" and actor.id.isdigit() else None

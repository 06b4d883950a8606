"""Putting right what was left behind: by crashed senders, by moves, by time. Any number at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from notifications.enums import IN_HAND, CancelReason, DeliveryOutcome, MessageState
from notifications.models import Delivery, Message
from notifications.services.claiming import due_messages
from notifications.services.dbclock import DatabaseNow
from notifications.services.fan_out import run_announcements
from notifications.services.leaving import let_leave
from notifications.services.limits import Limits, limits
from notifications.services.notices import notices_to_tell, tell
from notifications.services.replanning import (
    plan_rules,
    rules_to_look_at_again,
    rules_to_plan,
)
from notifications.services.settling import after_ambiguity

_CHUNK: Final = 200
_VANISHED: Final = "The sender vanished while it was giving the message."
_ALWAYS_VANISHES: Final = "Senders vanish when they take this message."


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep found.

    Arguments:
        due: how many messages wait for a sender now.
    """

    recovered: int
    expired: int
    planned: int
    told: int
    due: int


def sweep() -> Sweep:
    """Free what dead senders hold, give up what is too late, plan what moved; count what is due."""
    figures = limits()
    recovered = recover(figures)
    expired = expire()
    planned = take_back_orphans() + plan_rules(rules_to_plan())
    told = sum(tell(pk) for pk in notices_to_tell())
    work = run_announcements()
    told += work.planned
    if not work.idle:
        let_leave()
    return Sweep(recovered, expired, planned, told, due_messages().count())


def plan_again() -> int:
    """Plan rules that need it, and look once more at those that were planned a moment ago."""
    return plan_rules(dict.fromkeys([*rules_to_plan(), *rules_to_look_at_again()]))


def recover(figures: Limits) -> int:
    """Free messages whose lease ran out, and return how many.

    What was claimed and not begun goes back, at the end of the line. Of what was being sent nobody
    knows whether it went: its kind decides.
    """
    recovered = 0
    dead = Message.objects.filter(state__in=IN_HAND, lease_until__lte=DatabaseNow())
    while dead.exists():
        with transaction.atomic():
            rows = list(
                dead.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:_CHUNK]
            )
            for message in rows:
                _free(message, figures)
        if not rows:
            break  # another sweeper is at them
        recovered += len(rows)
    return recovered


def _free(message: Message, figures: Limits) -> None:
    changes: dict[str, Any] = {
        "lease_token": None,
        "lease_until": None,
        "updated_at": DatabaseNow(),
    }
    if message.state == MessageState.SENDING:
        changes |= {"last_error": _VANISHED, **after_ambiguity(message, figures, 0.0)}
        Delivery.objects.create(
            message=message,
            attempt=message.attempts,
            started_at=DatabaseNow(-figures.lease),
            ended_at=DatabaseNow(),
            outcome=DeliveryOutcome.AMBIGUOUS,
            detail=_VANISHED,
        )
    elif message.lapses + 1 >= figures.lapses:
        changes |= {"state": MessageState.FAILED, "last_error": _ALWAYS_VANISHES}
    else:
        changes |= {
            "state": MessageState.QUEUED,
            "due_at": DatabaseNow(),
            "lapses": message.lapses + 1,
        }
    Message.objects.filter(pk=message.pk).update(**changes)


def expire() -> int:
    """Give up what is no longer worth sending and return how much."""
    late = Message.objects.filter(state=MessageState.QUEUED, not_after__lte=DatabaseNow())
    if not late.exists():
        return 0
    return late.update(state=MessageState.EXPIRED, updated_at=DatabaseNow())


def take_back_orphans() -> int:
    """Take back what a rule planned that went with its session; nobody will plan it anew."""
    orphans = Message.objects.filter(
        state=MessageState.QUEUED, rule__isnull=True, plan_revision__isnull=False
    )
    if not orphans.exists():
        return 0
    return orphans.update(
        state=MessageState.CANCELLED, cancelled_for=CancelReason.PLAN, updated_at=DatabaseNow()
    )

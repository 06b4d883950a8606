"""What rules have for an invitation, in the transaction that sent, answered or took it back.

The mail of the invitation itself is none of this: only an organiser's click sends one.
"""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from events.models import Conference
from notifications.enums import Audience, CancelReason, MessageState
from notifications.models import Message
from notifications.services.dbclock import DatabaseNow
from notifications.services.nudging import invited_recipients
from notifications.services.outbox import OPEN
from notifications.services.plan_writing import compare, write
from notifications.services.planning import planned_late, read_plan, running_rules
from registrations.models import Invitation


def plan_nudges(*, conference_id: int, invitation_ids: Collection[int]) -> None:
    """Plan for invitations that went out, or changed, what rules have for the silent.

    What was planned for another deadline is taken back. A moment before the invitation went out is
    late, and the rule's `late` says what that means.
    """
    silent = list(
        Invitation.objects.silent()
        .filter(pk__in=invitation_ids, conference_id=conference_id)
        .select_related("person")
        .prefetch_related("person__assistants")
        .order_by("pk")
    )
    rules = [r for r in running_rules(conference_id) if r.audience == Audience.UNANSWERED]
    if not silent or not rules:
        return
    conference = Conference.objects.get(pk=conference_id)
    plan = read_plan(conference, rules, now=timezone.now(), steps=[r for r in rules if r.step])
    recipients = invited_recipients(silent, conference)
    kept: set[str] = set()
    for rule in rules:
        rows = [row for one in recipients for row in planned_late(rule, one, plan)]
        write(compare(rows, rule, plan), rule, plan)
        kept.update(row.key for row in rows)
    waiting = Message.objects.filter(
        invitation__in=silent, rule__in=rules, state=MessageState.QUEUED
    )
    stale = [pk for pk, key in waiting.values_list("pk", "key") if key not in kept]
    _take_back(stale, CancelReason.PLAN)


def stop_nudges(*, invitation_ids: Collection[int], reason: CancelReason) -> None:
    """Take back what waits for invitations that were answered or withdrawn."""
    nudges = Message.objects.filter(
        invitation_id__in=invitation_ids, rule__audience=Audience.UNANSWERED, state__in=OPEN
    )
    _take_back(list(nudges.values_list("pk", flat=True)), reason)


def _take_back(ids: Collection[int], reason: CancelReason) -> None:
    if ids:
        Message.objects.filter(pk__in=ids, state__in=OPEN).update(
            state=MessageState.CANCELLED,
            cancelled_for=reason,
            lease_token=None,
            lease_until=None,
            updated_at=DatabaseNow(),
        )

"""What rules have for who was asked to speak, in the transaction that asked or answered.

The asking itself is none of this: only an organiser's click sends one.
"""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from events.models import Conference
from notifications.enums import Audience, CancelReason, MessageState
from notifications.models import Message
from notifications.services.dbclock import DatabaseNow
from notifications.services.nudging import asked_of, asked_recipients
from notifications.services.outbox import OPEN
from notifications.services.plan_writing import compare, write
from notifications.services.planning import planned_late, read_plan, running_rules


def plan_speaker_nudges(*, conference_id: int, participation_ids: Collection[int]) -> None:
    """Plan for who was asked what rules have for the silent; another deadline takes back the old.

    A moment before the asking is late, and the rule's `late` says what that means.
    """
    rules = [r for r in running_rules(conference_id) if r.audience == Audience.ASKED]
    if not rules:
        return
    conference = Conference.objects.get(pk=conference_id)
    silent = list(asked_of(conference).filter(pk__in=participation_ids))
    if not silent:
        return
    plan = read_plan(conference, rules, now=timezone.now(), steps=[r for r in rules if r.step])
    recipients = asked_recipients(silent, conference)
    kept: set[str] = set()
    for rule in rules:
        rows = [row for one in recipients for row in planned_late(rule, one, plan)]
        write(compare(rows, rule, plan), rule, plan)
        kept.update(row.key for row in rows)
    waiting = Message.objects.filter(
        participation__in=silent, rule__in=rules, state=MessageState.QUEUED
    )
    stale = [pk for pk, key in waiting.values_list("pk", "key") if key not in kept]
    _take_back(stale, CancelReason.PLAN)


def stop_speaker_nudges(participation_ids: Collection[int], reason: CancelReason) -> None:
    """Take back what waits for who has answered, or is not asked any more."""
    nudges = Message.objects.filter(
        participation_id__in=participation_ids, rule__audience=Audience.ASKED, state__in=OPEN
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

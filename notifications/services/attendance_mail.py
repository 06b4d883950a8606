"""What rules have for who came and for who did not, when somebody is checked in or it is undone."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from notifications.enums import BY_ATTENDANCE, Audience, CancelReason, MessageState
from notifications.models import Message, ReminderRule
from notifications.services.dbclock import DatabaseNow
from notifications.services.outbox import OPEN
from notifications.services.plan_writing import compare, write
from notifications.services.planning import planned_on_arrival, read_plan, running_rules
from registrations.models import Registration


def follow_attendance(registration_ids: Collection[int]) -> None:
    """Plan for who came by now, and take back what waits for who they no longer are.

    After the end this may also say of others that they are missing, or no longer: rules about that
    are planned anew by the sweeper.
    """
    registrations = list(
        Registration.objects.filter(pk__in=registration_ids)
        .select_related("conference", "booking", "registration_type", "lead")
        .order_by("pk")
    )
    if not registrations:
        return
    conference = registrations[0].conference
    running = running_rules(conference.pk)
    rules = [rule for rule in running if rule.audience in BY_ATTENDANCE]
    if not rules:
        return
    came = [row.pk for row in registrations if row.checked_in_at is not None]
    away = [row.pk for row in registrations if row.checked_in_at is None]
    _take_back(came, Audience.NO_SHOWS)
    _take_back(away, Audience.CHECKED_IN)
    steps = [rule for rule in running if rule.step]
    plan = read_plan(conference, rules, now=timezone.now(), steps=steps)
    for rule in rules:
        rows = [row for r in registrations for row in planned_on_arrival(rule, r, plan)]
        write(compare(rows, rule, plan), rule, plan)
    if conference.ends_at <= plan.now:
        ReminderRule.objects.filter(pk__in=[rule.pk for rule in rules]).update(planned_revision=0)


def _take_back(registration_ids: Collection[int], audience: Audience) -> None:
    if registration_ids:
        Message.objects.filter(
            registration_id__in=registration_ids, rule__audience=audience, state__in=OPEN
        ).update(
            state=MessageState.CANCELLED,
            cancelled_for=CancelReason.REGISTRATION,
            lease_token=None,
            lease_until=None,
            updated_at=DatabaseNow(),
        )

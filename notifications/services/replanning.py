"""Which rules are to be planned, and planning one. Any number of planners at once do no harm."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import F, Q

from notifications.enums import BY_ATTENDANCE, CancelReason, MessageState
from notifications.models import Message, ReminderRule
from notifications.services.audiences import chunks_of
from notifications.services.dbclock import DatabaseNow
from notifications.services.kinds import RULES_RUN_IN
from notifications.services.locks import try_alone
from notifications.services.plan_writing import compare, write
from notifications.services.planning import Plan, planned_for, read_plan

PLANNING: Final = 1  # the number of this work for `try_alone`
_LOOK_AGAIN: Final = 180.0


def rules_to_plan() -> list[int]:
    """Return the rules that were not planned at their conference's revision, or not quite.

    Not quite: rows of an older revision that a sender gave back, or that a registration made at the
    moment of the move, wait for it. Who came and who did not is known only at the end, so rules
    about that are planned once more then.
    """
    # All of them at once: rule by rule PostgreSQL would look through the outbox for each.
    left_over = Message.objects.filter(
        rule__isnull=False,
        state=MessageState.QUEUED,
        plan_revision__lt=F("rule__conference__plan_revision"),
    )
    runs = Q(conference__state__in=RULES_RUN_IN, enabled=True)
    over = Q(
        audience__in=BY_ATTENDANCE,
        conference__ends_at__lte=DatabaseNow(),
        planned_at__lt=F("conference__ends_at"),
    )
    return list(
        ReminderRule.objects.filter(
            (runs & ~Q(planned_revision=F("conference__plan_revision")))
            | (runs & over)
            | (~runs & Q(planned_revision__gt=0))
            | Q(pk__in=left_over.values("rule"))
        )
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def rules_to_look_at_again() -> list[int]:
    """Return the rules that were planned within the last minutes.

    Somebody may have been registering at that very moment, in a transaction that read the rules
    before and was committed after: planning could not see them, and they could not see the rule.
    """
    return list(
        ReminderRule.objects.filter(
            planned_at__gt=DatabaseNow(-_LOOK_AGAIN), enabled=True, planned_revision__gt=0
        )
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def plan_rule(rule_id: int) -> int:
    """Bring the rows of one rule to what it says now and return how many changed.

    Each thousand is a transaction of its own. When another planner is at work on the conference,
    this one leaves it to that.
    """
    rule = ReminderRule.objects.select_related("conference", "session").filter(pk=rule_id).first()
    if rule is None:
        return 0
    plan = read_plan(rule.conference, [rule])
    changed = 0
    runs = rule.enabled and rule.conference.state in RULES_RUN_IN
    if runs:
        for recipients in chunks_of(rule, rule.conference, plan.programme, plan.now):
            rows = (row for r in recipients for row in planned_for(rule, r, plan))
            difference = compare(rows, rule, plan)
            if not difference.size:
                continue
            with transaction.atomic():
                if not try_alone(PLANNING, rule.conference_id):
                    return changed
                changed += write(difference, rule, plan)
    return changed + _settle(rule, plan, runs=runs)


def _settle(rule: ReminderRule, plan: Plan, *, runs: bool) -> int:
    """Take back what is no longer planned, and write down what was."""
    stale = Message.objects.filter(rule=rule, state=MessageState.QUEUED)
    if runs:
        stale = stale.filter(plan_revision__lt=plan.revision)
        behind = Q(planned_revision__lt=plan.revision)
    else:
        behind = Q(planned_revision__gt=0)
    taken = 0
    if stale.exists():
        taken = stale.update(
            state=MessageState.CANCELLED,
            cancelled_for=CancelReason.PLAN if runs else CancelReason.CONFERENCE,
            updated_at=DatabaseNow(),
        )
    over = rule.conference.ends_at
    first_after_the_end = rule.planned_at is not None and rule.planned_at < over <= plan.now
    if runs and first_after_the_end and rule.audience in BY_ATTENDANCE:
        behind |= Q(planned_revision=plan.revision)
    elif rule.planned_revision == (plan.revision if runs else 0):
        return taken
    ReminderRule.objects.filter(behind, pk=rule.pk).update(
        planned_revision=plan.revision if runs else 0, planned_at=DatabaseNow()
    )
    return taken


def plan_rules(rule_ids: Iterable[int]) -> int:
    """Plan these rules one after the other and return how many rows changed."""
    return sum(plan_rule(pk) for pk in rule_ids)

"""What planning would write for rules that it has still to plan; nothing is written.

It is the planner itself, asked and not followed: audiences, moments and what is there already are
its own. Of an audience of more than a thousand the first thousand stand for all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from notifications.enums import SPEAKING, Audience, MessageState, Step
from notifications.models import Message, ReminderRule
from notifications.services import recipients
from notifications.services.audiences import chunks_of, registrations_of
from notifications.services.nudging import asked_of
from notifications.services.plan_writing import compare
from notifications.services.planning import Plan, Planned, planned_for
from notifications.services.recipients import Recipient
from notifications.services.waiting import HELD_BACK
from registrations.models import Invitation

_Audience = tuple[str, str, int | None, bool]


@dataclass(frozen=True, slots=True)
class Foretold:
    """A row as it would be.

    Arguments:
        held_back: why it would not go; "" where it would.
        weight: for how many it stands; 1 where everybody was looked at.
    """

    rule: ReminderRule
    due_at: dt.datetime
    language: str
    held_back: str
    weight: float = 1.0


def foretell(rules: Sequence[ReminderRule], plan: Plan) -> Iterator[Foretold]:
    """Yield what the outbox would hold for these rules if they were planned now.

    The number of queries follows from the audiences, never from how many people are in them.
    """
    audiences = _Audiences(plan)
    owners: dict[str, tuple[ReminderRule, Planned, float]] = {}
    for rule in rules:
        found, weight = audiences.of(rule)
        for recipient in found:
            for row in planned_for(rule, recipient, plan):
                if row.instant.not_after > plan.now:
                    owners[row.key] = (rule, row, weight)
    if not owners:
        return
    difference = compare([row for _rule, row, _weight in owners.values()], rules[0], plan)
    for message in difference.fresh:
        rule, row, weight = owners[message.key]
        yield Foretold(rule, message.due_at, message.language, message.cancelled_for, weight)
    changes = {
        pk: (due_at, str(reason or ""))
        for (due_at, _not_after, reason), ids in difference.changes.items()
        for pk in ids
    }
    known = Message.objects.filter(key__in=owners).values_list(
        "pk", "key", "state", "due_at", "cancelled_for", "language"
    )
    for pk, key, state, at, why, language in known:
        rule, _row, weight = owners[key]
        due_at, reason = changes.get(pk, (at, why))
        if pk in changes or state == MessageState.QUEUED or reason in HELD_BACK:
            yield Foretold(rule, due_at, language, reason, weight)


class _Audiences:
    """Who is in the audiences of rules, each read once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._known: dict[_Audience, tuple[list[Recipient], float]] = {}

    def of(self, rule: ReminderRule) -> tuple[list[Recipient], float]:
        """Return recipients, and for how many each of them stands."""
        key = (rule.audience, rule.role, rule.session_id, rule.step == Step.THANKS)
        if key not in self._known:
            self._known[key] = self._read(rule)
        return self._known[key]

    def _read(self, rule: ReminderRule) -> tuple[list[Recipient], float]:
        plan = self.plan
        chunks = chunks_of(rule, plan.conference, plan.programme, plan.now)
        if rule.audience in SPEAKING:  # as many as a programme has
            return [one for chunk in chunks for one in chunk], 1.0
        found = next(chunks, [])
        if len(found) < recipients.CHUNK:
            return found, 1.0
        if rule.audience == Audience.ASKED:
            total = asked_of(plan.conference).count()
        elif rule.audience == Audience.UNANSWERED:
            total = Invitation.objects.silent().filter(conference=plan.conference).count()
        else:
            total = registrations_of(rule, plan.conference, plan.now).count()
        return found, max(1.0, total / recipients.CHUNK)

"""The steps of a conference's plan among themselves, as its planner reads them.

Steps go where their rules say. Only where time is short, or where something has gone out, are they
placed anew (services.compression); rules that an organiser made are left alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from events.models import Conference
from notifications.enums import BY_ATTENDANCE, NUDGED, SPEAKING, Audience, MessageState
from notifications.enums import Step as Part
from notifications.models import Message, ReminderRule
from notifications.services.compression import Placed, Step, compress
from notifications.services.instants import PlannedInstant, Times, planned_instants
from notifications.services.recipients import Recipient

_GUESTS: Final = frozenset({Audience.ATTENDEES, *BY_ATTENDANCE})
_SPENT: Final = "It went out for the former date; the new date is told by itself."
_WENT: Final = (MessageState.SENDING, MessageState.SENT, MessageState.UNKNOWN)


class Spacing:
    """Where each step of a plan goes, for one kind of recipient after the other."""

    def __init__(
        self,
        conference: Conference,
        times: Times,
        now: dt.datetime,
        steps: Sequence[ReminderRule] | None = None,
    ) -> None:
        self.conference = conference
        self.times = times
        self.now = now
        self._steps = steps
        self._spent: set[str] = set()
        self._shared: dict[tuple[str, bool], dict[str, Placed]] = {}

    @property
    def steps(self) -> Sequence[ReminderRule]:
        if self._steps is None:
            self._steps = list(
                ReminderRule.objects.filter(conference=self.conference, enabled=True)
                .exclude(step="")
                .order_by("pk")
            )
        return self._steps

    def include(self, rule: ReminderRule) -> None:
        """Let a step that is not saved like that yet count as it would be."""
        if rule.step and self._steps is None:
            others = [r for r in self.steps if r.pk != rule.pk]
            self._steps = [*others, rule] if rule.enabled else others

    def place(
        self, rule: ReminderRule, instant: PlannedInstant, recipient: Recipient
    ) -> tuple[PlannedInstant | None, str]:
        """Return the instant as it is for this recipient, None when it falls out; and why."""
        if not rule.step or instant.not_after <= self.now:
            return instant, ""
        steps = self._placed(rule, recipient)
        if _key(rule, instant) in self._spent:
            return None, _SPENT
        placed = steps.get(_key(rule, instant))
        if placed is None or placed.due_at == instant.due_at:
            return instant, ""
        if placed.due_at is None:
            return None, placed.why
        return replace(instant, due_at=placed.due_at), placed.why

    def _placed(self, rule: ReminderRule, recipient: Recipient) -> dict[str, Placed]:
        if rule.audience in NUDGED:
            nudges = [r for r in self.steps if r.audience == rule.audience]
            return self._compress(nudges, recipient)
        speaks = recipient.speaks or rule.audience in SPEAKING
        without = Part.THANKS if rule.step == Part.MISSED_YOU else Part.MISSED_YOU
        known = (without.value, speaks)
        if known not in self._shared:
            audiences = _GUESTS | set(SPEAKING) if speaks else _GUESTS
            mine = [r for r in self.steps if r.audience in audiences and r.step != without]
            self._shared[known] = self._compress(mine, None)
        return self._shared[known]

    def _compress(
        self, rules: Sequence[ReminderRule], recipient: Recipient | None
    ) -> dict[str, Placed]:
        steps = [step for rule in rules for step in self._steps_of(rule, recipient)]
        return compress(steps, now=self.now, zone=self.times.zone)

    def _steps_of(self, rule: ReminderRule, recipient: Recipient | None) -> Iterator[Step]:
        found = (
            planned_instants(rule, self.times, own=recipient.own)
            if recipient is not None
            else planned_instants(rule, self.times)
        )
        for instant in found:
            went_at = self._went_at(rule, instant, recipient)
            if went_at is None and self._went_for_another_date(rule, instant, recipient):
                self._spent.add(_key(rule, instant))
                continue
            yield Step(
                key=_key(rule, instant),
                name=rule.name,
                due_at=went_at or instant.nominal or instant.due_at,
                earliest=instant.due_at,
                not_after=instant.not_after,
                working_days=rule.working_days or rule.audience in NUDGED,
                sent=went_at is not None,
            )

    def _went_at(
        self, rule: ReminderRule, instant: PlannedInstant, recipient: Recipient | None
    ) -> dt.datetime | None:
        """Return when a step went out, at least to some; only of today it matters."""
        if recipient is not None:
            return recipient.nudges.get((rule.pk, instant.occurrence))
        planned_at = instant.nominal or instant.due_at
        if planned_at > self.now:
            return None
        went = (
            Message.objects.filter(rule=rule, occurrence=instant.occurrence, state__in=_WENT)
            .order_by()
            .values_list("sent_at", "due_at")[:1]
        )
        return next((sent_at or due_at for sent_at, due_at in went), None)

    def _went_for_another_date(
        self, rule: ReminderRule, instant: PlannedInstant, recipient: Recipient | None
    ) -> bool:
        """Tell whether a step that is past now went out when the date was another.

        Going at once it would say again what its reader has; the new date is told by itself.
        """
        if (instant.nominal or instant.due_at) > self.now:
            return False
        if recipient is not None:
            return any(rule_id == rule.pk for rule_id, _occurrence in recipient.nudges)
        return Message.objects.filter(rule=rule, state__in=_WENT).exists()


def _key(rule: ReminderRule, instant: PlannedInstant) -> str:
    return f"{rule.pk}:{instant.occurrence}"

"""The rules of a conference for who comes by themselves: read once, until one of them changes.

A registration asks in its own transaction whether what this process knows still holds. That is one
row of figures which no deed leaves as they were: a new rule has a higher id, a change raises a
version and sets a later moment, and one that goes, or is switched off, counts no more.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.utils import timezone

from core.services.inserting import ask
from events.models import Conference
from notifications.models import ReminderRule
from notifications.services.kinds import RULES_RUN_IN
from notifications.services.planning import Outcome, Plan, read_plan, running_rules
from notifications.services.recipients import STATUS_OF
from notifications.services.suppression import suppressed_keys
from registrations.signals import Question

_KEPT: Final = 200
_ASKS: Final = """
SELECT (SELECT published_at FROM events_outcome WHERE conference_id = %s),
  EXISTS (SELECT 1 FROM notifications_suppression
          WHERE organisation_id = %s AND email_key = %s
            AND (conference_id IS NULL OR conference_id = %s)),
  COUNT(*), MAX(id), SUM(version), MAX(updated_at)
FROM notifications_reminderrule WHERE conference_id = %s AND enabled
"""


def _of(conference: Conference, key: str) -> list[Any]:
    pk = conference.pk
    return [pk, conference.organisation_id, key, pk, pk]


# What no registration is told without, and the name under which it is asked along.
ASKED_AS: Final = "notifications"
FIGURES: Final = Question(_ASKS, columns=6, params=_of)
_kept: dict[tuple[Any, ...], tuple[ReminderRule, ...]] = {}
_plans: dict[tuple[Any, ...], Plan] = {}


def known_rules(conference: Conference) -> tuple[ReminderRule, ...]:
    """Return the rules of a conference that run now. They belong to all: nobody changes them.

    Arguments:
        conference: as it is in this transaction.
    """
    return known_facts(conference).rules


@dataclass(frozen=True)
class Known:
    """What telling a registration begins with.

    Arguments:
        rules: that run now.
        outcome: for which some of them may wait.
        suppressed: whether the address that was asked for gets no optional mail.
        stamp: what no change of the conference, its rules or its outcome leaves as it was.
    """

    rules: tuple[ReminderRule, ...]
    outcome: Outcome
    suppressed: bool = False
    stamp: tuple[Any, ...] = ()

    @cached_property
    def for_registrations(self) -> tuple[ReminderRule, ...]:
        """The rules whose audience are registrations of one status."""
        return tuple(rule for rule in self.rules if rule.audience in STATUS_OF)


def known_facts(
    conference: Conference, key: str = "", answer: tuple[Any, ...] | None = None
) -> Known:
    """Return the rules that run now, and what else one query can say.

    Arguments:
        conference: as it is in this transaction.
        key: of an address, as core.text.email_key makes it.
        answer: to FIGURES, where they were asked in this transaction.
    """
    if conference.state not in RULES_RUN_IN:
        return Known((), Outcome(None), suppressed=key in suppressed_keys(conference, {key} - {""}))
    published_at, suppressed, *figures = answer or ask(FIGURES.sql, FIGURES.params(conference, key))
    if published_at is not None and published_at.tzinfo is None:
        published_at = published_at.replace(tzinfo=dt.UTC)  # which SQLite does not say
    known = (conference.uid, *figures)
    found = _kept.get(known)
    if found is None:
        if len(_kept) >= _KEPT:
            _kept.clear()
        found = _kept[known] = tuple(running_rules(conference.pk))
    outcome = Outcome(published_at)
    stamp = (*known, outcome, conference.version, conference.plan_revision, conference.updated_at)
    return Known(found, outcome, suppressed=bool(suppressed), stamp=stamp)


def plan_for_arrivals(conference: Conference, known: Known) -> Plan:
    """Return the plan for who comes now: one for all who come within the same second.

    It belongs to all: nobody changes it. Its present moment is the beginning of that second.

    Arguments:
        conference: as it is in this transaction.
        known: of it, read in this transaction.
    """
    now = timezone.now().replace(microsecond=0)
    key = (*known.stamp, now)
    found = _plans.get(key) if known.stamp else None
    if found is None:
        steps = [rule for rule in known.rules if rule.step]
        found = read_plan(
            conference, known.for_registrations, now=now, steps=steps, outcome=known.outcome
        )
        if len(_plans) >= _KEPT:
            _plans.clear()
        _plans[key] = found
    return found

"""The mail calendar: what will go to whom and when, and what will not go and why.

It writes nothing and sends nothing. Rules that are planned are read from the outbox, which is what
senders read; what they have still to write is foretold by the planner itself. What nobody gets yet,
the rule's own moment says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count

from events.enums import ConferenceState
from events.models import Conference
from notifications.enums import MessageState
from notifications.models import Message, ReminderRule
from notifications.services.dbclock import database_now
from notifications.services.kinds import RULES_RUN_IN
from notifications.services.planned_mails import Piles, PlannedMail
from notifications.services.planning import read_plan
from notifications.services.silences import Silence, empty_mails, is_stopped, silences_of

__all__ = ["MailCalendar", "PlannedMail", "Silence", "forecast", "mail_calendar"]


@dataclass(frozen=True, slots=True)
class MailCalendar:
    """All of it.

    Arguments:
        mails: the earliest first.
        silences: in the order of the rules.
        outcome_at: when the outcome was published, where a rule waits for that.
        waits_for_publication: whether rules' mails go only when the conference is published.
    """

    conference: Conference
    now: dt.datetime
    until: dt.datetime
    mails: Sequence[PlannedMail]
    silences: Sequence[Silence]
    outcome_at: dt.datetime | None
    waits_for_publication: bool


def forecast(conference: Conference, until: dt.datetime) -> list[PlannedMail]:
    """Return the mails of a conference until then, the earliest first; nothing is written."""
    return list(mail_calendar(conference, until).mails)


def mail_calendar(conference: Conference, until: dt.datetime) -> MailCalendar:
    """Return what goes until then and what does not; nothing is written.

    The number of queries does not depend on how many people or messages there are.
    """
    rules = list(conference.reminder_rules.select_related("session").order_by("created_at", "pk"))
    now = database_now()
    plan = read_plan(conference, rules, now=now, steps=[r for r in rules if r.enabled and r.step])
    running = [rule for rule in rules if not is_stopped(rule, plan)]
    published = conference.state in RULES_RUN_IN
    planned = [r for r in running if published and r.planned_revision == conference.plan_revision]
    piles = Piles(plan, {rule.pk: rule for rule in rules})
    piles.add_outbox([rule.pk for rule in planned], until)
    piles.add_announcements(until)
    piles.add_foretold([rule for rule in running if rule not in planned])
    found = [mail for mail in piles.mails() if mail.due_at <= until]
    sent = _sent(rules)
    mails = [mail for mail in found if mail.rule is None]
    silences: list[Silence] = []
    for rule in rules:
        mine = empty_mails(rule, plan, until, [mail for mail in found if mail.rule is rule])
        mails += mine
        silences += silences_of(rule, plan, until, mine, sent.get(rule.pk, 0))
    return MailCalendar(
        conference=conference,
        now=now,
        until=until,
        mails=sorted(mails, key=lambda m: (m.due_at, m.name)),
        silences=silences,
        outcome_at=plan.times.outcome_at,
        waits_for_publication=conference.state == ConferenceState.DRAFT,
    )


def _sent(rules: Iterable[ReminderRule]) -> dict[int, int]:
    rows = (
        Message.objects.filter(rule__in=[rule.pk for rule in rules], state=MessageState.SENT)
        .order_by()
        .values_list("rule_id")
        .annotate(number=Count("pk"))
    )
    return {rule_id: number for rule_id, number in rows if rule_id is not None}

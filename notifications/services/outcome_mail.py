"""Who hears that an outcome is published: by the rules that wait for it, and who asked for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from core.actors import Actor
from core.errors import DomainError
from core.text import email_key
from events.models import Conference
from events.services.instants import raise_plan_revision
from notifications.enums import Anchor, CancelReason, MessageKind, MessageState
from notifications.models import Message, ReminderRule
from notifications.services.dbclock import DatabaseNow, database_now
from notifications.services.findings_facts import waiting_for_findings
from notifications.services.foretelling import foretell
from notifications.services.kinds import RULES_RUN_IN, kind_of
from notifications.services.outbox import new_message, put_in, take_back
from notifications.services.planning import Outcome, read_plan
from notifications.services.recipients import Contact, person_contacts
from notifications.services.rules import change_reminder_rule
from notifications.services.suppression import suppressed_keys
from registrations.models import Invitation


@dataclass(frozen=True, slots=True)
class Pile:
    """A mail that publishing would send.

    Arguments:
        rule: by which it goes; None for those who asked for the findings.
        is_about: whether the count was taken from a part of a large audience.
    """

    name: str
    count: int
    rule: ReminderRule | None = None
    is_about: bool = False


@dataclass(frozen=True, slots=True)
class OutcomeTelling:
    """Whom publishing the outcome would tell.

    Arguments:
        resting: rules that wait for the outcome and are switched off.
    """

    piles: Sequence[Pile]
    resting: Sequence[ReminderRule] = ()

    @property
    def mails(self) -> int:
        return sum(pile.count for pile in self.piles)

    @property
    def is_about(self) -> bool:
        return any(pile.is_about for pile in self.piles)


def outcome_telling(
    conference: Conference, published_at: dt.datetime | None = None
) -> OutcomeTelling:
    """Return whom publishing would tell now; nothing is written.

    Arguments:
        published_at: when it was public first: who was told then is not told again.
    """
    rules = list(_rules(conference).select_related("session").order_by("created_at", "pk"))
    resting = [rule for rule in rules if not rule.enabled]
    if conference.state not in RULES_RUN_IN:
        return OutcomeTelling((), resting)
    enabled = [rule for rule in rules if rule.enabled]
    piles = list(_by_rules(conference, enabled, published_at))
    wanted = len(list(_findings_mails(conference)))
    if wanted:
        piles.append(Pile("Who declined and asked for the findings", wanted))
    return OutcomeTelling(piles, resting)


def tell_outcome(
    conference: Conference, published_at: dt.datetime | None, *, telling: int | None
) -> None:
    """Let the rules that wait for the outcome be planned, and queue what was asked for.

    Raises:
        DomainError: ``conflict`` when others would be told than the organiser was shown.
    """
    if telling is not None and telling != outcome_telling(conference, published_at).mails:
        raise DomainError(
            "conflict", "Others would be told by now than you were shown. Look once more."
        )
    _rules(conference).update(planned_revision=0)
    mails = list(_findings_mails(conference))
    if not mails:
        return
    # What was taken back with the outcome goes now; its key stays what it was.
    again = _taken_back({mail.key for mail in mails})
    again.update(
        state=MessageState.QUEUED,
        cancelled_for="",
        due_at=DatabaseNow(),
        not_after=DatabaseNow(seconds=kind_of(MessageKind.FINDINGS).lifetime.total_seconds()),
        updated_at=DatabaseNow(),
    )
    put_in(mails)


def keep_outcome_quiet(conference: Conference, actor: Actor) -> None:
    """Switch off the rules that would tell of the outcome."""
    for rule in _rules(conference).filter(enabled=True):
        change_reminder_rule(rule=rule, changes={"enabled": False}, expected=None, actor=actor)


def take_back_outcome(conference: Conference) -> None:
    """Take back what waits to tell of an outcome that is not public any more."""
    waiting = Message.objects.filter(conference=conference)
    take_back(waiting.filter(rule__in=_rules(conference)), CancelReason.PLAN)
    take_back(waiting.filter(kind=MessageKind.FINDINGS), CancelReason.PLAN)
    # A planner may be at work at this very moment: what it writes can not be claimed.
    raise_plan_revision(conference)


def _rules(conference: Conference) -> QuerySet[ReminderRule]:
    return ReminderRule.objects.filter(conference=conference, anchor=Anchor.OUTCOME_PUBLISHED)


def _by_rules(
    conference: Conference, rules: Sequence[ReminderRule], published_at: dt.datetime | None
) -> Iterator[Pile]:
    if not rules:
        return
    now = database_now()
    plan = read_plan(conference, rules, now=now, outcome=Outcome(published_at or now))
    counts: dict[int, float] = {}
    about: set[int] = set()
    for row in foretell(rules, plan):
        if row.held_back:
            continue
        counts[row.rule.pk] = counts.get(row.rule.pk, 0) + row.weight
        if row.weight > 1:
            about.add(row.rule.pk)
    for rule in rules:
        if counts.get(rule.pk):
            yield Pile(rule.name, round(counts[rule.pk]), rule, rule.pk in about)


def _findings_mails(conference: Conference) -> Iterator[Message]:
    """Yield a mail for each who asked for the findings, was not sent them yet and has not opted
    out; to the assistant where there is one, with a copy where wished.
    """
    rows = list(
        waiting_for_findings()
        .filter(conference=conference)
        .select_related("conference", "person")
        .prefetch_related("person__assistants")
        .order_by("pk")
    )
    found = [
        (row, contact, f"findings:{row.code}{'.copy' if number else ''}")
        for row in rows
        for number, contact in enumerate(person_contacts(row.person, conference))
    ]
    keys = {key for _row, _contact, key in found}
    known = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    known -= set(_taken_back(keys).values_list("key", flat=True))
    opted_out = suppressed_keys(conference, {email_key(c.email) for _row, c, _key in found})
    for row, contact, key in found:
        if key not in known and email_key(contact.email) not in opted_out:
            yield _findings_mail(row, contact, key)


def _findings_mail(row: Invitation, contact: Contact, key: str) -> Message:
    return new_message(
        key=key,
        kind=MessageKind.FINDINGS,
        conference=row.conference,
        contact=contact,
        invitation=row,
        person=row.person,
    )


def _taken_back(keys: Collection[str]) -> QuerySet[Message]:
    return Message.objects.filter(
        key__in=keys, state=MessageState.CANCELLED, cancelled_for=CancelReason.PLAN
    )

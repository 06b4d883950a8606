"""For any person: why each message of a conference went, waits or did not go.

What is read here goes to `services.reasons`, which decides; the number of queries follows from the
rules' audiences, never from how many messages there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from accounts.models import Account
from core.models import AuditEntry
from core.text import email_key
from events.models import Conference
from notifications.enums import BY_ATTENDANCE, SPEAKING, Audience, CancelReason
from notifications.models import Message, ReminderRule
from notifications.services.audience_reasons import Door, Human, why_not_for
from notifications.services.audiences import somebody_came
from notifications.services.dbclock import database_now
from notifications.services.humans import find_human
from notifications.services.instants import planned_instants
from notifications.services.nudging import (
    asked_recipients,
    invited_recipients,
    is_silent,
    may_nudge,
)
from notifications.services.opted_out import opt_outs_of
from notifications.services.pausing import why_paused
from notifications.services.planning import Plan, read_plan
from notifications.services.reasons import Facts, Mail, OwnMoment, Reason, RuleFacts, explain
from notifications.services.recipients import STATUS_OF, Recipient, as_recipient, person_contacts
from notifications.services.suppression import suppressed_keys

MOST_MESSAGES: Final = 500


@dataclass(frozen=True, slots=True)
class Explanation:
    """Somebody, and why."""

    human: Human
    reasons: Sequence[Reason]


def explain_for(
    conference: Conference, *, registration: str = "", invitation: str = "", person: str = ""
) -> Explanation:
    """Return why each message of a conference went, waits or did not go, for one of its people.

    Arguments:
        registration, invitation, person: a code; the first that is given counts.

    Raises:
        DomainError: ``not-found``, also for what belongs to another conference.
    """
    rules = list(conference.reminder_rules.select_related("session").order_by("created_at", "pk"))
    now = database_now()
    plan = read_plan(conference, rules, now=now, steps=[r for r in rules if r.enabled and r.step])
    by_pk = {rule.pk: rule for rule in rules}
    for rule in rules:
        rule.conference = conference
    human = find_human(conference, plan.programme, registration, invitation, person)
    mails = _mails_of(conference, human, by_pk)
    attendance = any(rule.audience in BY_ATTENDANCE for rule in rules)
    door = Door(
        is_over=conference.ends_at <= now,
        somebody_came=attendance and somebody_came(conference.pk),
    )
    recipients = _Recipients(human, plan, door)
    facts = Facts(
        conference=conference,
        now=now,
        human=human,
        mails=mails,
        rules=[_facts_of(rule, recipients.of(rule), plan) for rule in rules],
        door=door,
        paused=why_paused(conference),
        opted_out=_has_opted_out(human, conference),
    )
    return Explanation(human, explain(facts))


def _has_opted_out(human: Human, conference: Conference) -> bool:
    """Tell whether each address that letters about an invitation go to has opted out."""
    if human.invitation is None:
        return False
    contacts = person_contacts(human.invitation.person, conference)
    keys = {email_key(contact.email) for contact in contacts}
    return bool(keys) and keys == suppressed_keys(conference, keys)


# --- What went -----------------------------------------------------------------------------------
def _mails_of(
    conference: Conference, human: Human, rules: Mapping[int, ReminderRule]
) -> list[Mail]:
    about = Q(registration_id__in=[row.pk for row in human.registrations])
    if human.invitation is not None:
        about |= Q(invitation_id=human.invitation.pk)
    if human.person is not None:
        about |= Q(person_id=human.person.pk)
    rows = Message.objects.filter(about, conference=conference).select_related("announcement")
    found = list(rows.order_by("-due_at", "-pk")[:MOST_MESSAGES])
    for message in found:
        message.conference = conference
        message.rule = rules.get(message.rule_id or 0)
        if message.announcement is not None:
            message.announcement.conference = conference
    by = _taken_back_by([m for m in found if m.cancelled_for == CancelReason.ORGANISER])
    opted_out = opt_outs_of(found, conference)
    return [
        Mail(
            message,
            taken_back_by=by.get(str(message.uid), ""),
            opted_out=opted_out.get(message.pk, ""),
        )
        for message in found
    ]


def _taken_back_by(messages: Sequence[Message]) -> Mapping[str, str]:
    """Return message's uid -> who took it back, by the audit trail."""
    if not messages:
        return {}
    entries = AuditEntry.objects.filter(
        object_type=Message._meta.label_lower,
        object_uid__in=[str(message.uid) for message in messages],
        verb="cancel_message",
    ).order_by("at", "pk")
    actors = {entry.object_uid: (entry.actor_kind, entry.actor_id) for entry in entries}
    ids = {actor_id for kind, actor_id in actors.values() if kind == "account"}
    names = {str(row.pk): row.get_full_name() for row in Account.objects.filter(pk__in=ids)}
    return {
        uid: "a program" if kind == "token" else names.get(actor_id, "")
        for uid, (kind, actor_id) in actors.items()
    }


# --- What rules have -----------------------------------------------------------------------------
class _Recipients:
    """Somebody as recipients of rules: an assistant, and perhaps a copy."""

    def __init__(self, human: Human, plan: Plan, door: Door) -> None:
        self.human = human
        self.plan = plan
        self.door = door
        self._invited: list[Recipient] | None = None

    def of(self, rule: ReminderRule) -> list[Recipient]:
        if why_not_for(self.human, rule, self.door, self.plan.conference):
            return []
        if rule.audience == Audience.UNANSWERED:
            return self._guest()
        if rule.audience == Audience.ASKED:
            silent = [row for row in self.human.asked if is_silent(row)]
            return asked_recipients(silent, self.plan.conference)
        if rule.audience in SPEAKING:
            return self._speaker(rule)
        status = STATUS_OF[Audience(rule.audience)]
        rows = [row for row in self.human.registrations if row.status == status]
        return [one for row in rows[:1] if (one := as_recipient(row, rule)) is not None]

    def _guest(self) -> list[Recipient]:
        if self._invited is None:
            invitation = self.human.invitation
            rows = [invitation] if invitation is not None else []
            self._invited = invited_recipients(rows, self.plan.conference)
        return self._invited

    def _speaker(self, rule: ReminderRule) -> list[Recipient]:
        person = self.human.person
        if person is None:
            return []
        wanted = rule.session.code if rule.session is not None else None
        sessions = [
            code
            for code, role in self.human.roles
            if wanted in {None, code} and rule.role in {"", role}
        ]
        return [
            Recipient(
                code=f"{person.code}.copy" if number else person.code,
                contact=contact,
                sessions=tuple(dict.fromkeys(sessions)),
                person_id=person.pk,
                speaks=True,
            )
            for number, contact in enumerate(person_contacts(person, self.plan.conference))
        ]


def _facts_of(rule: ReminderRule, recipients: Sequence[Recipient], plan: Plan) -> RuleFacts:
    # A copy to the principal has the moments of the assistant's mail.
    firsts = [one for one in recipients if not one.code.endswith(".copy")]
    moments = [moment for one in firsts for moment in _moments(rule, one, plan)]
    return RuleFacts(rule, moments, has_address=bool(recipients))


def _moments(rule: ReminderRule, one: Recipient, plan: Plan) -> Iterator[OwnMoment]:
    for instant in planned_instants(rule, plan.times, sessions=one.sessions, own=one.own):
        placed, why = plan.spacing.place(rule, instant, one)
        yield OwnMoment(
            key=f"reminder:{rule.code}:{one.code}:{instant.occurrence}",
            occurrence=instant.occurrence,
            planned_at=instant.nominal or instant.due_at,
            due_at=placed.due_at if placed is not None else None,
            not_after=instant.not_after,
            why=why,
            is_late=instant.is_late_for(one.since),
            is_enough=not may_nudge(one.nudges, rule.pk, instant.occurrence),
        )

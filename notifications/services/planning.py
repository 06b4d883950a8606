"""From rules to rows: who gets what, and when. Nothing is written here (services.plan_writing)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db import connection

from events.enums import SessionState
from events.models import Conference
from events.programme import Programme
from events.services.schedules import current_programme
from notifications.enums import (
    NUDGED,
    SPEAKING,
    Anchor,
    Audience,
    CancelReason,
    Late,
)
from notifications.models import Message, ReminderRule
from notifications.services.dbclock import database_now
from notifications.services.instants import Own, PlannedInstant, Times, planned_instants
from notifications.services.kinds import RULES_RUN_IN
from notifications.services.nudging import asked_own, may_nudge
from notifications.services.recipients import STATUS_OF, Recipient, as_recipient
from notifications.services.spacing import Spacing
from registrations.models import Registration

_LATE_REASONS: Final = {Late.SKIP: CancelReason.LATE, Late.MERGE: CancelReason.MERGED}


@dataclass(frozen=True, slots=True)
class Planned:
    """One row as it should be.

    Arguments:
        held_back: why it is not sent: its recipient came after its moment, or opted out.
    """

    key: str
    recipient: Recipient
    instant: PlannedInstant
    held_back: CancelReason | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What rules need to know of what came out of a conference; None: it is not published."""

    published_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What planning of one conference reads once."""

    conference: Conference
    revision: int
    times: Times
    programme: Programme | None
    now: dt.datetime
    spacing: Spacing
    known: dict[tuple[int, tuple[str, ...], bool], list[PlannedInstant]] = field(
        default_factory=dict
    )


def read_plan(
    conference: Conference,
    rules: Sequence[ReminderRule],
    now: dt.datetime | None = None,
    steps: Sequence[ReminderRule] | None = None,
    outcome: Outcome | None = None,
) -> Plan:
    """Read the facts that these rules need: the programme and the outcome only where they do.

    Arguments:
        steps: the conference's enabled rules that are steps of its plan, where they are at hand.
        outcome: when it was published, where that is known already.
    """
    programme = None
    if any(_reads_programme(rule) for rule in rules):
        programme = current_programme(conference)
    sessions = programme.sessions() if programme is not None else ()
    outcome_at = outcome.published_at if outcome is not None else None
    if outcome is None and any(rule.anchor == Anchor.OUTCOME_PUBLISHED for rule in rules):
        outcome_at = _outcome_published_at(conference)
    start, end = conference.start_local, conference.end_local
    if start is None or end is None:
        raise ValueError("a conference has a start and an end")
    now = now or database_now()
    times = Times(
        zone=conference.time_zone,
        start=start,
        end=end,
        sessions={
            session.code: session.start_local
            for session in sessions
            if session.start_local is not None and session.state != SessionState.CANCELLED
        },
        outcome_at=outcome_at,
        reply_until=conference.reply_until_local,
        now=now,
    )
    return Plan(
        conference=conference,
        revision=conference.plan_revision,
        times=times,
        programme=programme,
        now=now,
        spacing=Spacing(conference, times, now, steps),
    )


def _outcome_published_at(conference: Conference) -> dt.datetime | None:
    sql = "SELECT published_at FROM events_outcome WHERE conference_id = %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [conference.pk])
        row = cursor.fetchone()
    moment: dt.datetime | None = row[0] if row is not None else None
    # SQLite does not say that it is UTC.
    return moment.replace(tzinfo=moment.tzinfo or dt.UTC) if moment is not None else None


def _reads_programme(rule: ReminderRule) -> bool:
    return rule.anchor == Anchor.SESSION_START or rule.audience in SPEAKING


def planned_for(rule: ReminderRule, recipient: Recipient, plan: Plan) -> list[Planned]:
    """Return what a rule has for one recipient: a row for each moment of it.

    A moment for which time is too short has none, and a third nudge neither.
    """
    return [
        Planned(f"reminder:{rule.code}:{recipient.code}:{instant.occurrence}", recipient, instant)
        for instant in _moments(rule, recipient, plan)
        if may_nudge(recipient.nudges, rule.pk, instant.occurrence)
    ]


def _moments(rule: ReminderRule, recipient: Recipient, plan: Plan) -> Sequence[PlannedInstant]:
    """Return a rule's moments for a recipient; those that are the same for all are kept."""
    is_own = rule.anchor == Anchor.REGISTERED or rule.audience in NUDGED
    key = (rule.pk, recipient.sessions, recipient.speaks)
    if not is_own and key in plan.known:
        return plan.known[key]
    found = planned_instants(rule, plan.times, sessions=recipient.sessions, own=recipient.own)
    placed = (plan.spacing.place(rule, instant, recipient)[0] for instant in found)
    moments = [instant for instant in placed if instant is not None]
    if not is_own:
        plan.known[key] = moments
    return moments


def planned_on_arrival(rule: ReminderRule, registration: Registration, plan: Plan) -> list[Planned]:
    """Return what a rule has for who comes into its audience at this moment.

    Whose moment has passed by then is late, and the rule says what that means. Nobody is missing
    on arrival.
    """
    if STATUS_OF.get(Audience(rule.audience)) != registration.status:
        return []
    if rule.audience == Audience.NO_SHOWS:
        return []
    if rule.audience == Audience.CHECKED_IN and registration.checked_in_at is None:
        return []
    recipient = as_recipient(registration, rule)
    return planned_late(rule, recipient, plan) if recipient is not None else []


def planned_late(rule: ReminderRule, recipient: Recipient, plan: Plan) -> list[Planned]:
    """Return what a rule has for a recipient who may have come after its moment."""
    late = _LATE_REASONS.get(Late(rule.late))
    return [
        Planned(row.key, row.recipient, row.instant, late)
        if row.instant.is_late_for(recipient.since)
        else row
        for row in planned_for(rule, recipient, plan)
    ]


def running_rules(conference_id: int) -> list[ReminderRule]:
    """Return the rules of a conference that run now."""
    return list(
        ReminderRule.objects.filter(
            conference_id=conference_id, enabled=True, conference__state__in=RULES_RUN_IN
        ).select_related("session")
    )


def find_planned(message: Message) -> PlannedInstant | None:
    """Return the moment for which a rule's message stands, while its rule still has it."""
    rule = message.rule
    if rule is None:
        return None
    return planned_instant_of(message, rule, read_plan(message.conference, [rule]))


def planned_instant_of(message: Message, rule: ReminderRule, plan: Plan) -> PlannedInstant | None:
    """Return the moment for which a message stands, while the plan still has it."""
    sessions: Mapping[str, object] = plan.times.sessions
    found = planned_instants(rule, plan.times, sessions=tuple(sessions), own=_own(message))
    return next((i for i in found if i.occurrence == message.occurrence), None)


def _own(message: Message) -> Own:
    registration, invitation = message.registration, message.invitation
    if message.rule is not None and message.rule.audience == Audience.ASKED:
        return asked_own(message.participation) if message.participation is not None else Own()
    if invitation is not None:
        return Own(invited_at=invitation.sent_at, reply_until=invitation.reply_until_local)
    if registration is not None:
        return Own(registered_at=registration.confirmed_at or registration.status_at)
    return Own()

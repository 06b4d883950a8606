"""Rows of the outbox: put in, taken back, tried again. The database is the truth.

Whoever queues calls this inside the transaction of the deed itself; a receiver of `messages_queued`
wakes senders after its commit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from core.actors import Actor
from core.errors import DomainError
from core.services import audit
from core.services.inserting import MOST, insert_missing, new_row
from core.text import clean_line
from events.models import Conference, Participation, Person
from notifications.enums import CancelReason, MessageState
from notifications.models import Announcement, Message, ReminderRule, message_uid
from notifications.services.dbclock import DatabaseNow, database_now
from notifications.services.kinds import TO_FORMER, is_optional, kind_of
from notifications.services.planning import find_planned
from notifications.services.recipients import Contact, contact_of
from notifications.services.suppressed_mail import has_got_a_place
from notifications.services.suppression import why_suppressed
from notifications.signals import messages_queued
from registrations.models import Registration

# What can still be taken back: a row that a sender has, but has not begun.
OPEN = (MessageState.QUEUED, MessageState.CLAIMED)
RETRIED_FROM = (MessageState.FAILED, MessageState.UNKNOWN, MessageState.EXPIRED)
SECOND_CHANCE = dt.timedelta(days=1)


@transaction.atomic
def queue_message(  # noqa: PLR0913 - the columns of a row
    *,
    key: str,
    kind: str,
    template: str,
    conference: Conference,
    to_email: str,
    to_name: str,
    language: str,
    due_at: dt.datetime | None = None,
    not_after: dt.datetime | None = None,
    registration: Registration | None = None,
    person: Person | None = None,
    participation: Participation | None = None,
    facts: Mapping[str, Any] | None = None,
    sequence: int = 0,
) -> Message:
    """Put one mail to one recipient into the outbox; the same key again adds nothing.

    Arguments:
        key: names recipient and occasion; a mail whose key was sent is never sent again.
        due_at: when it goes out; now by the database's clock unless said.
        not_after: when it is no longer worth sending; by the kind's lifetime unless said.
        facts: what must be remembered from now (a former start); all else is read at sending.
        sequence: the calendar entry's SEQUENCE.

    Raises:
        ValueError: without an address, or for a kind that there is not.
    """
    row = new_message(
        key=key,
        kind=kind,
        template=template,
        conference=conference,
        contact=Contact(to_email, to_name, language),
        due_at=due_at,
        not_after=not_after,
        registration=registration,
        person=person,
        participation=participation,
        facts=dict(facts or {}),
        sequence=sequence,
    )
    put_in([row])
    return Message.objects.get(key=key)


def new_message(
    *,
    key: str,
    kind: str,
    conference: Conference,
    contact: Contact,
    template: str = "",
    due_at: dt.datetime | None = None,
    not_after: dt.datetime | None = None,
    **links: Any,
) -> Message:
    """Return a row that is not in the database yet.

    Arguments:
        links: registration, invitation, person, participation, facts, occurrence, sequence.

    Raises:
        ValueError: without an address, or for a kind that there is not.
    """
    row = kind_of(kind)
    if not contact.email:
        raise ValueError("a message needs an address")
    if not_after is None and due_at is not None:
        not_after = due_at + row.lifetime
    return new_row(
        Message,
        uid=message_uid(key),
        key=key,
        kind=kind,
        template=template or row.template,
        conference=conference,
        to_email=contact.email,
        to_name=clean_line(contact.name)[:250],
        language=contact.language,
        requested=row.requested,
        due_at=due_at or DatabaseNow(),
        not_after=not_after or DatabaseNow(seconds=row.lifetime.total_seconds()),
        **links,
    )


def put_in(rows: Sequence[Message]) -> None:
    """Put rows into the outbox in the caller's transaction; rows that are there stay."""
    if len(rows) <= MOST:
        insert_missing(rows)
    else:
        Message.objects.bulk_create(rows, ignore_conflicts=True)
    messages_queued.send(sender=Message)


@transaction.atomic
def cancel_message(*, message: Message, actor: Actor) -> Message:
    """Take back a message that has not been begun; taking it back twice is fine.

    It stays taken back when its rule is planned again.

    Raises:
        DomainError: ``wrong-state`` when it is being sent or has come to another end.
    """
    taken = Message.objects.filter(pk=message.pk, state__in=OPEN).update(
        **_cancelled(CancelReason.ORGANISER)
    )
    fresh = Message.objects.select_related("conference").get(pk=message.pk)
    if taken:
        _record("cancel_message", fresh, actor, message.state)
    elif fresh.state == MessageState.CANCELLED:
        Message.objects.filter(pk=message.pk).update(cancelled_for=CancelReason.ORGANISER)
    else:
        raise DomainError(
            "wrong-state",
            f"This message can not be taken back: {fresh.get_state_display().lower()}.",
        )
    fresh.refresh_from_db(fields=["cancelled_for"])
    return fresh


@transaction.atomic
def retry_message(*, message: Message, actor: Actor) -> Message:
    """Send a message that failed, came too late or of which nobody knows, at once.

    It goes to the address that its registration has now, under the same Message-ID.

    Raises:
        DomainError: ``wrong-state`` from any other state, for a reminder of a time that no longer
            holds, and for who has opted out meanwhile.
    """
    row = (
        Message.objects.select_for_update(of=("self",), no_key=True)
        .select_related("conference", "registration__booking", "person", "rule")
        .get(pk=message.pk)
    )
    if row.state not in RETRIED_FROM:
        raise DomainError(
            "wrong-state",
            f"This message can not be sent again: {row.get_state_display().lower()}.",
        )
    before, now = row.state, database_now()
    if row.plan_revision is not None:
        if find_planned(row) is None:
            raise DomainError(
                "wrong-state",
                "This reminder was for a time that no longer holds. Nothing was sent.",
            )
        row.plan_revision = row.conference.plan_revision
    contact = contact_of(row)
    if contact is not None:
        row.to_email, row.to_name = contact.email, contact.name
    if _is_stopped(row):
        raise DomainError(
            "wrong-state", "This address has opted out of mails like this one. Nothing was sent."
        )
    row.state, row.due_at = MessageState.QUEUED, now
    row.not_after = max(row.not_after or now, now + SECOND_CHANCE)
    row.ambiguous_tries = row.lapses = 0
    row.save()
    _record("retry_message", row, actor, before)
    messages_queued.send(sender=Message)
    return row


def _is_stopped(row: Message) -> bool:
    """Tell whether the address of a message has opted out of mails like it."""
    if not is_optional(row) or why_suppressed(row.conference, row.to_email) is None:
        return False
    return not has_got_a_place(row)


def cancel_messages_of(
    *,
    reason: CancelReason,
    registrations: Collection[int] | None = None,
    invitations: Collection[int] | None = None,
    rule: ReminderRule | None = None,
    conference: Conference | None = None,
    announcement: Announcement | None = None,
) -> int:
    """Take back all messages of these that have not been begun, and return how many.

    Must run in the transaction of the deed that makes them wrong.
    """
    rows = Message.objects.filter(state__in=OPEN)
    if registrations is not None:
        rows = rows.filter(registration_id__in=registrations).exclude(kind__in=TO_FORMER)
    if invitations is not None:
        rows = rows.filter(invitation_id__in=invitations)
    if rule is not None:
        rows = rows.filter(rule=rule)
    if conference is not None:
        rows = rows.filter(conference=conference)
    if announcement is not None:
        rows = rows.filter(announcement=announcement)
    named = (registrations, invitations, rule, conference, announcement)
    if all(one is None for one in named):
        raise ValueError("say whose messages")
    return take_back(rows, reason)


def take_back(rows: QuerySet[Message], reason: CancelReason) -> int:
    """Take back those of these messages that have not been begun, and return how many."""
    return rows.filter(state__in=OPEN).update(**_cancelled(reason))


def taken_back_by_organiser() -> dict[str, Any]:
    """Return the columns of a message that a person took back: no plan makes it wait again."""
    return _cancelled(CancelReason.ORGANISER)


def _cancelled(reason: CancelReason) -> dict[str, Any]:
    return {
        "state": MessageState.CANCELLED,
        "cancelled_for": reason,
        "lease_token": None,
        "lease_until": None,
        "updated_at": DatabaseNow(),
    }


def _record(verb: str, message: Message, actor: Actor, before: str) -> None:
    audit.record(
        verb=verb,
        obj=message,
        organisation_id=message.conference.organisation_id,
        actor=actor,
        facts={"from": str(before), "to": str(message.state)},
    )

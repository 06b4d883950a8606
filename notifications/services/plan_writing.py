"""What was planned, written into the outbox. Planning again is free.

Each row carries the conference's revision at which it was planned. A move only raises that number;
rows of another one can not be claimed, and the sweeper plans them anew. Rows are put in by key, a
thousand at a time, so any number of planners at once do no harm.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from core.services.inserting import new_row
from core.text import email_key
from events.models import Conference
from notifications.enums import MISSED, CancelReason, MessageKind, MessageState
from notifications.models import Message, ReminderRule, message_uid
from notifications.services.dbclock import DatabaseNow
from notifications.services.planning import Plan, Planned
from notifications.services.suppression import suppressed_keys

# States in which planning may change a row; a row in hand is left to its sender.
PLANNED_OVER: Final = (MessageState.QUEUED, MessageState.CANCELLED, MessageState.EXPIRED)


def as_message(row: Planned, rule: ReminderRule, plan: Plan) -> Message:
    """Return the new row of the outbox."""
    return new_row(
        Message,
        uid=message_uid(row.key),
        key=row.key,
        kind=MessageKind.REMINDER,
        template=rule.template,
        conference_id=plan.conference.pk,
        rule_id=rule.pk,
        registration_id=row.recipient.registration_id,
        person_id=row.recipient.person_id,
        participation_id=row.recipient.participation_id,
        invitation_id=row.recipient.invitation_id,
        occurrence=row.instant.occurrence,
        to_email=row.recipient.contact.email,
        to_name=row.recipient.contact.name[:250],
        language=row.recipient.contact.language,
        due_at=row.instant.due_at,
        not_after=row.instant.not_after,
        plan_revision=plan.revision,
        state=MessageState.CANCELLED if row.held_back else MessageState.QUEUED,
        cancelled_for=row.held_back or "",
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What has to be written so that the outbox says what was planned.

    Arguments:
        changes: (due_at, not_after, why held back) -> ids of rows that get them.
    """

    fresh: list[Message]
    changes: Mapping[tuple[dt.datetime, dt.datetime, CancelReason | None], list[int]]

    @property
    def size(self) -> int:
        return len(self.fresh) + sum(map(len, self.changes.values()))


def compare(rows: Iterable[Planned], rule: ReminderRule, plan: Plan) -> Difference:
    """Compare what is planned with what is there.

    A new row comes in; one that waits gets the new moment; one that was taken back or came too late
    waits again, unless a person took it back. What was sent, or is in a sender's hands, stays. For
    who opted out a row is kept that says so, and follows the moment.
    """
    current = [row for row in rows if row.instant.not_after > plan.now]
    wanted = {row.key: row for row in without_suppressed(current, plan.conference)}
    known = {
        message.key: message
        for message in Message.objects.filter(key__in=wanted).only(
            "key", "state", "cancelled_for", "plan_revision"
        )
    }
    changes: dict[tuple[dt.datetime, dt.datetime, CancelReason | None], list[int]] = {}
    for key, message in known.items():
        row = wanted[key]
        if _differs(message, row, plan):
            change = (row.instant.due_at, row.instant.not_after, row.held_back)
            changes.setdefault(change, []).append(message.pk)
    return Difference(
        fresh=[as_message(row, rule, plan) for key, row in wanted.items() if key not in known],
        changes=changes,
    )


def without_suppressed(
    rows: Iterable[Planned], conference: Conference, known: Mapping[str, bool] | None = None
) -> list[Planned]:
    """Return the rows, those to who opted out of mail by rules held back for that; one query.

    Arguments:
        known: key of an address -> whether it opted out, where that has been asked.
    """
    found, told = list(rows), known or {}
    keys = {row.key: email_key(row.recipient.contact.email) for row in found}
    suppressed = suppressed_keys(conference, set(keys.values()) - told.keys())
    suppressed |= {key for key, opted_out in told.items() if opted_out}
    return [
        replace(row, held_back=row.held_back or CancelReason.SUPPRESSED)
        if keys[row.key] in suppressed
        else row
        for row in found
    ]


def _differs(message: Message, row: Planned, plan: Plan) -> bool:
    is_behind = (message.plan_revision or 0) < plan.revision
    opted_out = row.held_back == CancelReason.SUPPRESSED
    if message.state == MessageState.QUEUED:
        return is_behind or opted_out
    if message.state not in PLANNED_OVER or message.cancelled_for == CancelReason.ORGANISER:
        return False
    if opted_out and message.cancelled_for == CancelReason.SUPPRESSED:
        return is_behind
    return not (message.cancelled_for in MISSED and row.instant.due_at <= plan.now)


def write(difference: Difference, rule: ReminderRule, plan: Plan) -> int:
    """Write a difference, in the caller's transaction, and return how many rows it is.

    Written by key and by state: whoever was quicker is not written over.
    """
    Message.objects.bulk_create(difference.fresh, ignore_conflicts=True)
    for (due_at, not_after, held_back), ids in difference.changes.items():
        Message.objects.filter(pk__in=ids, state__in=PLANNED_OVER).update(
            due_at=due_at,
            not_after=not_after,
            plan_revision=plan.revision,
            template=rule.template,
            state=MessageState.CANCELLED if held_back else MessageState.QUEUED,
            cancelled_for=held_back or "",
            updated_at=DatabaseNow(),
        )
    return difference.size

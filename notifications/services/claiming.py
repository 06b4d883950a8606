"""Taking messages under a lease, and every step after it, fenced by the lease's token.

Only the database's clock counts. Who has lost a lease changes nothing any more.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Exists, F, Q, QuerySet
from django.db.models.functions import Coalesce

from notifications.enums import IN_HAND, CancelReason, MessageState
from notifications.models import Announcement, MailPause, Message, SendingSwitch
from notifications.services.announcement_holds import held_announcements, not_leaving
from notifications.services.archive import MailContent, archive
from notifications.services.claimed_rows import claimed_rows
from notifications.services.composing import Mail
from notifications.services.dbclock import DatabaseNow
from notifications.services.fitness import seen_as_right, why_not
from notifications.services.flushing import begin_flush, end_flush
from notifications.services.kinds import RESENT, RULES_RUN_IN
from notifications.services.limits import Limits
from notifications.services.locks import writing
from notifications.services.refusals import Refusal
from notifications.services.sending_facts import Seen
from notifications.services.statements import Begun, write_begun


@dataclass(frozen=True, slots=True)
class Claim:
    """Messages that are one sender's for the time of a lease.

    Arguments:
        seen: what was true of those that are right for as long as it is, by their keys.
    """

    token: uuid.UUID
    messages: list[Message]
    seen: Mapping[int, Seen] = field(default_factory=dict)


def due_messages() -> QuerySet[Message]:
    """Return what may be claimed now: due, not too late, planned at the conference's revision."""
    return _unpaused(not_leaving()).filter(due_at__lte=DatabaseNow())


def messages_that_may_leave() -> QuerySet[Message]:
    """Return what waits for its moment only, and for the look that lets an announcement leave."""
    return _unpaused(held_announcements())


def _unpaused(held: QuerySet[Announcement, Any]) -> QuerySet[Message]:
    """Return what nobody has paused.

    Pauses are few, so both engines read them once a statement, not once a row.
    """
    return Message.objects.filter(
        Q(not_after__isnull=True) | Q(not_after__gt=DatabaseNow()),
        Q(plan_revision__isnull=True)
        | Q(
            plan_revision=F("conference__plan_revision"),
            conference__state__in=RULES_RUN_IN,
        ),
        ~Exists(SendingSwitch.objects.all()),
        ~Q(conference_id__in=MailPause.objects.values("conference_id")),
        ~Q(announcement_id__in=held),
        state=MessageState.QUEUED,
    )


def claim(figures: Limits, number: int | None = None) -> Claim | None:
    """Take a few due messages that nobody else has; None when there is nothing to take.

    What somebody waits for comes first, then what is due longest. PostgreSQL passes over rows that
    another sender is taking; SQLite lets one writer in at a time.

    Arguments:
        number: how many at most; by the figures unless said.
    """
    if connection.vendor == "sqlite" and not due_messages().exists():
        return None  # without asking for the write lock
    token = uuid.uuid4()
    with writing():
        ids = _pick(number or figures.batch)
        if not ids:
            return None
        Message.objects.filter(pk__in=ids).update(
            state=MessageState.CLAIMED,
            lease_token=token,
            lease_until=DatabaseNow(figures.lease),
            updated_at=DatabaseNow(),
        )
    messages = claimed_rows(token)
    return Claim(token, messages, seen_as_right(messages))


def _pick(batch: int) -> list[int]:
    found: list[int] = []
    for requested in (True, False):
        sql, params = _due_in_sql(connection.vendor, requested=requested)
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params, batch - len(found)])
            found += [pk for (pk,) in cursor.fetchall()]
        if len(found) >= batch:
            break
    return found


@lru_cache(maxsize=4)
def _due_in_sql(vendor: str, *, requested: bool) -> tuple[str, tuple[Any, ...]]:
    """Return the question for the first due messages, put together once; the last parameter says
    how many. It holds no moment of ours: the database's clock is asked each time.
    """
    rows = due_messages().filter(requested=requested).order_by("due_at", "id").values_list("pk")
    sql, params = rows.query.sql_with_params()
    table = connection.ops.quote_name(Message._meta.db_table)
    lock = f" FOR UPDATE OF {table} SKIP LOCKED" if vendor == "postgresql" else ""
    return f"{sql} LIMIT %s{lock}", tuple(params)


def renew(token: uuid.UUID, figures: Limits) -> int:
    """Keep the lease on what is still in hand under this token, and return how much that is."""
    return Message.objects.filter(lease_token=token, state__in=IN_HAND).update(
        lease_until=DatabaseNow(figures.lease)
    )


def begin(
    message: Message, token: uuid.UUID, mail: Mail, content: MailContent, figures: Limits
) -> Refusal | None:
    """Commit that a message is being sent, after one more look at all that could forbid it.

    The conference is held still meanwhile, so a move either comes before this commit and is seen,
    or after it. What is about to be sent is kept with the same commit, so that the one after the
    server's answer is as short as can be. A refusal has been written down when this returns: the
    row is queued again, taken back or given up as its reason says.
    """
    # A kind that is sent again when in doubt is sent again, whichever commit was forgotten.
    with writing(may_wait=message.kind in RESENT):
        refusal = why_not(message)
        if refusal is not None:
            write_refused(refusal, message, token)
        elif not write_begun(begun_as(message, mail, content, figures), token):
            refusal = Refusal.LOST
    if message.kind not in RESENT:
        # Whether it was begun is all that anybody will know after a crash.
        begin_flush()
        end_flush()
    return refusal


def begun_as(message: Message, mail: Mail, content: MailContent, figures: Limits) -> Begun:
    """Return what is written down of a message that is being sent."""
    return Begun(message.pk, mail.message_id, figures.lease, archive(content))


def write_refused(refusal: Refusal, message: Message, token: uuid.UUID) -> None:
    """Write down in this transaction why a message is not begun."""
    mine = Message.objects.filter(lease_token=token, state=MessageState.CLAIMED)
    mine.filter(pk=message.pk).update(**_refused(refusal))


def give_back(token: uuid.UUID, *, after: float = 0.0, why: str = "") -> int:
    """Queue again what is claimed under this token and not begun.

    Arguments:
        after: seconds until it is tried again, when no mail server could be reached.
        why: what the matter was.
    """
    changes: dict[str, Any] = {}
    if after:
        changes = {
            "due_at": DatabaseNow(after),
            "held_since": Coalesce("held_since", "due_at"),
            "last_error": why,
        }
    return Message.objects.filter(lease_token=token, state=MessageState.CLAIMED).update(
        state=MessageState.QUEUED,
        lease_token=None,
        lease_until=None,
        updated_at=DatabaseNow(),
        **changes,
    )


def _refused(refusal: Refusal) -> dict[str, Any]:
    row: dict[str, Any] = {
        "lease_token": None,
        "lease_until": None,
        "updated_at": DatabaseNow(),
    }
    if refusal is Refusal.EXPIRED:
        return {**row, "state": MessageState.EXPIRED}
    reason = refusal.cancels_for
    if reason is not None:
        return {**row, "state": MessageState.CANCELLED, "cancelled_for": CancelReason(reason)}
    return {**row, "state": MessageState.QUEUED}

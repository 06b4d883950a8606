"""What mail goes next, and what of it needs somebody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.utils import timezone

from core.clock import to_local
from events import dates
from events.models import Conference
from notifications.enums import MessageKind, MessageState
from notifications.models import Message

NEXT = 6


@dataclass(frozen=True, slots=True)
class NextMail:
    """Messages that go at one moment for one reason."""

    conference: Conference
    name: str
    due_at: dt.datetime
    due_local: dt.datetime
    count: int

    @property
    def when(self) -> str:
        return f"{dates.say_day(self.due_local, 'en')}, {dates.say_time(self.due_local, 'en')}"


def next_mails(conferences: Iterable[Conference], limit: int = NEXT) -> list[NextMail]:
    """Return what is planned to go next, the earliest first; one query."""
    by_pk = {row.pk: row for row in conferences}
    current = Q(plan_revision__isnull=True) | Q(plan_revision=F("conference__plan_revision"))
    rows = (
        Message.objects.filter(current, conference_id__in=by_pk, state=MessageState.QUEUED)
        .order_by()
        .values("conference_id", "kind", "rule__name", "due_at")
        .annotate(number=Count("pk"))
        .order_by("due_at", "conference_id", "kind")[:limit]
    )
    return [
        NextMail(
            conference=by_pk[row["conference_id"]],
            name=row["rule__name"] or str(MessageKind(row["kind"]).label),
            due_at=row["due_at"],
            due_local=to_local(row["due_at"], by_pk[row["conference_id"]].time_zone),
            count=row["number"],
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class MailTrouble:
    """Messages of a conference that did not go."""

    failed: int = 0
    unknown: int = 0
    late: int = 0


def mail_trouble(
    conferences: Iterable[Conference], patience: dt.timedelta
) -> dict[int, MailTrouble]:
    """Return by conference what failed, what nobody knows of, and what is due for too long."""
    ids = [row.pk for row in conferences]
    late = Q(state=MessageState.QUEUED, due_at__lt=timezone.now() - patience) & (
        Q(plan_revision__isnull=True) | Q(plan_revision=F("conference__plan_revision"))
    )
    rows = (
        Message.objects.filter(conference_id__in=ids)
        .filter(Q(state__in=[MessageState.FAILED, MessageState.UNKNOWN]) | late)
        .order_by()
        .values_list("conference_id")
        .annotate(
            failed=Count("pk", filter=Q(state=MessageState.FAILED)),
            unknown=Count("pk", filter=Q(state=MessageState.UNKNOWN)),
            late=Count("pk", filter=late),
        )
    )
    return {pk: MailTrouble(failed, unknown, late) for pk, failed, unknown, late in rows}

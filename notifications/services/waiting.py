"""What waits in the outbox, piled up by the moment at which it goes: one query, whatever there is.

A pile is what a reader calls one mail: the messages of a rule that go at one moment. What each
recipient has at a time of their own is piled up by day, what is tried again by hour, what no rule
planned by minute, and what is due already is one pile. Two announcements are never one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    F,
    Max,
    Min,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import TruncDay, TruncHour, TruncMinute

from notifications.enums import (
    TO_BE_SENT,
    Anchor,
    AnnouncementState,
    Audience,
    CancelReason,
    MessageState,
)
from notifications.models import Message, ReminderRule

# Anchors that are each recipient's own moment.
OWN_MOMENTS: Final = frozenset({Anchor.REGISTERED, Anchor.INVITATION_SENT, Anchor.SPEAKER_ASKED})
_EACH_THEIR_OWN: Final = Q(rule__anchor__in=OWN_MOMENTS) | Q(
    rule__anchor=Anchor.RSVP_DEADLINE, rule__audience=Audience.ASKED
)
# Of what was taken back, what still says something about a mail to come.
HELD_BACK: Final = (
    CancelReason.SUPPRESSED,
    CancelReason.LATE,
    CancelReason.MERGED,
    CancelReason.ORGANISER,
    CancelReason.ANSWERED,
    CancelReason.ENOUGH,
)
# What is left of these in the outbox is taken back in a moment.
_TAKEN_BACK: Final = (*TO_BE_SENT, AnnouncementState.STOPPED)


@dataclass(frozen=True, slots=True)
class Pile:
    """Messages that go together.

    Arguments:
        held_back: why they do not go, where they were taken back; "" for those that wait.
        retried: how many of them were tried before.
    """

    conference_id: int
    rule_id: int | None
    rule_name: str
    kind: str
    language: str
    held_back: str
    first_at: dt.datetime
    last_at: dt.datetime
    count: int
    retried: int
    announcement_id: int | None = None


def each_their_own(rule: ReminderRule) -> bool:
    """Tell whether each recipient of a rule has a moment of their own.

    Who was asked to speak has a deadline of their own, too.
    """
    deadline = rule.anchor == Anchor.RSVP_DEADLINE and rule.audience == Audience.ASKED
    return deadline or rule.anchor in OWN_MOMENTS


def current() -> Q:
    """Return what finds messages that are planned for what holds now."""
    return Q(plan_revision__isnull=True) | Q(plan_revision=F("conference__plan_revision"))


def waiting_piles(
    rows: QuerySet[Message],
    *,
    now: dt.datetime,
    zone: str = "UTC",
    by_language: bool = True,
    limit: int | None = None,
) -> Iterator[Pile]:
    """Yield the piles of these messages, the earliest first; one query.

    Arguments:
        zone: whose days count for what is piled up by day.
        by_language: whether each language is a pile of its own.
    """
    names = ("conference_id", "rule_id", "rule__name", "announcement_id", "kind")
    states = ("state", "cancelled_for")
    wanted = (*names, *states, "language") if by_language else (*names, *states)
    groups = (
        rows.order_by()
        .annotate(slot=_slot(now, ZoneInfo(zone)))
        .values(*wanted, "slot")
        .annotate(
            first_at=Min("due_at"),
            last_at=Max("due_at"),
            number=Count("pk"),
            retried=Count("pk", filter=Q(attempts__gt=0)),
        )
        .order_by("first_at", "conference_id", "kind", "rule_id", "announcement_id")
    )
    for row in groups[:limit] if limit is not None else groups:
        yield _pile(row)


def _pile(row: dict[str, Any]) -> Pile:
    return Pile(
        conference_id=row["conference_id"],
        rule_id=row["rule_id"],
        rule_name=row["rule__name"] or "",
        kind=row["kind"],
        language=row.get("language", ""),
        held_back=row["cancelled_for"],
        first_at=row["first_at"],
        last_at=row["last_at"],
        count=row["number"],
        retried=row["retried"],
        announcement_id=row["announcement_id"],
    )


def _slot(now: dt.datetime, zone: ZoneInfo) -> Case:
    """Return what messages are piled up by; it means nothing but itself."""
    return Case(
        When(due_at__lte=now, then=Value(now, output_field=DateTimeField())),
        When(_EACH_THEIR_OWN, then=TruncDay("due_at", tzinfo=zone)),
        When(attempts__gt=0, then=TruncHour("due_at", tzinfo=dt.UTC)),
        When(rule__isnull=False, then=F("due_at")),  # a rule gives all of them the same
        default=TruncMinute("due_at", tzinfo=dt.UTC),
        output_field=DateTimeField(),
    )


def to_come(
    conference_id: int, rule_ids: Collection[int], *, now: dt.datetime, until: dt.datetime
) -> QuerySet[Message]:
    """Return what goes until then, and what of it was held back, of these rules or of none."""
    mine = Q(rule__isnull=True, plan_revision__isnull=True) | Q(rule_id__in=rule_ids)
    waits = Q(state=MessageState.QUEUED) & (Q(not_after__isnull=True) | Q(not_after__gt=now))
    held = Q(state=MessageState.CANCELLED, cancelled_for__in=HELD_BACK, due_at__gt=now)
    meant = ~Q(announcement__state__in=_TAKEN_BACK)
    return Message.objects.filter(
        current(), mine, meant, waits | held, conference_id=conference_id, due_at__lte=until
    )

"""Seeing that mail stands still without anybody having paused it, and saying so on pages.

Looking costs a few indexed queries and is done once a minute (services.standstill); what is found
stands in one row an organisation, which is all that pages read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from notifications.enums import LOST, DeliveryOutcome, MessageState, TroubleKind
from notifications.models import Delivery, Message, OutboxPulse, OutboxTrouble, SendingSwitch
from notifications.services.claiming import messages_that_may_leave
from notifications.services.dbclock import DatabaseNow
from notifications.services.limits import Limits, limits
from notifications.services.reading import local_moment

_LATEST_TRIES: Final = 5000
_AN_HOUR: Final = 3600.0
# What was seen longer ago is not said any more: who looks has stopped looking.
_FRESH: Final = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What holds an organisation's mail up.

    Arguments:
        number: how many mails.
        since: since when, where that is known.
    """

    kind: TroubleKind
    number: int
    since: dt.datetime | None

    def title(self) -> str:
        return {
            TroubleKind.STANDSTILL: "Mail stands still",
            TroubleKind.LOST: "Many mails do not arrive",
            TroubleKind.UNSWEPT: "Nobody looks after the outbox",
        }[self.kind]

    def sentence(self, zone: str) -> str:
        """Say it, with times of a zone."""
        since = local_moment(self.since, zone) if self.since is not None else "some time"
        match self.kind:
            case TroubleKind.STANDSTILL:
                due = "1 mail is due" if self.number == 1 else f"{self.number} mails are due"
                return (
                    f"{due}, the oldest since {since}, and nothing has gone meanwhile. Nothing is "
                    "lost: mail goes as soon as the worker and the mail server are up."
                )
            case TroubleKind.LOST:
                lost = "1 mail" if self.number == 1 else f"{self.number} mails"
                return f"{lost} failed or are in doubt since {since}. The outbox says why of each."
            case _:
                return (
                    f"The scheduler has not come since {since}. Mail that is due may wait, and "
                    "rules are not planned."
                )


def find_troubles(figures: Limits) -> dict[int, Trouble]:
    """Return organisation id -> its trouble, the gravest where there are several.

    What somebody paused is no trouble.
    """
    found = _lost(figures)
    if SendingSwitch.objects.exists():
        return found
    pulse = OutboxPulse.objects.filter(pk=1).first()
    if is_unswept(pulse, figures) and pulse is not None:
        waiting = messages_that_may_leave().order_by().values_list("conference__organisation")
        for pk, number in waiting.annotate(number=Count("pk")):
            found[pk] = Trouble(TroubleKind.UNSWEPT, number, pulse.swept_at)
    if pulse is None or not _is_recent(pulse.resumed_at, figures.standstill):
        found.update(_standing(figures))
    return found


def _lost(figures: Limits) -> dict[int, Trouble]:
    rows = (
        Message.objects.filter(state__in=LOST, updated_at__gt=DatabaseNow(-_AN_HOUR))
        .order_by()
        .values_list("conference__organisation")
        .annotate(number=Count("pk"), since=Min("updated_at"))
        .filter(number__gte=figures.lost)
    )
    return {pk: Trouble(TroubleKind.LOST, number, since) for pk, number, since in rows}


def _standing(figures: Limits) -> dict[int, Trouble]:
    """Return what has been due for long, unless anything at all has gone meanwhile."""
    last = Delivery.objects.aggregate(last=Max("pk"))["last"] or 0
    rows = [*_put_off(last, figures), *_overdue(figures)]
    if not rows or _has_sent(last, figures.standstill):
        return {}
    return {pk: Trouble(TroubleKind.STANDSTILL, number, since) for pk, number, since in rows}


def _overdue(figures: Limits) -> list[Any]:
    cutoff = DatabaseNow(-figures.standstill)
    return list(
        messages_that_may_leave()
        # Put off again and again while no mail server answers: held.
        .filter(Q(due_at__lte=cutoff) | Q(held_since__lte=cutoff))
        .order_by()
        .values_list("conference__organisation")
        .annotate(number=Count("pk"), since=Min(Coalesce("held_since", "due_at")))
    )


def _put_off(last: int, figures: Limits) -> list[Any]:
    """Return houses of which the mail server put off many mails; one or two are no trouble."""
    return list(
        Delivery.objects.filter(
            pk__gt=last - _LATEST_TRIES,
            outcome__in=[DeliveryOutcome.DEFERRED, DeliveryOutcome.LOST],
            ended_at__gt=DatabaseNow(-_AN_HOUR),
            message__state=MessageState.QUEUED,
        )
        .order_by()
        .values_list("message__conference__organisation")
        .annotate(number=Count("message", distinct=True), since=Min("ended_at"))
        .filter(number__gte=figures.lost, since__lte=DatabaseNow(-figures.standstill))
    )


def _has_sent(last: int, seconds: float) -> bool:
    """Tell whether any of the latest tries went well within so many seconds."""
    return Delivery.objects.filter(
        pk__gt=last - _LATEST_TRIES,
        outcome=DeliveryOutcome.ACCEPTED,
        ended_at__gt=DatabaseNow(-seconds),
    ).exists()


def note_troubles(found: Mapping[int, Trouble]) -> None:
    """Keep what was found where pages read it, and forget what is over."""
    again = Q(kind="") | Q(seen_at__lte=DatabaseNow(-_FRESH.total_seconds()))
    if found:
        OutboxTrouble.objects.filter(again, organisation_id__in=found).update(
            noted_at=DatabaseNow()
        )
    OutboxTrouble.objects.bulk_create(
        [
            OutboxTrouble(
                organisation_id=pk,
                kind=trouble.kind,
                number=trouble.number,
                since=trouble.since,
                noted_at=DatabaseNow(),
                seen_at=DatabaseNow(),
            )
            for pk, trouble in sorted(found.items())
        ],
        update_conflicts=True,
        unique_fields=["organisation"],
        update_fields=["kind", "number", "since", "seen_at"],  # not since when it has been seen
    )
    over = OutboxTrouble.objects.exclude(kind="").exclude(organisation_id__in=found)
    if over.exists():
        over.update(kind="", number=0, since=None)


def trouble_of(organisation_id: int) -> Trouble | None:
    """Return what holds an organisation's mail up, as it was last seen; two queries."""
    row = OutboxTrouble.objects.filter(organisation_id=organisation_id).first()
    if row is not None and row.kind and _is_recent(row.seen_at, _FRESH.total_seconds()):
        return Trouble(TroubleKind(row.kind), row.number, row.since)
    pulse = OutboxPulse.objects.filter(pk=1).first()
    if pulse is not None and is_unswept(pulse, limits()):
        return Trouble(TroubleKind.UNSWEPT, 0, pulse.swept_at)
    return None


def is_unswept(pulse: OutboxPulse | None, figures: Limits) -> bool:
    """Tell whether sweeps have stopped; where none ever came, nobody can say."""
    if pulse is None or pulse.swept_at is None:
        return False
    return not _is_recent(pulse.swept_at, figures.unswept)


def _is_recent(moment: dt.datetime | None, seconds: float) -> bool:
    return moment is not None and (timezone.now() - moment).total_seconds() < seconds

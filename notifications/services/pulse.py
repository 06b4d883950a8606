"""What sweeps note down: that they came, and how tries ended, so that counters cost little to read.

Tries are counted into a few rows, each once, whoever sweeps. What came since stands in a small
remainder that a scrape counts itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.db.models import Count, F, Max, QuerySet, Subquery
from django.db.models.functions import Coalesce

from notifications.models import Delivery, OutboxPulse, OutboxTally
from notifications.services.dbclock import DatabaseNow

# A try whose transaction is open for so long is its process's end, and its row is never seen.
_SETTLED_SECONDS: Final = 60.0
_CHUNK: Final = 5000
_MOST_CHUNKS: Final = 20


def note_sweep() -> None:
    """Note that the outbox has just been swept."""
    _note("swept_at")


def note_resumed() -> None:
    """Note that mail which was paused may go from now on."""
    _note("resumed_at")


def _note(column: str) -> None:
    if not OutboxPulse.objects.filter(pk=1).update(**{column: DatabaseNow()}):
        row = OutboxPulse(pk=1, **{column: DatabaseNow()})
        OutboxPulse.objects.bulk_create([row], ignore_conflicts=True)


def count_tries() -> int:
    """Count tries that are settled into the tallies, each once, and return how many.

    Any number of sweepers at once: one counts, the others go on.
    """
    counted = 0
    for _ in range(_MOST_CHUNKS):
        if not (number := _count_chunk()):
            break
        counted += number
    return counted


@transaction.atomic
def _count_chunk() -> int:
    known = OutboxPulse.objects.filter(pk=1).values_list("counted_until", flat=True).first()
    if known is None or not _settled(known).exists():
        return 0
    pulse = OutboxPulse.objects.select_for_update(skip_locked=True).filter(pk=1).first()
    if pulse is None:
        return 0
    chunk = _settled(pulse.counted_until).order_by("pk").values("pk")[:_CHUNK]
    last = Delivery.objects.filter(pk__in=chunk).aggregate(last=Max("pk"))["last"]
    if last is None:
        return 0
    rows = (
        Delivery.objects.filter(pk__gt=pulse.counted_until, pk__lte=last)
        .order_by()
        .values_list("message__kind", "outcome")
        .annotate(number=Count("pk"))
    )
    counts = {(kind, outcome): number for kind, outcome, number in rows}
    OutboxTally.objects.bulk_create(
        [OutboxTally(kind=kind, outcome=outcome) for kind, outcome in sorted(counts)],
        ignore_conflicts=True,
    )
    for (kind, outcome), number in sorted(counts.items()):
        OutboxTally.objects.filter(kind=kind, outcome=outcome).update(number=F("number") + number)
    OutboxPulse.objects.filter(pk=1).update(counted_until=last)
    return sum(counts.values())


def tries_by_outcome() -> Mapping[tuple[str, str], int]:
    """Return (kind, outcome) -> how many tries ended so, ever; one statement, so never twice."""
    until = Coalesce(Subquery(OutboxPulse.objects.filter(pk=1).values("counted_until")), 0)
    since = (
        Delivery.objects.filter(pk__gt=until)
        .order_by()
        .values("outcome")
        .annotate(of=F("message__kind"), number=Count("pk"))
        .values_list("of", "outcome", "number")
    )
    counted = OutboxTally.objects.order_by().values_list("kind", "outcome", "number")
    found: dict[tuple[str, str], int] = {}
    for kind, outcome, number in counted.union(since, all=True):
        found[kind, outcome] = found.get((kind, outcome), 0) + number
    return found


def _settled(after: int) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk__gt=after, ended_at__lte=DatabaseNow(-_SETTLED_SECONDS))

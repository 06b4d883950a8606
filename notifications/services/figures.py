"""What an operator watches: how long mail waits, how much there is, how much is in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Count, Min, Sum

from core.health import Health
from core.metrics import Figure
from notifications.enums import MessageState
from notifications.models import Message
from notifications.services.dbclock import DatabaseNow, database_now
from notifications.services.sending_switch import paused_because

# Every fault that mends itself is mended by then.
PATIENCE_SECONDS: Final = 300.0
_WAITS: Final = "waits; are the worker, the scheduler and the mail server running?"


def oldest_due_seconds() -> float:
    """Return for how long the oldest message that waits has been due; 0 when none is."""
    waiting = Message.objects.filter(state=MessageState.QUEUED)
    oldest = [
        waiting.filter(due_at__lte=DatabaseNow()).aggregate(oldest=Min("due_at"))["oldest"],
        # Put off again and again while no mail server answers.
        waiting.filter(held_since__isnull=False).aggregate(oldest=Min("held_since"))["oldest"],
    ]
    since = min((moment for moment in oldest if moment is not None), default=None)
    return 0.0 if since is None else max(0.0, (database_now() - since).total_seconds())


def check_mail() -> Health:
    """Tell whether mail flows: nothing is due for long, unless somebody paused sending."""
    seconds = oldest_due_seconds()
    if paused_because() is not None:
        return Health(ok=True, detail="sending is paused", value=seconds)
    return Health(
        ok=seconds <= PATIENCE_SECONDS,
        detail="flows" if seconds <= PATIENCE_SECONDS else _WAITS,
        value=seconds,
    )


def mail_figures() -> Iterator[Figure]:
    """Yield the outbox in numbers."""
    rows = (
        Message.objects.order_by()
        .values_list("kind", "state")
        .annotate(number=Count("id"), doubts=Sum("ambiguous_tries"))
    )
    counted = [(kind, state, number, doubts) for kind, state, number, doubts in rows]
    yield Figure(
        "messages",
        "Messages in the outbox, by kind and state",
        {(kind, state): float(number) for kind, state, number, _doubts in counted},
        labels=("kind", "state"),
    )
    yield Figure(
        "ambiguous_tries",
        "Tries of which nobody knows whether the mail went out",
        {(): float(sum(doubts for *_names, doubts in counted))},
    )
    yield Figure(
        "oldest_due_seconds",
        "For how long the oldest message that waits has been due",
        {(): oldest_due_seconds()},
    )
    yield Figure(
        "sending_paused",
        "Whether somebody paused all mail",
        {(): float(paused_because() is not None)},
    )

"""What an operator watches: how long mail waits, how much there is, how much is in doubt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

from django.db.models import Count, Min, Q

from core.health import Health
from core.metrics import Figure
from notifications.enums import IN_HAND, LOST, DeliveryOutcome, MessageKind, MessageState
from notifications.models import MailPause, Message, OutboxPulse
from notifications.services.dbclock import DatabaseNow, database_now
from notifications.services.pulse import tries_by_outcome
from notifications.services.sending_switch import paused_because

# Every fault that mends itself is mended by then.
PATIENCE_SECONDS: Final = 300.0
_COUNTERS: Final = (
    ("outbox_sent", "Mails that the mail server took", {DeliveryOutcome.ACCEPTED}),
    (
        "outbox_failed",
        "Tries that failed: refused by the mail server, or the mail could not be made",
        {DeliveryOutcome.REFUSED, DeliveryOutcome.BROKEN},
    ),
    (
        "outbox_ambiguous",
        "Tries of which nobody knows whether the mail went out",
        {DeliveryOutcome.AMBIGUOUS},
    ),
    (
        "outbox_deferred",
        "Tries that are made again: put off by the mail server, or the connection was lost",
        {DeliveryOutcome.DEFERRED, DeliveryOutcome.LOST},
    ),
)
_WAITS: Final = "waits; are the worker, the scheduler and the mail server running?"


def oldest_due_seconds() -> float:
    """Return for how long the oldest message that waits has been due; 0 when none is.

    What a conference's own pause holds back does not count, and what any pause held back counts
    from its end.
    """
    waiting = Message.objects.filter(
        ~Q(conference_id__in=MailPause.objects.values("conference_id")), state=MessageState.QUEUED
    )
    oldest = [
        waiting.filter(due_at__lte=DatabaseNow()).aggregate(oldest=Min("due_at"))["oldest"],
        # Put off again and again while no mail server answers.
        waiting.filter(held_since__isnull=False).aggregate(oldest=Min("held_since"))["oldest"],
    ]
    since = min((moment for moment in oldest if moment is not None), default=None)
    if since is None:
        return 0.0
    resumed = OutboxPulse.objects.filter(pk=1).values_list("resumed_at", flat=True).first()
    waited: dt.timedelta = database_now() - (since if resumed is None else max(since, resumed))
    return max(0.0, waited.total_seconds())


def check_mail() -> Health:
    """Tell whether mail flows: nothing is due for long, unless somebody paused sending."""
    seconds = oldest_due_seconds()
    if paused_because() is not None:
        return Health(ok=True, detail="sending is paused", value=seconds)
    ok = seconds <= PATIENCE_SECONDS
    detail = "flows" if ok else _WAITS
    if paused := MailPause.objects.count():
        of = "1 conference" if paused == 1 else f"{paused} conferences"
        detail += f"; the mail of {of} is paused"
    return Health(ok=ok, detail=detail, value=seconds)


def mail_figures() -> Iterator[Figure]:
    """Yield the outbox in numbers. What they cost grows with what is open, not with what was sent.

    Counters stand in the database and so go on over every restart.
    """
    yield Figure(
        "outbox_messages",
        "Messages that are not at a good end, by state",
        {(state,): float(number) for state, number in _open_by_state().items()},
        labels=("state",),
    )
    yield Figure(
        "outbox_oldest_due_seconds",
        "For how long the oldest message that waits has been due",
        {(): oldest_due_seconds()},
    )
    tries = tries_by_outcome()
    for name, words, outcomes in _COUNTERS:
        by_kind = dict.fromkeys(MessageKind.values, 0.0)
        for (kind, outcome), number in tries.items():
            if outcome in outcomes:
                by_kind[kind] = by_kind.get(kind, 0.0) + number
        yield Figure(
            name,
            words,
            {(kind,): number for kind, number in by_kind.items()},
            labels=("kind",),
            counter=True,
        )
    yield Figure(
        "outbox_paused",
        "Whether somebody paused all mail",
        {(): float(paused_because() is not None)},
    )
    yield Figure(
        "outbox_paused_conferences",
        "Conferences whose mail somebody paused",
        {(): float(MailPause.objects.count())},
    )
    yield from _since_sweep()


def _open_by_state() -> Mapping[str, int]:
    """Return state -> number of messages for states that partial indexes hold."""
    found = {MessageState.QUEUED: Message.objects.filter(state=MessageState.QUEUED).count()}
    for states in (IN_HAND, LOST):
        rows = Message.objects.filter(state__in=states).order_by().values_list("state")
        found |= dict.fromkeys(states, 0) | dict(rows.annotate(number=Count("pk")))
    return {str(state): number for state, number in found.items()}


def _since_sweep() -> Iterator[Figure]:
    swept = OutboxPulse.objects.filter(pk=1).values_list("swept_at", flat=True).first()
    if swept is not None:
        yield Figure(
            "outbox_swept_seconds",
            "For how long nobody has swept the outbox",
            {(): max(0.0, (database_now() - swept).total_seconds())},
        )

"""The figures of sending. `settings.OUTBOX` overrides single ones; tests make them short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Limits:
    """All times are in seconds.

    Arguments:
        batch: how many messages a sender takes at first.
        most, ahead: how many it takes later on: as many as it sends in `ahead` seconds, by what it
            has just sent, but no more than `most` and no fewer than `batch`.
        lease: how long they are its own by the database's clock.
        heartbeat: how often a sender at work renews its leases.
        turn: after how long a sender gives way to other tasks and asks to be called again.
        senders: how many senders the sweeper wakes when much is due.
        seats: how many senders one worker process has at once; with more threads than that, a mail
            server that hangs never holds the one that plans.
        connect, command, final: how long an SMTP server may take for a connection, for each
            answer, and for the answer to the final dot.
        unreachable: how long to wait when no connection came about (no message was tried).
        waits: how long to wait after the first, second… try; the last one repeats.
        broken_tries: how often a message that can not be made for an unknown reason is tried.
        ambiguous_tries: at how many tries without an answer a message is parked.
        lapses: at how many vanished senders a message is taken to be their end.
        standstill: after how long mail that is due, with nothing sent meanwhile, stands still.
        lost: at how many mails of an organisation that failed or are in doubt within an hour
            its owners are told; also at how many that the mail server put off, while none goes.
        unswept: after how long without a sweep nobody looks after the outbox.
        look_twice: for how long a trouble must be seen before the owners are told: after a night
            without power mail is late, and goes at once.
        warn_again: how long the owners are left alone after a warning.
        broker_timeout, broker_pause: how long a nudge may take, and how long none is tried after
            one that failed.
        nudge_spacing: of all commits of a process within it, the first wakes senders and the rest
            together once more.
    """

    batch: int = 25
    most: int = 100
    ahead: float = 1.0
    lease: float = 30.0
    heartbeat: float = 10.0
    turn: float = 8.0
    senders: int = 4
    seats: int = 3
    connect: float = 10.0
    command: float = 30.0
    final: float = 150.0
    unreachable: float = 20.0
    waits: tuple[float, ...] = (60.0, 300.0, 900.0, 3600.0)
    broken_tries: int = 3
    ambiguous_tries: int = 2
    lapses: int = 10
    standstill: float = 600.0
    lost: int = 20
    unswept: float = 120.0
    look_twice: float = 90.0
    warn_again: float = 21600.0
    broker_timeout: float = 0.2
    broker_pause: float = 15.0
    nudge_spacing: float = 0.25

    def wait_after(self, attempt: int) -> float:
        """Return how long to wait after this try, counted from 1."""
        return self.waits[min(max(attempt, 1), len(self.waits)) - 1]

    def next_batch(self, sent: int, seconds: float) -> int:
        """Return how many messages to take after so many took so many seconds."""
        return max(self.batch, min(self.most, int(sent / max(seconds, 0.001) * self.ahead)))


def limits() -> Limits:
    """Return the figures that hold now."""
    given: dict[str, Any] = dict(getattr(settings, "OUTBOX", {}))
    if "waits" in given:
        given["waits"] = tuple(given["waits"])
    return Limits(**given)

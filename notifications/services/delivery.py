"""Senders: take a few messages, send them one by one, write each one down; again until none is due.

No mail is given to a server inside a transaction, and each message is committed by itself:
`sending` before its recipient is named, how it ended right after; that commit may also say that the
next message is being sent. What a crash leaves behind at any point is put right by
services.sweeping.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from django.core.mail import BadHeaderError
from django.db import DatabaseError, connection

from notifications.enums import DeliveryOutcome
from notifications.models import Message
from notifications.services.claiming import Claim, begin, claim, due_messages, give_back
from notifications.services.composing import compose
from notifications.services.fitness import seen_of
from notifications.services.flushing import begin_flush, committing_early, end_flush
from notifications.services.handing_over import Made, hand_over
from notifications.services.headers import AddressError
from notifications.services.heartbeat import Heartbeat, uptime
from notifications.services.kinds import RESENT
from notifications.services.limits import Limits, limits
from notifications.services.locks import at_work
from notifications.services.mail_facts import FRESH_SECONDS
from notifications.services.recipients import readdress
from notifications.services.refusals import Refusal
from notifications.services.rendering import RenderingError, render
from notifications.services.settling import settle
from notifications.services.smtp import Verdict
from notifications.services.sql import plan_once
from notifications.services.transports import Transport, make_transport

logger = logging.getLogger(__name__)
T = TypeVar("T")
# How long an outcome that is known is kept for a database that does not answer.
_PATIENCE: Final = 60.0
_PAUSE: Final = 0.5
# How far beyond its turn a sender may carry on with what it has taken.
_GRACE: Final = 10.0

# Set when this process is asked to end: senders finish the mail in hand and give back the others.
stopping = threading.Event()


@dataclass(slots=True)
class Turn:
    """What a sender did in its turn.

    Arguments:
        more: whether it stopped because its time was up, not because nothing was due.
    """

    sent: int = 0
    failed: int = 0
    more: bool = False


def send_due_messages(*, seconds: float | None = None) -> Turn:
    """Send what is due, until nothing is or the turn is over.

    Any number of senders may run at once, in threads, processes and machines.

    Arguments:
        seconds: how long the turn may take; by the settings unless said.
    """
    figures = limits()
    ends = time.monotonic() + (figures.turn if seconds is None else seconds)
    turn, number = Turn(), figures.batch
    transport = make_transport(figures)
    plan_once()
    try:
        with committing_early(), Heartbeat(figures) as heartbeat:
            while not stopping.is_set():
                since = uptime()
                claimed = claim(figures, number)
                if claimed is None:
                    return turn
                heartbeat.watch(claimed.token, since)
                went_on = _Sender(claimed, transport, heartbeat, figures, turn, ends).run()
                heartbeat.rest()
                number = figures.next_batch(len(claimed.messages), uptime() - since)
                if not went_on:
                    return turn
                if time.monotonic() >= ends:
                    turn.more = due_messages().exists()
                    return turn
    finally:
        transport.close()
    return turn


@dataclass(slots=True)
class _Sender:
    """One claim on its way through one transport."""

    claimed: Claim
    transport: Transport
    heartbeat: Heartbeat
    figures: Limits
    turn: Turn
    ends: float

    def run(self) -> bool:
        """Send the claim's messages and tell whether it makes sense to take more.

        While one is being sent the next one is made already; where that goes well, one commit says
        that the one went out and that the other is begun (services.handing_over).
        """
        waiting = deque(self.claimed.messages)
        begun: Made | None = None
        while begun is not None or waiting:
            if begun is None:
                if self._must_end():
                    give_back(self.claimed.token)
                    return True
                step = self._begin(waiting.popleft())
                if isinstance(step, Verdict):
                    wait = self.figures.unreachable
                    give_back(self.claimed.token, after=wait, why=step.detail)
                    return False
                begun = step
            if begun is not None:
                begun = self._send(begun, waiting)
        return True

    def _must_end(self) -> bool:
        return stopping.is_set() or time.monotonic() > self.ends + _GRACE

    def _begin(self, message: Message) -> Made | Verdict | None:
        """Begin a message; return why nothing at all can be sent now, if that is so.

        None means that this one is not sent, and that this has been written down.
        """
        made = self._make(message)
        if isinstance(made, Verdict):
            self._settle(message, made, begun=False)
            return None
        verdict = self.transport.open()
        if verdict is not None:
            if not verdict.tried:
                return verdict
            self._settle(message, verdict, begun=False)
            return None
        refusal = begin(message, self.claimed.token, made.mail, made.content, self.figures)
        if refusal is not None:
            self._note(message, refusal)
            return None
        return made

    def _send(self, made: Made, waiting: deque[Message]) -> Made | None:
        """Send a message that was begun; return the next one if that is begun as well."""
        begin_flush()
        with at_work():
            following = self._make_ahead(waiting)
        began = time.monotonic()
        verdict = self.transport.send(made.mail, self.heartbeat.is_alive, end_flush)
        seconds = time.monotonic() - began
        accepted = verdict.outcome is DeliveryOutcome.ACCEPTED
        # What was made a while ago may not be what holds now: it is made anew.
        if (
            following is None
            or not accepted
            or seconds > FRESH_SECONDS
            or not self.transport.is_open
            or self._must_end()
        ):
            self._settle(made.message, verdict, begun=True, seconds=seconds)
            return None
        token, figures = self.claimed.token, self.figures
        try:
            refusal = hand_over(made.message, verdict, seconds, following, token, figures)
        except DatabaseError as error:
            logger.info("Message %s is written down by itself: %s", made.message.uid, error)
            self._settle(made.message, verdict, begun=True, seconds=seconds)
            return None
        self.turn.sent += 1
        if refusal is Refusal.UNSURE:
            return None
        waiting.popleft()
        if refusal is not None:
            self._note(following.message, refusal)
            return None
        return following

    def _make_ahead(self, waiting: deque[Message]) -> Made | None:
        """Make the mail that is next, unless it needs a closer look in its turn.

        Whatever goes wrong with it must not hold up the one that has been begun. A kind that is
        parked when in doubt is begun as late as can be.
        """
        if not waiting or waiting[0].kind not in RESENT:
            return None
        try:
            made = self._make(waiting[0])
        except DatabaseError:
            return None
        return made if isinstance(made, Made) else None

    def _make(self, message: Message) -> Made | Verdict:
        """Make the mail, or say why it can not be made; a poisoned row never stops the others."""
        try:
            readdress(message)
            content = render(message)
            seen = seen_of(message, self.claimed.seen)
            return Made(message, compose(message, content), content, seen)
        except (RenderingError, BadHeaderError, AddressError) as error:
            return Verdict(DeliveryOutcome.BROKEN, str(error)[:500], final=True)
        except DatabaseError:
            raise  # not the message's fault; its lease runs out
        except Exception as error:
            logger.exception("Message %s could not be made", message.uid)
            return Verdict(DeliveryOutcome.BROKEN, f"It could not be made: {type(error).__name__}")

    def _note(self, message: Message, refusal: Refusal) -> None:
        logger.info("Message %s was not begun: %s", message.uid, refusal.value)

    def _settle(
        self,
        message: Message,
        verdict: Verdict,
        *,
        begun: bool,
        seconds: float = 0.0,
    ) -> None:
        token: uuid.UUID = self.claimed.token
        _surely(
            lambda: settle(
                message,
                token,
                verdict,
                self.figures,
                begun=begun,
                seconds=seconds,
            )
        )
        if verdict.outcome is DeliveryOutcome.ACCEPTED:
            self.turn.sent += 1
        else:
            self.turn.failed += 1
            logger.warning(
                "Message %s, try %s: %s", message.uid, message.attempts + 1, verdict.outcome.value
            )


def _surely(write: Callable[[], T]) -> T:
    """Write down what is known to have happened, even if the database must come back first."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return write()
        except DatabaseError:
            if connection.in_atomic_block or time.monotonic() > deadline:
                raise
            logger.warning("The outcome of a mail could not be written down; trying again")
            connection.close()
            time.sleep(_PAUSE)

"""Senders: take a few messages, send them one by one, write each one down; again until none is due.

No mail is given to a server inside a transaction, and each message is committed by itself:
`sending` before its recipient is named, how it ended right after. What a crash leaves behind at any
point is put right by services.sweeping.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from django.core.mail import BadHeaderError
from django.db import DatabaseError, connection

from notifications.enums import DeliveryOutcome
from notifications.models import Message
from notifications.services.archive import MailContent
from notifications.services.claiming import Claim, begin, claim, due_messages, give_back
from notifications.services.composing import Mail, compose
from notifications.services.headers import AddressError
from notifications.services.heartbeat import Heartbeat, uptime
from notifications.services.limits import Limits, limits
from notifications.services.recipients import readdress
from notifications.services.rendering import RenderingError, render
from notifications.services.settling import settle
from notifications.services.smtp import Verdict
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
    turn = Turn()
    transport = make_transport(figures)
    try:
        with Heartbeat(figures) as heartbeat:
            while not stopping.is_set():
                since = uptime()
                claimed = claim(figures)
                if claimed is None:
                    return turn
                heartbeat.watch(claimed.token, since)
                went_on = _Sender(claimed, transport, heartbeat, figures, turn).run(ends)
                heartbeat.rest()
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

    def run(self, ends: float) -> bool:
        """Send the claim's messages and tell whether it makes sense to take more."""
        for message in self.claimed.messages:
            if stopping.is_set() or time.monotonic() > ends + _GRACE:
                give_back(self.claimed.token)
                return True
            unreachable = self._send(message)
            if unreachable is not None:
                give_back(
                    self.claimed.token, after=self.figures.unreachable, why=unreachable.detail
                )
                return False
        return True

    def _send(self, message: Message) -> Verdict | None:
        """Send one message; return why nothing at all can be sent now, if that is so."""
        made = self._make(message)
        if isinstance(made, Verdict):
            self._settle(message, made, begun=False)
            return None
        mail, content = made
        verdict = self.transport.open()
        if verdict is not None:
            if not verdict.tried:
                return verdict
            self._settle(message, verdict, begun=False)
            return None
        refusal = begin(message, self.claimed.token, mail, content, self.figures)
        if refusal is not None:
            logger.info("Message %s was not begun: %s", message.uid, refusal.value)
            return None
        began = time.monotonic()
        verdict = self.transport.send(mail, self.heartbeat.is_alive)
        self._settle(message, verdict, begun=True, seconds=time.monotonic() - began)
        return None

    def _make(self, message: Message) -> tuple[Mail, MailContent] | Verdict:
        """Make the mail, or say why it can not be made; a poisoned row never stops the others."""
        try:
            readdress(message)
            content = render(message)
            return compose(message, content), content
        except (RenderingError, BadHeaderError, AddressError) as error:
            return Verdict(DeliveryOutcome.BROKEN, str(error)[:500], final=True)
        except DatabaseError:
            raise  # not the message's fault; its lease runs out
        except Exception as error:
            logger.exception("Message %s could not be made", message.uid)
            return Verdict(DeliveryOutcome.BROKEN, f"It could not be made: {type(error).__name__}")

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

"""One commit between two mails: the one that went out, and the one that is begun next."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from notifications.models import Message
from notifications.services.archive import MailContent
from notifications.services.claiming import begun_as, write_refused
from notifications.services.composing import Mail
from notifications.services.fitness import Refusal, why_not
from notifications.services.limits import Limits
from notifications.services.locks import writing
from notifications.services.settling import sent_as
from notifications.services.smtp import Verdict
from notifications.services.statements import write_both, write_sent


@dataclass(frozen=True, slots=True)
class Made:
    """A message and the mail that was made of it."""

    message: Message
    mail: Mail
    content: MailContent


def hand_over(
    done: Message,
    verdict: Verdict,
    seconds: float,
    following: Made,
    token: uuid.UUID,
    figures: Limits,
) -> Refusal | None:
    """Commit that one message went out and that the next one is being sent, or why it is not.

    It is what `settle` and `begin` do, in one transaction instead of two: `sent` waits for nothing,
    and each message still has its commit between its own dialogue and the next. What could forbid
    the next one is looked at first, since everybody locks conferences before messages.

    Arguments:
        done: accepted by the server after so many seconds.
        following: claimed under the same token.

    Raises:
        DatabaseError: then neither is written down; also where the next one would have to wait
            for a move, an answer or the like that is just being written.
    """
    sent = sent_as(done, verdict, seconds)
    with writing(urgent=True):
        refusal = why_not(following.message, at_once=True)
        if refusal is not None:
            write_sent(sent, token)
            write_refused(refusal, following.message, token)
            return refusal
        begun = begun_as(following.message, following.mail, following.content, figures)
        return None if write_both(sent, begun, token) else Refusal.LOST

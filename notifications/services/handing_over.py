"""One commit between two mails: the one that went out, and the one that is begun next."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from notifications.models import Message
from notifications.services.archive import MailContent
from notifications.services.claiming import begun_as, write_refused
from notifications.services.composing import Mail
from notifications.services.fitness import why_not
from notifications.services.limits import Limits
from notifications.services.locks import writing
from notifications.services.refusals import Refusal
from notifications.services.sending_facts import Seen
from notifications.services.settling import sent_as
from notifications.services.smtp import Verdict
from notifications.services.statements import write_both, write_both_as_seen, write_sent


@dataclass(frozen=True, slots=True)
class Made:
    """A message and the mail that was made of it.

    Arguments:
        seen: what was true of the message, if it is right for as long as that is.
    """

    message: Message
    mail: Mail
    content: MailContent
    seen: Seen | None = None


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
    the next one is looked at first, since everybody locks conferences before messages. Where that
    was done before (`following.seen`), one statement writes both, if nothing has changed since.

    Arguments:
        done: accepted by the server after so many seconds.
        following: claimed under the same token.

    Returns:
        None when the next one is begun, `UNSURE` when it is still claimed and has to be looked at
        in its turn, else what has been written down of it.

    Raises:
        DatabaseError: then neither is written down; also where the next one would have to wait
            for a move, an answer or the like that is just being written.
    """
    sent = sent_as(done, verdict, seconds)
    if following.seen is not None:
        begun = begun_as(following.message, following.mail, following.content, figures)
        is_begun = write_both_as_seen(sent, begun, token, following.seen)
        return None if is_begun else Refusal.UNSURE
    with writing(urgent=True):
        refusal = why_not(following.message, at_once=True)
        if refusal is not None:
            write_sent(sent, token)
            write_refused(refusal, following.message, token)
            return refusal
        begun = begun_as(following.message, following.mail, following.content, figures)
        return None if write_both(sent, begun, token) else Refusal.LOST

"""How a try ended, written down: the row's next state, and the try itself."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.db.models import F

from notifications.enums import IN_HAND, AfterAmbiguity, DeliveryOutcome, MessageState
from notifications.models import Message
from notifications.services.composing import message_id
from notifications.services.dbclock import DatabaseNow
from notifications.services.kinds import kind_of
from notifications.services.limits import Limits
from notifications.services.locks import writing
from notifications.services.smtp import Verdict
from notifications.services.statements import Sent, note_try, write_sent

_DETAIL: Final = 500


def settle(
    message: Message,
    token: uuid.UUID,
    verdict: Verdict,
    figures: Limits,
    *,
    begun: bool,
    seconds: float = 0.0,
) -> bool:
    """Write down how a try ended, in one commit, and tell whether the row was still ours.

    The try is written down even when it was not; a row that somebody else has by now stays theirs.

    Arguments:
        begun: whether the row was `sending`; otherwise the try counts from here.
        seconds: how long the try took.
    """
    with writing(urgent=True):
        if verdict.outcome is DeliveryOutcome.ACCEPTED:
            return write_sent(sent_as(message, verdict, seconds), token)
        is_ours = _change(message, token, _next_state(message, verdict, figures), begun=begun)
        note_try(message.pk, message.attempts + 1, seconds, verdict)
    return is_ours


def sent_as(message: Message, verdict: Verdict, seconds: float) -> Sent:
    """Return what is written down of a message that went out."""
    return Sent(message.pk, message_id(message), message.attempts + 1, seconds, verdict)


def _change(message: Message, token: uuid.UUID, changes: dict[str, Any], *, begun: bool) -> bool:
    if not begun:
        changes["attempts"] = F("attempts") + 1
    mine = Message.objects.filter(pk=message.pk, lease_token=token, state__in=IN_HAND)
    rest = {"lease_token": None, "lease_until": None, "updated_at": DatabaseNow()}
    return bool(mine.update(**changes, **rest))


def _next_state(message: Message, verdict: Verdict, figures: Limits) -> dict[str, Any]:
    error = {"last_error": verdict.detail[:_DETAIL]}
    attempt = message.attempts + 1
    waits = {
        "state": MessageState.QUEUED,
        "due_at": DatabaseNow(figures.wait_after(attempt)),
        **error,
    }
    match verdict.outcome:
        case DeliveryOutcome.REFUSED:
            return {"state": MessageState.FAILED, **error}
        case DeliveryOutcome.AMBIGUOUS:
            return {**error, **after_ambiguity(message, figures, figures.wait_after(1))}
        case DeliveryOutcome.BROKEN if verdict.final or attempt >= figures.broken_tries:
            return {"state": MessageState.FAILED, **error}
    return waits


def after_ambiguity(message: Message, figures: Limits, wait: float) -> dict[str, Any]:
    """Return what becomes of a row of which nobody knows whether it went."""
    tries = message.ambiguous_tries + 1
    again = (
        kind_of(message.kind).after_ambiguity is AfterAmbiguity.RESEND
        and tries < figures.ambiguous_tries
    )
    if again:
        state = {"state": MessageState.QUEUED, "due_at": DatabaseNow(wait)}
    else:
        state = {"state": MessageState.UNKNOWN}
    return {**state, "ambiguous_tries": tries}

"""Why a row of the outbox is where it is: a code and a sentence for each state and reason. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from events import dates
from notifications.enums import AnnouncementState, CancelReason, MessageState
from notifications.models import Message
from notifications.services.kinds import RULES_RUN_IN
from notifications.services.needs_facts import ASKS_FOR_NEEDS
from notifications.services.reading import local_moment, state_in_words
from notifications.services.sentences import offset_in_words


class Code(StrEnum):
    """Every way in which a message goes or does not go, as programs read it."""

    SENT = "sent"
    WAITS = "waits"
    WAITS_AGAIN = "waits-to-try-again"
    WAITS_FOR_SENDER = "waits-for-a-sender"
    WAITS_FOR_PLANNING = "waits-for-planning"
    WAITS_FOR_PUBLICATION = "waits-for-publication"
    PAUSED = "paused"
    IN_HAND = "in-hand"
    FAILED = "failed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    TAKEN_BACK = "taken-back"
    REGISTRATION = "registration"
    CONFERENCE = "conference"
    NOT_PLANNED = "not-planned"
    REPLACED = "replaced"
    LATE = "late"
    MERGED = "merged"
    OPTED_OUT = "opted-out"
    ANSWERED = "answered"
    ENOUGH = "enough"
    RULE_OFF = "rule-off"
    CONFERENCE_STOPPED = "conference-stopped"
    NOT_IN_AUDIENCE = "not-in-audience"
    NO_ADDRESS = "no-address"
    NO_MOMENT = "no-moment"
    TIME_SHORT = "time-short"
    PAST = "past"
    PLANNED_SOON = "planned-soon"
    NO_OCCASION = "no-occasion"


@dataclass(frozen=True, slots=True)
class Mail:
    """A row of the outbox with what stands elsewhere.

    Arguments:
        message: with its conference, rule and announcement at hand.
        taken_back_by: who took it back, where that was an organiser or a program.
        opted_out: since when its address has opted out: "Opted out on 3 Mar 2027".
    """

    message: Message
    taken_back_by: str = ""
    opted_out: str = ""


Said = tuple[Code, str]
_HELD: Final = "Its announcement is paused"


def say_mail(mail: Mail, now: dt.datetime, paused: str | None, *, replaced_by: str = "") -> Said:
    """Return why a message is where it is.

    Arguments:
        paused: why no mail leaves, if none does.
        replaced_by: the occurrence that its rule has in its place by now.
    """
    message = mail.message
    state = MessageState(message.state)
    if state is MessageState.CANCELLED:
        code, say = _CANCELLED[CancelReason(message.cancelled_for)]
        if message.cancelled_for == CancelReason.PLAN and replaced_by:
            return Code.REPLACED, _replaced(message, replaced_by)
        return code, say(mail)
    if state is MessageState.QUEUED:
        return _waits(message, now, paused)
    code, say = _ENDED[state]
    return code, say(mail)


def _waits(message: Message, now: dt.datetime, paused: str | None) -> Said:
    conference = message.conference
    due = _at(message, message.due_at)
    if paused is not None or _is_held(message):
        why = (
            "Its announcement is paused"
            if paused is None
            else f"No mail leaves at the moment: {paused}"
        )
        return Code.PAUSED, f"{why}. It is due on {due}."
    if message.plan_revision is not None:
        if conference.state not in RULES_RUN_IN:
            words = state_in_words(conference)
            return Code.CONFERENCE_STOPPED, f"The conference is {words}, so rules send nothing."
        if message.plan_revision != conference.plan_revision:
            return (
                Code.WAITS_FOR_PLANNING,
                "The conference has changed since this was planned; it is planned anew shortly.",
            )
    if message.due_at <= now:
        return Code.WAITS_FOR_SENDER, f"Due since {due}: it goes as soon as a sender is free."
    if message.attempts:
        return (
            Code.WAITS_AGAIN,
            f"Tried {_times(message.attempts)}, and again on {due}. {_error(message)}".rstrip(),
        )
    return Code.WAITS, f"Waits until {due}{_of_rule(message)}. It goes to {message.to_email}."


def _is_held(message: Message) -> bool:
    row = message.announcement
    return row is not None and row.state == AnnouncementState.PAUSED


def _of_rule(message: Message) -> str:
    if message.rule is None:
        return ""
    words = offset_in_words(message.rule)
    return f", {words[:1].lower()}{words[1:]}"


def _sent(mail: Mail) -> str:
    message = mail.message
    tries = "the first try" if message.attempts <= 1 else f"try {message.attempts}"
    return (
        f"Sent on {_at(message, message.sent_at)} to {message.to_email}, accepted by the mail "
        f"server at {tries}."
    )


def _unknown(mail: Mail) -> str:
    return (
        "Nobody knows whether it went: the connection broke after it was handed over. Ask "
        f"{mail.message.to_email}, and send it again or leave it."
    )


def _failed(mail: Mail) -> str:
    return f"The mail to {mail.message.to_email} failed. {_error(mail.message)}".rstrip()


def _expired(mail: Mail) -> str:
    until = _at(mail.message, mail.message.not_after)
    return f"It had not gone by {until}; later it made no sense."


def _taken_back(mail: Mail) -> str:
    when = _at(mail.message, mail.message.updated_at)
    row = mail.message.announcement
    if row is not None and not mail.taken_back_by:
        if row.state == AnnouncementState.HELD:
            return f"Its announcement was held back before any mail of it left, on {when}."
        return f"Its announcement was stopped or taken back by then, on {when}."
    return f"Taken back by {mail.taken_back_by or 'an organiser'} on {when}."


def _opted_out(mail: Mail) -> str:
    return f"{mail.opted_out or 'Had opted out'} of mails like this one ({mail.message.to_email})."


def _not_right(mail: Mail) -> str:
    if mail.message.announcement_id is not None:
        return "They were no longer in its audience when it was to go."
    return "It was no longer right for what their registration is."


def _answered(mail: Mail) -> str:
    if mail.message.template == ASKS_FOR_NEEDS:
        return "They have given all that was needed of them."
    return "They have answered, so nudges have stopped."


def _late(mail: Mail) -> str:
    due = _at(mail.message, mail.message.due_at)
    return f"Did not go: came after this rule's moment, {due}, and the rule says skip."


def _replaced(message: Message, replaced_by: str) -> str:
    return (
        f"What it was about moved: that for {_of(message.occurrence)} was replaced by that for "
        f"{_of(replaced_by)}."
    )


def _of(occurrence: str) -> str:
    """Return the time that an occurrence names: "start@2027-03-27T10:00" as 27 Mar 2027, 10:00."""
    try:
        local = dt.datetime.fromisoformat(occurrence.partition("@")[2])
    except ValueError:
        return "another time"
    return f"{dates.say_short_date(local, 'en')}, {dates.say_time(local, 'en')}"


def _at(message: Message, at: dt.datetime | None) -> str:
    return local_moment(at, message.conference.time_zone) if at is not None else "an unknown day"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _error(message: Message) -> str:
    return f"The last answer was “{message.last_error}”." if message.last_error else ""


_Say = Callable[[Mail], str]
_IN_HAND: Final[tuple[Code, _Say]] = (
    Code.IN_HAND,
    lambda _mail: "A sender has it in hand at this moment.",
)
_ENDED: Final[Mapping[MessageState, tuple[Code, _Say]]] = MappingProxyType(
    {
        MessageState.CLAIMED: _IN_HAND,
        MessageState.SENDING: _IN_HAND,
        MessageState.SENT: (Code.SENT, _sent),
        MessageState.FAILED: (Code.FAILED, _failed),
        MessageState.EXPIRED: (Code.EXPIRED, _expired),
        MessageState.UNKNOWN: (Code.UNKNOWN, _unknown),
    }
)
_CANCELLED: Final[Mapping[CancelReason, tuple[Code, _Say]]] = MappingProxyType(
    {
        CancelReason.ORGANISER: (Code.TAKEN_BACK, _taken_back),
        CancelReason.REGISTRATION: (Code.REGISTRATION, _not_right),
        CancelReason.CONFERENCE: (
            Code.CONFERENCE,
            lambda _mail: "The conference does not take place as it was planned for.",
        ),
        CancelReason.PLAN: (Code.NOT_PLANNED, lambda _mail: "Its rule no longer plans it."),
        CancelReason.LATE: (Code.LATE, _late),
        CancelReason.MERGED: (
            Code.MERGED,
            lambda _mail: "Said in the confirmation instead: they came after the rule's moment.",
        ),
        CancelReason.SUPPRESSED: (Code.OPTED_OUT, _opted_out),
        CancelReason.ANSWERED: (
            Code.ANSWERED,
            _answered,
        ),
        CancelReason.ENOUGH: (
            Code.ENOUGH,
            lambda _mail: "Two nudges have gone to them; there are no more.",
        ),
    }
)

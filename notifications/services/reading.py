"""What organisers ask the outbox: how much of what, what they look for, why a message waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from core.clock import to_local
from core.text import search_key
from events import dates
from events.enums import ConferenceState
from events.models import Conference
from notifications.enums import CancelReason, MessageKind, MessageState, SuppressionReason
from notifications.models import Message
from notifications.services.archive import MailContent, reveal
from notifications.services.kinds import RULES_RUN_IN
from notifications.services.opted_out import opted_out_on
from notifications.services.rendering import render
from notifications.services.suppression import why_suppressed

# A message that is due goes within seconds; one that is due for longer says that nobody sends.
STANDSTILL: Final = dt.timedelta(minutes=2)
_WAITING_FIRST: Final = frozenset({MessageState.QUEUED, MessageState.CLAIMED, MessageState.SENDING})
_CANCELLED: Final[Mapping[str, str]] = {
    CancelReason.ORGANISER: "An organiser took it back.",
    CancelReason.REGISTRATION: "It was no longer right for the registration.",
    CancelReason.CONFERENCE: "The conference does not take place as it was planned for.",
    CancelReason.PLAN: "Its rule no longer plans it.",
    CancelReason.LATE: "The recipient registered after the moment of its rule.",
    CancelReason.ANSWERED: "The guest has answered, so nudges have stopped.",
    CancelReason.ENOUGH: "The guest has been nudged twice, and that is enough.",
    CancelReason.MERGED: "The recipient registered late: the confirmation said it already.",
}
_WAYS: Final[Mapping[str, str]] = {
    SuppressionReason.ONE_CLICK: "by the button of their mail program",
    SuppressionReason.PREFERENCE: "by the link in a mail",
    SuppressionReason.ORGANISER: "as an organiser put down",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands above the list of messages.

    Arguments:
        by_state: state -> how many match what is looked for.
        oldest_due: since when the oldest message that could go is due, if any is.
    """

    by_state: Mapping[str, int]
    oldest_due: dt.datetime | None

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def stands_still(self) -> bool:
        return self.oldest_due is not None and timezone.now() - self.oldest_due > STANDSTILL


def messages_of(conference: Conference, *, kind: str = "", text: str = "") -> QuerySet[Message]:
    """Return a conference's messages of a kind whose address or name holds the text."""
    rows = Message.objects.filter(conference=conference)
    if kind in MessageKind.values:
        rows = rows.filter(kind=kind)
    typed = text.replace("\x00", "").strip()[:200]
    if typed:
        key = search_key(typed)
        found = Q(to_email__icontains=typed)
        if key:
            found |= Q(registration__search_key__contains=key) | Q(person__search_key__contains=key)
        rows = rows.filter(found)
    return rows


def in_order(rows: QuerySet[Message], state: str) -> QuerySet[Message]:
    """Return the messages of a state, or all: what comes next first, else the latest news."""
    if state in MessageState.values:
        rows = rows.filter(state=state)
    order = ("due_at", "pk") if state in _WAITING_FIRST else ("-updated_at", "-pk")
    return rows.select_related("registration", "person", "rule").order_by(*order)


def figures(conference: Conference, rows: QuerySet[Message]) -> Figures:
    """Return how many messages are in each state, and how old the oldest is that is due."""
    counts = rows.order_by().values("state").annotate(number=Count("pk"))
    due = Message.objects.filter(
        conference=conference, state=MessageState.QUEUED, due_at__lte=timezone.now()
    )
    return Figures(
        by_state={row["state"]: row["number"] for row in counts},
        oldest_due=due.order_by("due_at").values_list("due_at", flat=True).first(),
    )


def state_in_words(conference: Conference) -> str:
    """Return a conference's state as it stands in a sentence."""
    if conference.state == ConferenceState.DRAFT:
        return "still a draft"
    return conference.get_state_display().lower()


def short_moment(at: dt.datetime, zone: str) -> str:
    """Return an instant where everybody knows the zone: 2 Dec 2026, 10:00."""
    local = to_local(at, zone)
    return f"{dates.say_short_date(local, 'en')}, {dates.say_time(local, 'en')}"


def local_moment(at: dt.datetime, zone: str) -> str:
    """Return an instant as an organiser reads it: 2 Dec 2026, 10:00 (Belgrade)."""
    return f"{short_moment(at, zone)} ({dates.zone_city(zone, 'en')})"


def why(message: Message, *, paused: str | None) -> str:
    """Return in a sentence why a message is where it is."""
    zone = message.conference.time_zone

    def moment(at: dt.datetime | None) -> str:
        return local_moment(at, zone) if at else "then"

    if message.state == MessageState.QUEUED:
        return _why_it_waits(message, moment(message.due_at), paused)
    if message.cancelled_for == CancelReason.SUPPRESSED:
        return _why_not_wanted(message)
    if message.state == MessageState.CANCELLED:
        return _CANCELLED.get(message.cancelled_for, "It was taken back.")
    in_hand = "A sender has it in hand at this moment."
    return {
        MessageState.CLAIMED: in_hand,
        MessageState.SENDING: in_hand,
        MessageState.SENT: f"The mail server accepted it on {moment(message.sent_at)}.",
        MessageState.FAILED: "It could not be sent, and it is not tried again by itself.",
        MessageState.EXPIRED: (
            f"It had not gone by {moment(message.not_after)}; later it made no sense."
        ),
        MessageState.UNKNOWN: (
            "The connection broke after the mail had been handed over, so nobody knows whether it "
            "arrived. Ask the recipient, or send it again."
        ),
    }[MessageState(message.state)]


def _why_not_wanted(message: Message) -> str:
    conference = message.conference
    row = why_suppressed(conference, message.to_email)
    if row is None:
        return "Had opted out of mails like this one by then, and gets them again now."
    reach = "all conferences" if row.conference_id is None else "this conference"
    way = _WAYS[SuppressionReason(row.reason)]
    return f"{opted_out_on(row, conference.time_zone)}, of {reach}, {way}."


def _why_it_waits(message: Message, due: str, paused: str | None) -> str:
    conference = message.conference
    if paused is not None:
        return f"No mail leaves at the moment: {paused}."
    if message.rule is not None:
        if conference.state not in RULES_RUN_IN:
            return f"The conference is {state_in_words(conference)}, so its rules send nothing."
        if message.plan_revision != conference.plan_revision:
            return "The conference has changed since this was planned; it is planned anew shortly."
    if message.due_at > timezone.now():
        again = "It is tried again on" if message.attempts else "It goes on"
        return f"{again} {due}."
    return f"It has been due since {due} and goes as soon as a sender is free."


def mail_of(message: Message) -> tuple[MailContent, bool]:
    """Return a message's mail as its reader sees it, and whether it is the one that was made.

    What was sent is read from what was kept; anything else is made now, from today's facts.

    Raises:
        RenderingError: when it can not be made.
    """
    kept = getattr(message, "rendered", None)
    if kept is not None:
        return reveal(kept, message.registration), True
    return render(message), False

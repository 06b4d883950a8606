"""Whether a message is still right at the moment of sending."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, Final

from events.enums import ParticipationState
from notifications.enums import Audience, CancelReason, MessageKind
from notifications.models import Message, Notice
from notifications.services.invitation_facts import (
    ABOUT_AN_INVITATION,
    has_another_link,
    is_answered,
)
from notifications.services.kinds import kind_of
from notifications.services.recipients import STATUS_OF
from notifications.services.statements import read_facts
from registrations.enums import RegistrationStatus

Facts = Mapping[str, Any]


class Refusal(Enum):
    """Why a message is not begun."""

    LOST = "lost"  # somebody else has it, or it was taken back
    PAUSED = "paused"  # nothing leaves now
    MOVED = "moved"  # planned at a former revision: the sweeper plans it anew
    CHANGED = "changed"  # what was rendered no longer holds: render again
    EXPIRED = "expired"
    CONFERENCE = "conference"  # it is cancelled, or takes place after all
    REGISTRATION = "registration"  # it is not what the message says
    OVERTAKEN = "overtaken"  # a later notice says what holds now
    ANSWERED = "answered"  # the invitation has been answered, or withdrawn

    @property
    def cancels_for(self) -> CancelReason | None:
        """Return why the row is taken back, when it is."""
        return _CANCELS_FOR.get(self)


_CANCELS_FOR: Final = {
    Refusal.CONFERENCE: CancelReason.CONFERENCE,
    Refusal.REGISTRATION: CancelReason.REGISTRATION,
    Refusal.OVERTAKEN: CancelReason.PLAN,
    Refusal.ANSWERED: CancelReason.ANSWERED,
}


def why_not(message: Message) -> Refusal | None:
    """Compare a message, as it was rendered, with what the database says in this transaction."""
    now = read_facts(message.pk)
    if now is None:
        return Refusal.LOST
    refusal = next((refusal for refusal, holds in _CHECKS if holds(message, now)), None)
    if refusal is None and message.kind in ABOUT_AN_INVITATION:
        refusal = _invitation_says(message)
    return refusal


def _invitation_says(message: Message) -> Refusal | None:
    if is_answered(message):
        return Refusal.ANSWERED
    return Refusal.CHANGED if has_another_link(message) else None


def _has_moved(message: Message, now: Facts) -> bool:
    """Tell whether a rule's message was planned for what no longer holds."""
    if message.plan_revision is None:
        return False
    runs = now["conference_state"] in kind_of(message.kind).states
    return not runs or bool(now["conference_revision"] != message.plan_revision)


def _fits(message: Message, now: Facts) -> bool:
    if message.plan_revision is not None:
        wanted = STATUS_OF.get(Audience(now["audience"])) if now["audience"] else None
        if wanted is not None:
            return bool(now["registration_status"] == wanted)
        return bool(now["participation_state"] == ParticipationState.CONFIRMED)
    status = now["registration_status"]
    return status is None or RegistrationStatus(status) in kind_of(message.kind).statuses


def _has_changed(message: Message, now: Facts) -> bool:
    conference, registration = message.conference, message.registration
    seen = (conference.version, conference.plan_revision)
    if seen != (now["conference_version"], now["conference_revision"]):
        return True
    return registration is not None and registration.version != now["registration_version"]


def _is_overtaken(message: Message, _now: Facts) -> bool:
    if message.kind != MessageKind.CHANGED_TIME:
        return False
    _word, _colon, revision = message.occurrence.partition(":")
    return Notice.objects.filter(
        conference_id=message.conference_id,
        kind=message.kind,
        revision__gt=int(revision) if revision.isdigit() else 0,
    ).exists()


_CHECKS: Final[Sequence[tuple[Refusal, Callable[[Message, Facts], bool]]]] = (
    (Refusal.PAUSED, lambda _message, now: bool(now["paused"])),
    (Refusal.EXPIRED, lambda _message, now: bool(now["too_late"])),
    (Refusal.MOVED, _has_moved),
    (
        Refusal.CONFERENCE,
        lambda message, now: now["conference_state"] not in kind_of(message.kind).states,
    ),
    (Refusal.REGISTRATION, lambda message, now: not _fits(message, now)),
    (Refusal.OVERTAKEN, _is_overtaken),
    (Refusal.CHANGED, _has_changed),
)

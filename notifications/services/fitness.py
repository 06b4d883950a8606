"""Whether a message is still right at the moment of sending."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from django.db import connection

from core.text import email_key
from events.enums import ParticipationState
from notifications.enums import (
    BY_ATTENDANCE,
    NUDGED,
    SPEAKING,
    Audience,
    MessageKind,
    Step,
)
from notifications.models import Message, Notice
from notifications.services import quote_facts, speaker_facts
from notifications.services.announcement_holds import standing_of, still_meant
from notifications.services.audiences import somebody_came
from notifications.services.findings_facts import wants_findings
from notifications.services.invitation_facts import (
    ABOUT_AN_INVITATION,
    has_another_link,
    is_answered,
)
from notifications.services.kinds import MOVES, is_optional, kind_of
from notifications.services.needs_facts import ASKS_FOR_NEEDS, has_given_everything
from notifications.services.nudging import may_nudge, nudges_of
from notifications.services.programme_mail import sentences_of
from notifications.services.quote_facts import ABOUT_A_QUOTE
from notifications.services.recipients import STATUS_OF
from notifications.services.refusals import Refusal
from notifications.services.sending_facts import Facts, Seen, look_at, read_facts
from notifications.services.speaker_facts import ABOUT_SPEAKING
from notifications.services.suppressed_mail import has_got_a_place
from registrations.enums import InvitationResponse, RegistrationStatus
from registrations.models import Invitation
from registrations.services.still_coming import has_answered, open_round_of

# What is asked of these is among their facts.
_ABOUT_A_PLACE: Final = frozenset(
    {
        MessageKind.CONFIRMATION,
        MessageKind.PENDING,
        MessageKind.WAITING_LIST,
        MessageKind.CANCELLATION,
    }
)
_BY_STATUS: Final = frozenset(STATUS_OF) - set(BY_ATTENDANCE)
_NOTICES: Final = (*MOVES, MessageKind.POSTPONED, MessageKind.CONFERENCE_CANCELLED)


def why_not(message: Message, *, at_once: bool = False) -> Refusal | None:
    """Compare a message, as it was rendered, with what the database says in this transaction.

    Arguments:
        at_once: raises an OperationalError where PostgreSQL would have to wait for a row.
    """
    is_announced = message.kind == MessageKind.ANNOUNCEMENT
    if is_announced and message.announcement_id is None:
        return Refusal.STOPPED
    now = read_facts(message, _opted_out_by(message), at_once=at_once)
    if now is None:
        # The announcement may be gone, and the message with it.
        return Refusal.STOPPED if is_announced else Refusal.LOST
    refusal = _facts_say(message, now)
    if refusal is None and message.invitation_id is not None:
        refusal = _invitation_says(message, at_once=at_once)
    if refusal is None and (message.kind in ABOUT_SPEAKING or _asks_to_speak(now)):
        refusal = _speaker_says(message, at_once=at_once)
    if refusal is None and message.kind in ABOUT_A_QUOTE:
        answered = quote_facts.is_answered(message, at_once=at_once)
        refusal = Refusal.ANSWERED if answered else None
    return refusal


def seen_as_right(messages: Iterable[Message]) -> dict[int, Seen]:
    """Return what is true now of those messages, by their keys, that are right for as long as it
    is: nothing else has to be asked of them. Nothing on SQLite, where asking again costs nothing.
    """
    if connection.vendor != "postgresql":
        return {}
    plain = [message for message in messages if _needs_facts_alone(message)]
    seen = look_at((message, _opted_out_by(message)) for message in plain)
    return {
        message.pk: seen[message.pk]
        for message in plain
        if message.pk in seen and _is_right(message, seen[message.pk].facts)
    }


def seen_of(message: Message, seen: Mapping[int, Seen]) -> Seen | None:
    """Return what was seen of a message, unless it goes by now to another address, which may have
    opted out.
    """
    found = seen.get(message.pk)
    return found if found is not None and found.key == _opted_out_by(message) else None


def _is_right(message: Message, now: Facts) -> bool:
    return not now["suppressed"] and _facts_say(message, now) is None


def _needs_facts_alone(message: Message) -> bool:
    """Tell whether all that is asked of a message is among its facts."""
    has_more = message.invitation_id is not None or message.participation_id is not None
    if has_more or message.template == ASKS_FOR_NEEDS:
        return False
    if message.kind == MessageKind.ANNOUNCEMENT:
        return message.announcement_id is not None
    if message.kind == MessageKind.REMINDER:
        return message.rule is not None and message.rule.audience in _BY_STATUS
    return message.kind in _ABOUT_A_PLACE


def _opted_out_by(message: Message) -> str:
    return email_key(message.to_email) if is_optional(message) else ""


def _facts_say(message: Message, now: Facts) -> Refusal | None:
    refusal = _announcement_says(message, now) if message.kind == MessageKind.ANNOUNCEMENT else None
    if refusal is None:
        refusal = next((refusal for refusal, holds in _CHECKS if holds(message, now)), None)
    return refusal


def _announcement_says(message: Message, now: Facts) -> Refusal | None:
    """Look at the announcement, which is held still until the commit."""
    standing = standing_of(message, now)
    if standing.is_over:
        return Refusal.STOPPED
    if standing.waits:
        return Refusal.PAUSED
    return None if still_meant(message, standing, now) else Refusal.REGISTRATION


def _has_moved(message: Message, now: Facts) -> bool:
    """Tell whether a rule's message was planned for what no longer holds."""
    if message.plan_revision is None:
        return False
    runs = now["conference_state"] in kind_of(message.kind).states
    return not runs or bool(now["conference_revision"] != message.plan_revision)


def _fits(message: Message, now: Facts) -> bool:
    status = now["registration_status"]
    if message.plan_revision is None:
        return status is None or RegistrationStatus(status) in kind_of(message.kind).statuses
    audience = Audience(now["audience"]) if now["audience"] else None
    if audience in NUDGED:
        return True  # the invitation says it, or the participation
    if audience is None or audience in SPEAKING:
        return bool(now["participation_state"] == ParticipationState.CONFIRMED)
    if audience in BY_ATTENDANCE and not _attendance_fits(message, now, audience):
        return False
    return bool(status == STATUS_OF[audience])


def _attendance_fits(message: Message, now: Facts, audience: Audience) -> bool:
    if now["checked_in"]:
        return audience is Audience.CHECKED_IN
    somebody = somebody_came(message.conference_id)
    if audience is Audience.NO_SHOWS:
        return somebody
    return message.rule is not None and message.rule.step == Step.THANKS and not somebody


def _invitation_says(message: Message, *, at_once: bool) -> Refusal | None:
    """Look at a message's invitation, which is held still until the commit.

    So an answer comes before this commit and is seen, or after it; and of two nudges that begin at
    once the second one sees the first.
    """
    if message.kind in ABOUT_AN_INVITATION:
        if is_answered(message, at_once=at_once):
            return Refusal.ANSWERED
        return Refusal.CHANGED if has_another_link(message) else None
    row = (
        Invitation.objects.select_for_update(of=("self",), no_key=True, nowait=at_once)
        .filter(pk=message.invitation_id or 0)
        .values_list("response", "withdrawn_at")
        .first()
    )
    if row is None:
        return Refusal.LOST
    response, withdrawn_at = row
    is_nudge = message.rule is not None and message.rule.audience == Audience.UNANSWERED
    if not is_nudge:
        gone = withdrawn_at is not None or response == InvitationResponse.DECLINED
        return Refusal.REGISTRATION if message.kind in _NOTICES and gone else None
    if response or withdrawn_at is not None:
        return Refusal.ANSWERED
    nudges = nudges_of([message.invitation_id or 0]).get(message.invitation_id or 0, {})
    enough = not may_nudge(nudges, message.rule_id or 0, message.occurrence)
    return Refusal.ENOUGH if enough else None


def _asks_to_speak(now: Facts) -> bool:
    return bool(now["audience"] == Audience.ASKED)


def _speaker_says(message: Message, *, at_once: bool) -> Refusal | None:
    """Look at what somebody was asked for, which is held still until the commit."""
    row = speaker_facts.held_still(message, at_once=at_once)
    if row is None or speaker_facts.is_answered(message, row):
        return Refusal.ANSWERED
    if message.kind != MessageKind.SPEAKER_RELEASED and speaker_facts.is_past(message):
        return Refusal.EXPIRED
    seen = message.participation
    if seen is not None and seen.link_generation != row.link_generation:
        return Refusal.CHANGED
    is_nudge = message.kind == MessageKind.REMINDER
    return Refusal.ENOUGH if is_nudge and speaker_facts.is_enough(message, row) else None


def _has_changed(message: Message, now: Facts) -> bool:
    conference, registration = message.conference, message.registration
    seen = (conference.version, conference.plan_revision)
    if seen != (now["conference_version"], now["conference_revision"]):
        return True
    return registration is not None and registration.version != now["registration_version"]


def _is_overtaken(message: Message, _now: Facts) -> bool:
    if message.kind == MessageKind.PROGRAMME_CHANGED:
        return not sentences_of(message)
    if message.kind not in MOVES:
        return False
    _word, _colon, revision = message.occurrence.partition(":")
    return Notice.objects.filter(
        conference_id=message.conference_id,
        kind__in=MOVES,
        revision__gt=int(revision) if revision.isdigit() else 0,
    ).exists()


def _is_confirmed_by_now(message: Message, now: Facts) -> bool:
    """Tell whether a guest has said yes to the new date before they were asked for it."""
    if message.kind != MessageKind.NEW_DATE or message.conference.start_local is None:
        return False
    return str(now["confirmed_day"]) == message.conference.start_local.date().isoformat()


def _has_said_yes(message: Message, _now: Facts) -> bool:
    if message.kind != MessageKind.STILL_COMING or message.registration is None:
        return False
    return has_answered(message.registration)


def _asks_no_more(message: Message, _now: Facts) -> bool:
    """Tell whether the round of "still coming?" is over in which a message asks."""
    if message.kind != MessageKind.STILL_COMING or message.registration is None:
        return False
    asked = open_round_of(message.registration)
    return asked is None or asked.code != message.facts.get("round")


_CHECKS: Final[Sequence[tuple[Refusal, Callable[[Message, Facts], bool]]]] = (
    (Refusal.PAUSED, lambda _message, now: bool(now["paused"])),
    (Refusal.EXPIRED, lambda _message, now: bool(now["too_late"])),
    (Refusal.MOVED, _has_moved),
    (
        Refusal.CONFERENCE,
        lambda message, now: now["conference_state"] not in kind_of(message.kind).states,
    ),
    (Refusal.REGISTRATION, lambda message, now: not _fits(message, now)),
    (
        Refusal.SUPPRESSED,
        lambda message, now: bool(now["suppressed"]) and not has_got_a_place(message),
    ),
    (Refusal.OVERTAKEN, _is_overtaken),
    (Refusal.CHANGED, _has_changed),
    (Refusal.REGISTRATION, _is_confirmed_by_now),
    (Refusal.ANSWERED, _has_said_yes),
    (Refusal.ANSWERED, lambda message, _now: has_given_everything(message)),
    (Refusal.REGISTRATION, _asks_no_more),
    (
        Refusal.REGISTRATION,
        lambda message, _now: (
            message.kind == MessageKind.FINDINGS and not wants_findings(message.invitation_id)
        ),
    ),
)

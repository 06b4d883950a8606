"""Why a message went, waits or did not go: a code and a sentence a case. Pure: facts to reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from events.models import Conference
from notifications.enums import Late, MessageKind
from notifications.models import Message, ReminderRule
from notifications.services.audience_reasons import Door, Human, why_not_for
from notifications.services.kinds import MOVES, RULES_RUN_IN
from notifications.services.message_reasons import Code, Mail, say_mail
from notifications.services.moments import why_no_moment
from notifications.services.reading import local_moment, state_in_words
from notifications.services.silences import STOPPED
from registrations.enums import InvitationResponse, RegistrationSource, RegistrationStatus

__all__ = ["Code", "Facts", "Mail", "OwnMoment", "Reason", "RuleFacts", "explain"]


@dataclass(frozen=True, slots=True)
class OwnMoment:
    """A moment that a rule has for somebody.

    Arguments:
        key: of the message that stands for it.
        planned_at: when it is due for who was there in time.
        due_at: when it goes for them; None where it falls out.
        why: why it falls out, or goes at another time.
        is_late: whether they came after it.
        is_enough: whether they have been nudged often enough without it.
    """

    key: str
    occurrence: str
    planned_at: dt.datetime
    due_at: dt.datetime | None
    not_after: dt.datetime
    why: str = ""
    is_late: bool = False
    is_enough: bool = False


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """A rule and what it has for somebody.

    Arguments:
        has_address: whether mail to them goes anywhere.
    """

    rule: ReminderRule
    moments: Sequence[OwnMoment] = ()
    has_address: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """All that an explanation needs.

    Arguments:
        opted_out: whether invited guests' mail to them has been stopped.
    """

    conference: Conference
    now: dt.datetime
    human: Human
    door: Door
    mails: Sequence[Mail] = ()
    rules: Sequence[RuleFacts] = ()
    paused: str | None = None
    opted_out: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one message went, waits or did not go.

    Arguments:
        at: when it went, goes, or would have gone; None where it has no moment.
        message: its row in the outbox, where it has one.
    """

    code: Code
    sentence: str
    kind: str
    rule: ReminderRule | None = None
    at: dt.datetime | None = None
    message: Message | None = None


# When a kind goes that is not a rule's.
_OCCASIONS: Final[Mapping[MessageKind, str]] = MappingProxyType(
    {
        MessageKind.CONFIRMATION: "a place is confirmed",
        MessageKind.PENDING: "a registration waits for approval",
        MessageKind.WAITING_LIST: "a registration joins the waiting list",
        MessageKind.CANCELLATION: "a registration is cancelled",
        MessageKind.REJECTION: "a registration is not accepted",
        MessageKind.MANAGE_LINK: "somebody asks for the personal link",
        MessageKind.CHANGED_TIME: "the conference moves within its day",
        MessageKind.NEW_DATE: "the conference moves to another day",
        MessageKind.POSTPONED: "the conference is postponed",
        MessageKind.CONFERENCE_CANCELLED: "the conference is cancelled",
        MessageKind.OFFER: "a place becomes free for somebody on the waiting list",
        MessageKind.OFFER_EXPIRED: "an offered place is not taken in time",
        MessageKind.STILL_COMING: "a round asks who still comes",
        MessageKind.PLACE_RELEASED: "nobody answers a round that gives places to others",
        MessageKind.SUBSTITUTED: "somebody else comes in their place",
        MessageKind.SAVE_THE_DATE: "an organiser sends it",
        MessageKind.INVITATION: "an organiser sends it",
        MessageKind.ANSWER: "an invitation is answered",
        MessageKind.SPEAKER_ASK: "an organiser asks them to speak",
        MessageKind.SPEAKER_ANSWER: "they answer whether they will speak",
        MessageKind.SPEAKER_RELEASED: "an organiser tells them that they need not speak",
        MessageKind.PROGRAMME_CHANGED: "a change of the programme that concerns them is told",
        MessageKind.QUOTE_ASK: "an organiser asks whether words of theirs may be shown",
        MessageKind.FINDINGS: "the outcome is published, to who declined and asked for it",
        MessageKind.ANNOUNCEMENT: "an organiser writes one to an audience that they are in",
        MessageKind.REMINDER: "a rule says so",
        MessageKind.TEST: "an organiser tries a text",
    }
)
# What is told to everybody concerned, and to nobody else.
_NEWS: Final = (*MOVES, MessageKind.POSTPONED, MessageKind.CONFERENCE_CANCELLED)
_NOT_LISTED: Final = (MessageKind.REMINDER, MessageKind.TEST)
_LATE: Final[Mapping[Late, str]] = MappingProxyType(
    {
        Late.SKIP: "came after this moment, and the rule says skip",
        Late.SEND: "came after this moment; the rule says send at once, but it was not worth it",
        Late.MERGE: "came after this moment: the confirmation says it",
    }
)


def explain(facts: Facts) -> list[Reason]:
    """Return a reason for each message and for each rule and kind without one, in time order."""
    found = [*_of_mails(facts), *_of_rules(facts), *_of_kinds(facts)]
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(found, key=lambda reason: reason.at or far)


def _of_mails(facts: Facts) -> Iterator[Reason]:
    moments = {one.rule.pk: one.moments for one in facts.rules}
    for mail in facts.mails:
        message = mail.message
        new = _replaced_by(message, moments.get(message.rule_id or 0, ()))
        code, sentence = say_mail(mail, facts.now, facts.paused, replaced_by=new)
        yield Reason(
            code=code,
            sentence=sentence,
            kind=message.kind,
            rule=message.rule,
            at=message.sent_at or message.due_at,
            message=message,
        )


def _replaced_by(message: Message, moments: Sequence[OwnMoment]) -> str:
    """Return the occurrence that stands in a message's place: the same anchor at another time."""
    anchor = message.occurrence.partition("@")[0]
    for moment in moments:
        if moment.occurrence.partition("@")[0] == anchor:
            return moment.occurrence if moment.occurrence != message.occurrence else ""
    return ""


def _of_rules(facts: Facts) -> Iterator[Reason]:
    known = {mail.message.key for mail in facts.mails}
    with_mail = {mail.message.rule_id for mail in facts.mails}
    for one in facts.rules:
        missing = [moment for moment in one.moments if moment.key not in known]
        if one.rule.pk in with_mail and not missing:
            continue
        said = _of_rule_as_a_whole(facts, one)
        if said is None:
            for moment in missing:
                yield _of_moment(facts, one.rule, moment)
        elif one.rule.pk not in with_mail:
            code, sentence = said
            at = missing[0].planned_at if missing else None
            yield Reason(code, sentence, MessageKind.REMINDER, one.rule, at)


def _of_rule_as_a_whole(facts: Facts, one: RuleFacts) -> tuple[Code, str] | None:
    """Return why a rule has nothing for somebody, whatever its moments are."""
    rule, conference = one.rule, facts.conference
    if not rule.enabled:
        return Code.RULE_OFF, "The rule is switched off."
    if conference.state in STOPPED:
        return Code.CONFERENCE_STOPPED, STOPPED[conference.state]
    if why := why_not_for(facts.human, rule, facts.door, conference):
        return Code.NOT_IN_AUDIENCE, f"Not for them. {why}"
    if not one.has_address:
        return Code.NO_ADDRESS, "No address is known to which it could go."
    if not one.moments:
        return Code.NO_MOMENT, why_no_moment(rule)
    return None


def _of_moment(facts: Facts, rule: ReminderRule, moment: OwnMoment) -> Reason:
    code, sentence = _say_moment(facts, rule, moment)
    at = moment.due_at or moment.planned_at
    return Reason(code, sentence, MessageKind.REMINDER, rule, at)


def _say_moment(facts: Facts, rule: ReminderRule, moment: OwnMoment) -> tuple[Code, str]:
    conference = facts.conference
    planned = local_moment(moment.planned_at, conference.time_zone)
    if moment.is_enough:
        return Code.ENOUGH, "Two nudges have gone to them; there are no more."
    if moment.due_at is None:
        return Code.TIME_SHORT, f"Falls out. {moment.why}"
    # What is planned for the first time makes up for moments that are past.
    is_planned = rule.planned_revision == conference.plan_revision
    is_late = moment.is_late and is_planned and rule.late != Late.SEND
    if moment.not_after <= facts.now or is_late:
        if moment.is_late:
            return Code.LATE, f"Did not go: {_LATE[Late(rule.late)]} ({planned})."
        return Code.PAST, f"Did not go: its moment, {planned}, was past before it was planned."
    due = local_moment(moment.due_at, conference.time_zone)
    if conference.state not in RULES_RUN_IN:
        words = state_in_words(conference)
        return (
            Code.WAITS_FOR_PUBLICATION,
            f"The conference is {words}: once it is published, this goes on {due}.",
        )
    why = f" {moment.why}" if moment.why else ""
    return Code.PLANNED_SOON, f"It is planned within seconds, for {due}.{why}"


def _of_kinds(facts: Facts) -> Iterator[Reason]:
    known = {mail.message.kind for mail in facts.mails}
    for kind in MessageKind:
        if kind not in known and kind not in _NOT_LISTED:
            said = _of_news(facts) if kind in _NEWS else None
            code, sentence = said or (Code.NO_OCCASION, _no_occasion(facts.human, kind))
            yield Reason(code, sentence, kind)


def _of_news(facts: Facts) -> tuple[Code, str] | None:
    """Return why somebody invited hears nothing of a move, a postponement or the end of it all."""
    invitation = facts.human.invitation
    if invitation is None or any(row.is_live for row in facts.human.registrations):
        return None
    if invitation.response == InvitationResponse.DECLINED:
        return Code.NOT_IN_AUDIENCE, "Not for them. They have declined."
    if facts.opted_out:
        return Code.OPTED_OUT, "Not for them. They have opted out and have no place."
    return None


def _no_occasion(human: Human, kind: MessageKind) -> str:
    row, invitation = human.registration, human.invitation
    if kind is MessageKind.CONFIRMATION and row is not None:
        if row.source == RegistrationSource.IMPORT:
            return "Not sent: places that were imported are not confirmed by mail."
        if row.status == RegistrationStatus.CONFIRMED:
            return "Not sent: no address was known, or the conference was over."
    if kind is MessageKind.INVITATION and invitation is not None and invitation.sent_at is None:
        return "Waits for an organiser's click: no first invitation leaves without one."
    return f"No occasion so far: it goes when {_OCCASIONS[kind]}."

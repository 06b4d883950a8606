"""What a mail to who was asked to speak says, its links, and whether it is still right."""

from __future__ import annotations

import re
from copy import copy
from typing import Final

from django.utils import timezone

from core.text import pick_text
from events.enums import ParticipationState, SessionState
from events.models import Participation
from events.programme import SessionView
from events.services.asked_sessions import asked_session, begins_at, confirmed_beside
from events.services.speaker_links import speaker_url
from notifications.enums import Audience, MessageKind
from notifications.models import Message
from notifications.services import wording
from notifications.services.mail_facts import programme_of
from notifications.services.nudging import asked_nudges, may_nudge
from notifications.services.values import line, lines, name, paragraphs, sentence

# These are about a participation or about nothing.
ABOUT_SPEAKING: Final = frozenset(
    {MessageKind.SPEAKER_ASK, MessageKind.SPEAKER_ANSWER, MessageKind.SPEAKER_RELEASED}
)
PLACEHOLDER: Final = re.compile(r"⟦speaker:(\d+)⟧")
_S = ParticipationState
_UNDECIDED: Final = frozenset({_S.INVITED, _S.TENTATIVE})


def speaker_links_of(message: Message) -> dict[str, str]:
    """Return placeholder -> address of a speaker's own page, for a mail to them."""
    row = message.participation
    return {} if row is None else {f"⟦speaker:{row.link_generation}⟧": speaker_url(row)}


def speaker_link(message: Message | None, generation: int) -> str:
    """Return the address of that page as it was at a link generation; "" without one."""
    if message is None or message.participation is None:
        return ""
    then = copy(message.participation)
    then.link_generation = generation
    return speaker_url(then)


def asks_or_answers(message: Message) -> bool:
    """Tell whether a mail is about one asking and its answer."""
    return (
        message.kind in ABOUT_SPEAKING or message.template == "speaker_nudge" or _is_nudge(message)
    )


def session_of(message: Message) -> SessionView:
    """Return the session that a mail about a participation is about."""
    row = message.participation
    if row is None:
        raise LookupError("There is no participation any more.")
    row.session.conference = message.conference
    return asked_session(row, programme_of(message.conference))


def speaker_values(message: Message, language: str, place: str) -> dict[str, str]:
    """Return what a mail may say about what somebody was asked for; nothing for other mails.

    Times and place are the session's where it has them. Other mails to speakers have the link.

    Arguments:
        place: of the conference.
    """
    row = message.participation
    if row is None:
        return {}
    if not asks_or_answers(message):
        return {"speaker_url": speaker_url(row)}
    session = session_of(message)
    conference = message.conference
    languages = conference.languages
    person = message.person
    values = {
        "speaker_url": speaker_url(row),
        "session": line(pick_text(session.title, language, languages)),
        "role": wording.words(language).parts.get(row.role, ""),
        "words": paragraphs(row.asked_words),
        "panel": lines(_in_full(other, language) for other in confirmed_beside(row)),
        "reply_by": _reply_by(row, language),
        "source_note": line(person.source) if person is not None else "",
    }
    room = session.room
    if room is not None:
        values["place"] = lines((pick_text(room.name, language, languages), *place.splitlines()))
    start, end = session.start_local, session.end_local
    if start is not None:
        span = wording.span(start, end, conference.time_zone, language)
        values |= {
            "when": sentence(span),
            "session_when": span,
            "day": sentence(wording.day_date(start.date(), language)),
            "time": wording.clock(start),
            "short_date": wording.short_date(start.date(), language),
            "on_day": wording.on_day(start.date(), language),
        }
    return values


def _in_full(row: Participation, language: str) -> str:
    person = row.person
    who = " ".join(filter(None, (row.honorific, person.given_name, person.family_name)))
    role = wording.words(language).roles.get(row.role, "")
    rest = ", ".join(name(text) for text in (row.position, row.affiliation) if text)
    return name(who) + (f", {rest}" if rest else "") + (f" ({role})" if role else "")


def _reply_by(row: Participation, language: str) -> str:
    local, at = row.reply_until_local, row.reply_until_at
    if local is None or at is None or at <= timezone.now():
        return ""
    return wording.short_date(local.date(), language)


def _is_nudge(message: Message) -> bool:
    return message.rule is not None and message.rule.audience == Audience.ASKED


def is_past(message: Message) -> bool:
    """Tell whether it is too late to ask for what a mail asks: it has begun."""
    return begins_at(session_of(message), message.conference) <= timezone.now()


def held_still(message: Message, *, at_once: bool = False) -> Participation | None:
    """Return the participation of a mail as it is now, held still until the commit.

    An answer comes before that commit and is seen, or after it; and of two nudges that begin at
    once the second one sees the first.
    """
    rows = Participation.objects.select_for_update(of=("self",), no_key=True, nowait=at_once)
    return rows.filter(pk=message.participation_id or 0).select_related("session").first()


def is_answered(message: Message, row: Participation | None) -> bool:
    """Tell whether an answer, another answer or the organiser has made this mail wrong."""
    if row is None:
        return True
    if message.kind == MessageKind.SPEAKER_ANSWER:
        return bool(row.state != message.facts.get("state"))
    if message.kind == MessageKind.SPEAKER_RELEASED:
        return row.state != _S.REPLACED
    if row.session.state == SessionState.CANCELLED:
        return True
    if message.kind == MessageKind.SPEAKER_ASK:
        return row.state not in _UNDECIDED
    return row.state != _S.INVITED


def is_enough(message: Message, row: Participation) -> bool:
    """Tell whether two other nudges have gone since they were asked."""
    nudges = asked_nudges([row]).get(row.pk, {})
    return not may_nudge(nudges, message.rule_id or 0, message.occurrence)

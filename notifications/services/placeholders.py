"""What each placeholder means, and which of them a text has: two tables.

A placeholder that a delivered text names is there for that text in any case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from notifications.enums import MessageKind
from notifications.services.kinds import KINDS, SPEAKER_THANKS
from notifications.services.markup import FACTS, PLACEHOLDERS, URLS, names_in
from notifications.services.own_texts import is_delivered
from notifications.services.texts import LANGUAGES, load

# Each name's meaning, and an example where the meaning alone does not show the form.
MEANINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "greeting": "The greeting by salutation or name: Dear Ana Petrović,",
        "title": "Title of the conference, or of the session that the mail is about",
        "part_of": "The conference, in a mail about one session of it",
        "organisation": "Name of your organisation",
        "when": "Date, time and zone: Thursday, 18 March 2027, 10:00–13:30 (Belgrade)",
        "day": "Weekday and date: Thursday, 18 March",
        "time": "Time of the start: 10:00",
        "short_date": "Date: 18 March",
        "on_day": "The day in a sentence: on Thursday, 18 March",
        "doors": "When the doors open: from 09:30",
        "place": "Room, venue and street",
        "venue": "Name of the venue",
        "street": "Street and city of the venue",
        "entrance": "Which entrance to take",
        "directions": "How to get there",
        "access": "Access without steps, hearing loops and the like",
        "online": "How to join from elsewhere",
        "record": "What may be quoted",
        "speakers": "Who speaks, with post and affiliation",
        "contact": "Name, address and phone of who answers questions",
        "contact_name": "Name of who answers questions",
        "contact_email": "Mail address for questions",
        "contact_phone": "Phone for questions",
        "conference_url": "Link to the conference's page",
        "programme_url": "Link to the programme, once it is published",
        "outcome_url": "Link to the page about the outcome, once it is published",
        "organisation_url": "Link to your organisation's page",
        "type": "Type of the registration: Guest",
        "code": "Code of the registration",
        "status": "Status of the registration, in words",
        "not_confirmed": "Status of the registration, only where it is no place yet",
        "sessions": "The sessions in which the reader speaks",
        "needs": "What is still needed of the reader, who speaks; empty when nothing is",
        "give_url": "The reader's own page on which they give it",
        "briefing_url": "The reader's briefing: running order, who else speaks, quoting, the way",
        "former_when": "The time announced before, in a mail about a new one",
        "manage_url": "The reader's personal link to the registration",
        "place_url": "That link, only for who can give a place back",
        "stop_url": "The link by which the reader stops mails like this one",
        "answer_url": "The guest's personal link to the answer page",
        "reply_by": "Deadline for an answer: 1 March",
        "kept_until": "Until when a place is kept, only where one is: 1 March",
        "answer_by": "Deadline for an answer, only where no place is kept",
        "plus_one": "How many may come, only where somebody may be brought: 2",
        "next_url": "Link to give the place back, only where somebody waits for it",
        "back_url": "Link to give the place back, only where nobody waits for it",
        "offer_url": "Link to take the place on offer, or to give it to the next",
        "offer_until": "Until when a place is on offer: Thursday, 18 March, 10:00",
        "still_coming_url": "Link to say whether the reader still comes",
        "still_until": "Until when an answer is asked for: Thursday, 18 March, 10:00",
        "lost_after": "The same, only where silence gives the place to the next person",
        "decision_reason": "What the organiser says about a decision, where they tell it",
        "party": "Who comes along with the reader, where somebody does",
        "party_url": "Link to name them, only where a name is still to come",
        "for_whom": "Whom it is about, only where the contact of a group reads it",
        "substitute": "Who comes in the reader's place",
        "answers_url": "Link to the questions, only for who has to answer some",
        "speaker_url": "The speaker's personal link, to answer and to see what is needed",
        "session": "Title of the session that somebody is asked to speak in",
        "role": "What they are asked to be there: Moderator",
        "panel": "Who else has confirmed to be on that session",
        "words": "What the organiser wrote to them by hand when asking",
        "session_when": "Date, time and zone of that session, only once it has a time",
        "changes": "What has changed in the programme for the reader, a sentence each",
        "quote": "What the reader said, as it is to be shown",
        "quote_url": "The reader's personal link to approve it, change it or keep it back",
        "source_note": "Where the guest's address is from, as the person's page says",
    }
)
_COMMON: Final = frozenset(
    {
        *("greeting", "title", "organisation", "when", "day", "time", "short_date", "on_day"),
        *("doors", "place", "venue", "street", "entrance", "directions", "access", "online"),
        *("record", "speakers", "contact", "contact_name", "contact_email", "contact_phone"),
        *("conference_url", "programme_url", "outcome_url", "organisation_url"),
    }
)
_REGISTRATION: Final = frozenset({"type", "code", "status", "manage_url", "for_whom"})
_PARTY: Final = frozenset({"party", "party_url"})
_INVITATION: Final = frozenset(
    {"answer_url", "reply_by", "kept_until", "answer_by", "plus_one", "source_note"}
)
_SPEAKING: Final = frozenset(
    {
        *("speaker_url", "session", "role", "panel", "words", "session_when", "reply_by"),
        "source_note",
    }
)
_RULES: Final = _REGISTRATION | {
    *("part_of", "not_confirmed", "sessions", "needs", "give_url", "briefing_url"),
    *("place_url", "next_url", "back_url"),
}
_DECISION: Final = _REGISTRATION | {"decision_reason"}
# What a kind's mails have beside what is common to all.
_OF_KIND: Final[Mapping[MessageKind, frozenset[str]]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                *(MessageKind.CANCELLATION, MessageKind.CONFERENCE_CANCELLED),
                *(MessageKind.OFFER_EXPIRED, MessageKind.PLACE_RELEASED),
            ),
            _REGISTRATION,
        ),
        **dict.fromkeys((MessageKind.PENDING, MessageKind.MANAGE_LINK), _REGISTRATION | _PARTY),
        MessageKind.CONFIRMATION: _DECISION | _PARTY | {"answers_url"},
        MessageKind.WAITING_LIST: _DECISION | _PARTY,
        MessageKind.REJECTION: _DECISION,
        # The place is not the reader's any more, and so is no link to it.
        MessageKind.SUBSTITUTED: frozenset({"type", "substitute"}),
        MessageKind.OFFER: _REGISTRATION | _PARTY | {"offer_url", "offer_until"},
        MessageKind.STILL_COMING: _REGISTRATION
        | {"still_coming_url", "still_until", "lost_after", "place_url"},
        **dict.fromkeys(
            (
                *(MessageKind.INVITATION, MessageKind.SAVE_THE_DATE, MessageKind.ANSWER),
                MessageKind.FINDINGS,
            ),
            _INVITATION,
        ),
        MessageKind.CHANGED_TIME: _REGISTRATION | {"former_when", "place_url"},
        **dict.fromkeys((MessageKind.SPEAKER_ASK, MessageKind.SPEAKER_ANSWER), _SPEAKING),
        MessageKind.SPEAKER_RELEASED: _SPEAKING - {"speaker_url", "reply_by"},
        MessageKind.PROGRAMME_CHANGED: _REGISTRATION | {"changes"},
        MessageKind.QUOTE_ASK: frozenset({"quote", "quote_url", "source_note"}),
        MessageKind.REMINDER: _RULES,
    }
)
# These always have a value, so they may stand where nothing can be left out.
_ALWAYS: Final = frozenset(
    {
        *("greeting", "title", "organisation", "when", "day", "time", "short_date", "on_day"),
        *("conference_url", "organisation_url"),
    }
)
# These take several lines, or bring links of their own.
_LONG: Final = frozenset(
    {
        *("place", "entrance", "directions", "access", "online", "record", "speakers"),
        *("contact", "sessions", "needs", "party", "panel", "words", "changes", "quote"),
    }
)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One of the closed list, as an organiser reads it.

    Arguments:
        is_fact: whether it can be a row of the table of facts.
        is_link: whether it is an address, for a link or the button.
    """

    name: str
    meaning: str
    is_fact: bool
    is_link: bool

    @property
    def braced(self) -> str:
        """As it is written into a text."""
        return f"{{{self.name}}}"


def kind_of_template(template: str) -> MessageKind:
    """Return the kind of the messages that use a text; what no kind has for itself, rules use."""
    if template in SPEAKER_THANKS.values():
        return MessageKind.SPEAKER_ANSWER
    return next((kind for kind, row in KINDS.items() if row.template == template), _FOR_RULES)


_FOR_RULES: Final = MessageKind.REMINDER


def allowed_in(template: str) -> frozenset[str]:
    """Return the placeholders that a text may name anywhere in its paragraphs."""
    own = _OF_KIND.get(kind_of_template(template), frozenset())
    return _COMMON | own | frozenset(_delivered_names(template))


def allowed_in_line(template: str) -> frozenset[str]:
    """Return the placeholders for the lines beside the paragraphs: those that take one line."""
    return allowed_in(template) - _LONG


def allowed_in_subject(template: str) -> frozenset[str]:
    """Return the placeholders for subject and title, where none may be empty."""
    delivered: set[str] = set()
    if is_delivered(template):
        for language in LANGUAGES:
            text = load(template, language)
            delivered |= names_in(text.subject) | names_in(text.title)
    return (allowed_in(template) & _ALWAYS) - URLS | delivered


def listed(template: str) -> list[Placeholder]:
    """Return the placeholders of a text with their meanings, in the order of the closed list."""
    allowed = allowed_in(template)
    return [
        Placeholder(name, MEANINGS.get(name, ""), name in FACTS, name in URLS)
        for name in ("greeting", *(n for n in PLACEHOLDERS if n != "greeting"))
        if name in allowed
    ]


def _delivered_names(template: str) -> Iterator[str]:
    if not is_delivered(template):
        return
    for language in LANGUAGES:
        text = load(template, language)
        lines = (text.subject, text.preheader, text.title, text.lead, *text.reason)
        for line in lines:
            yield from names_in(line)
        for block in (*text.blocks, *text.after):
            yield from block.names
        yield from text.facts
        if text.button_url:
            yield text.button_url

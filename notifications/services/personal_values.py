"""What a mail says to its one reader: the greeting, their place, their sessions."""

from __future__ import annotations

import datetime as dt
from typing import Final

from core.text import full_name, pick_text
from events.models import Person
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services import wording
from notifications.services.invitation_facts import addressee, invitation_values
from notifications.services.kinds import TO_FORMER
from notifications.services.mail_facts import programme_of
from notifications.services.needs_facts import needs_values
from notifications.services.party_facts import party_values
from notifications.services.programme_facts import own_sessions
from notifications.services.programme_mail import sentences_of
from notifications.services.questions_facts import questions_values
from notifications.services.recipients import reader_name
from notifications.services.values import Values, line, name, values
from notifications.services.waiting_facts import waiting_values
from registrations.enums import RegistrationKind, RegistrationStatus

# An assistant may read it; the person is greeted.
_GREETS_THE_PERSON: Final = frozenset(
    {MessageKind.ANNOUNCEMENT, MessageKind.PROGRAMME_CHANGED, MessageKind.QUOTE_ASK}
)


def personal_values(message: Message, language: str, manage_url: str, stop_url: str) -> Values:
    """Return what stands in the places that only this mail fills.

    Arguments:
        manage_url, stop_url: the reader's own links; "" where they have none.
    """
    registration = message.registration
    table = wording.words(language)
    found = {
        **_former_time(message, language),
        **_own_sessions(message, language),
        **needs_values(message, language),
        "stop_url": stop_url,
        **invitation_values(message, language),
        **_changes(message),
    }
    if registration is None:
        is_theirs = message.kind in _GREETS_THE_PERSON or (
            message.invitation is not None or message.participation is not None
        )
        to_name = addressee(message) if is_theirs else message.to_name
        return values({**found, "greeting": _greeting(message.person, to_name, language)})
    who = full_name(registration.honorific, reader_name(registration))
    kind = registration.registration_type
    kind_name = line(pick_text(kind.name, language, message.conference.languages))
    if message.kind in TO_FORMER:
        greeting = _greeting(None, message.to_name, language)
        return values({**found, "greeting": greeting, "type": kind_name, "substitute": name(who)})
    status = table.status.get(registration.status, registration.status)
    confirmed = registration.status == RegistrationStatus.CONFIRMED
    # Who speaks does not give the place back by a button; they write.
    gives_back = confirmed and kind.kind != RegistrationKind.SPEAKER
    return values(
        {
            **found,
            "greeting": _greeting(registration.person, who, language),
            "code": registration.code,
            "type": kind_name,
            "status": status,
            "not_confirmed": "" if confirmed else status,
            "manage_url": manage_url,
            "place_url": manage_url if gives_back else "",
            **waiting_values(message, registration, language, manage_url, gives_back=gives_back),
            **party_values(message, registration, language, manage_url),
            **questions_values(message, registration, manage_url),
        }
    )


def _greeting(person: Person | None, who: str, language: str) -> str:
    """Return a person's own salutation where somebody typed one, else a greeting by name."""
    phrases = wording.words(language).phrases
    salutation = line((person.salutation or {}).get(language)) if person is not None else ""
    if salutation:
        return phrases["salutation"] % salutation
    plain = name(who)
    return phrases["dear"] % plain if plain else phrases["dear_nobody"]


def _own_sessions(message: Message, language: str) -> dict[str, str]:
    if message.person is None:
        return {}
    conference = message.conference
    programme = programme_of(conference)
    code = message.person.code
    return {"sessions": own_sessions(programme, code, language, conference.languages)}


def _changes(message: Message) -> dict[str, str]:
    if message.kind != MessageKind.PROGRAMME_CHANGED:
        return {}
    return {"changes": "\n".join(sentences_of(message))}


def _former_time(message: Message, language: str) -> dict[str, str]:
    start = message.facts.get("former_start")
    if not start:
        return {}
    end = message.facts.get("former_end")
    return {
        "former_when": wording.span(
            dt.datetime.fromisoformat(start),
            dt.datetime.fromisoformat(end) if end else None,
            message.facts.get("former_time_zone") or message.conference.time_zone,
            language,
        )
    }

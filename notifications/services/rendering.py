"""One mail from one row of the outbox: subject, plain text, HTML, headers, attachments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.text import clean_line, full_name, pick_text
from events.enums import ParticipationState
from events.models import Person
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services import wording
from notifications.services.announcement_texts import text_language, text_of
from notifications.services.archive import (
    MailAttachment,
    MailContent,
    archive,
    links_of,
    reveal,
    stop_links_of,
)
from notifications.services.calendar import calendar_entry, session_entry
from notifications.services.invitation_facts import (
    ABOUT_AN_INVITATION,
    addressee,
    invitation_links_of,
    invitation_values,
)
from notifications.services.kinds import TO_FORMER
from notifications.services.layout import TICKET_CID, layout
from notifications.services.mail_facts import programme_of, shared_values
from notifications.services.markup import TextError, fill
from notifications.services.needs_facts import needs_values
from notifications.services.own_texts import text_for
from notifications.services.party_facts import party_values
from notifications.services.programme_facts import own_sessions
from notifications.services.programme_mail import changed_sessions, sentences_of
from notifications.services.qr import ticket_png
from notifications.services.questions_facts import questions_values
from notifications.services.quote_facts import (
    ABOUT_A_QUOTE,
    quote_links_of,
    quote_of,
    quote_values,
)
from notifications.services.recipients import reader_name
from notifications.services.session_entries import entries_for
from notifications.services.speaker_facts import (
    ABOUT_SPEAKING,
    session_of,
    speaker_links_of,
    speaker_values,
)
from notifications.services.texts import MailText
from notifications.services.trials import as_test, trial_of
from notifications.services.unsubscribing import list_headers
from notifications.services.values import Values, line, name, values
from notifications.services.waiting_facts import waiting_values
from registrations.enums import RegistrationKind, RegistrationStatus
from registrations.models import Registration

__all__ = ["MailAttachment", "MailContent", "RenderingError", "archive", "render", "reveal"]

SUBJECT_LENGTH: Final = 250
_HEADERS: Final = MappingProxyType(
    {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}
)
# A person wrote it, so it does not call itself generated (RFC 3834).
_BY_HAND: Final = MappingProxyType({"X-Auto-Response-Suppress": "OOF, AutoReply"})
_WITH_TICKET: Final = frozenset({MessageKind.CONFIRMATION})
# These are about a registration or about nothing.
_ABOUT_A_REGISTRATION: Final = frozenset(
    {
        MessageKind.CONFIRMATION,
        MessageKind.PENDING,
        MessageKind.WAITING_LIST,
        MessageKind.CANCELLATION,
        MessageKind.REJECTION,
        MessageKind.MANAGE_LINK,
        MessageKind.OFFER,
        MessageKind.OFFER_EXPIRED,
        MessageKind.STILL_COMING,
        MessageKind.PLACE_RELEASED,
        MessageKind.SUBSTITUTED,
    }
)
# Kind -> METHOD of the calendar entry that comes along.
_CALENDAR: Final = MappingProxyType(
    {
        MessageKind.CONFIRMATION: "PUBLISH",
        MessageKind.CHANGED_TIME: "PUBLISH",
        MessageKind.NEW_DATE: "PUBLISH",
        MessageKind.CANCELLATION: "CANCEL",
        MessageKind.PLACE_RELEASED: "CANCEL",
        MessageKind.SUBSTITUTED: "CANCEL",
        MessageKind.CONFERENCE_CANCELLED: "CANCEL",
    }
)


# An assistant may read it; the person is greeted.
_GREETS_THE_PERSON: Final = frozenset(
    {MessageKind.ANNOUNCEMENT, MessageKind.PROGRAMME_CHANGED, MessageKind.QUOTE_ASK}
)


class RenderingError(Exception):
    """This mail can not be made; the sentence says why. Another try would end the same way."""


def render(message: Message, text: MailText | None = None) -> MailContent:
    """Make the mail of a row of the outbox from the facts of this moment.

    Reads `conference__organisation`, `registration__registration_type`, `registration__person`,
    `person` and `announcement`: fetch them with the row. What all readers of a conference and
    language share is made once.
    Of `message.facts` it reads `former_start`, `former_end` (local, ISO 8601) and
    `former_time_zone`: what a conference with a new time was announced for.

    Arguments:
        text: what the mail says; the text that holds now for its template and reader unless given.

    Raises:
        RenderingError: when there is no such text, or what it is about is gone.
    """
    if message.kind == MessageKind.TEST:
        return as_test(render(*trial_of(message)))
    registration = message.registration
    if registration is None and message.kind in _ABOUT_A_REGISTRATION:
        raise RenderingError("The registration that this mail is about no longer exists.")
    if message.invitation is None and message.kind in ABOUT_AN_INVITATION:
        raise RenderingError("The invitation that this mail is about no longer exists.")
    if message.participation is None and message.kind in ABOUT_SPEAKING:
        raise RenderingError("What this mail asks somebody to speak in no longer exists.")
    quote = quote_of(message)
    if quote is None and message.kind in ABOUT_A_QUOTE:
        raise RenderingError("The quote that this mail is about no longer exists.")
    try:
        text, tag = (text, text.language) if text else _text(message)
        language = text.language
        shared = shared_values(message.conference, language, _session_code(message))
        # Who had the place before gets no link of who has it now.
        of_now = None if message.kind in TO_FORMER else registration
        own = links_of(of_now) if of_now is not None else {}
        stop = stop_links_of(message)
        manage_url, stop_url = (next(iter(links.values()), "") for links in (own, stop))
        about = {
            **speaker_values(message, language, shared.text["place"]),
            **quote_values(message, quote, language),
        }
        every = shared.joined(values(about)).joined(
            _personal_values(message, language, manage_url, stop_url)
        )
        has_ticket = _has_ticket(message)
        form = layout(
            text,
            every.present,
            has_ticket=has_ticket,
            accent=message.conference.organisation.accent,
        )
        return MailContent(
            subject=_subject(fill(form.subject, every.text)),
            text=fill(form.text, every.text),
            html=fill(form.html, every.html),
            headers={
                **_headers(message),
                "Content-Language": tag,
                **(list_headers(message, stop_url) if stop_url else {}),
            },
            attachments=tuple(_attachments(message, every, has_ticket=has_ticket)),
            reply_to=every.text["contact_email"],
            links={
                **own,
                **stop,
                **invitation_links_of(message),
                **speaker_links_of(message),
                **quote_links_of(quote),
            },
        )
    except TextError as error:
        raise RenderingError(str(error)) from error
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise RenderingError(
            f"This mail could not be made ({type(error).__name__}); its facts are not in order."
        ) from error


def _text(message: Message) -> tuple[MailText, str]:
    """Return the text of a message, and the language in which it is written."""
    announcement = message.announcement
    if announcement is None:
        text = text_for(message.conference, message.template, message.language)
        return text, text.language
    languages = message.conference.languages
    tag = text_language(announcement.body, message.language, languages)
    return text_of(announcement, tag), tag


def _headers(message: Message) -> Mapping[str, str]:
    return _BY_HAND if message.kind == MessageKind.ANNOUNCEMENT else _HEADERS


def _subject(text: str) -> str:
    plain = clean_line(text)
    return plain if len(plain) <= SUBJECT_LENGTH else plain[: SUBJECT_LENGTH - 1] + "…"


def _attachments(message: Message, every: Values, *, has_ticket: bool) -> list[MailAttachment]:
    registration = message.registration
    if message.kind == MessageKind.SPEAKER_ANSWER:
        ticket = [_ticket(registration)] if has_ticket and registration is not None else []
        return [*ticket, *_session_entry(message, every)]
    if message.kind == MessageKind.PROGRAMME_CHANGED:
        return [
            MailAttachment(
                f"session-{number}.ics", f"text/calendar; method={method}; charset=UTF-8", entry
            )
            for number, (method, entry) in enumerate(
                entries_for(message, changed_sessions(message)), 1
            )
        ]
    if registration is None:
        return []
    parts = []
    if has_ticket:
        parts.append(_ticket(registration))
    method = _CALENDAR.get(MessageKind(message.kind))
    # A place that was never confirmed is in nobody's calendar.
    if method and registration.confirmed_at is not None:
        parts.append(
            MailAttachment(
                "invite.ics",
                f"text/calendar; method={method}; charset=UTF-8",
                calendar_entry(
                    method=method,
                    conference=message.conference,
                    registration=registration,
                    sequence=max(message.sequence, registration.sequence),
                    facts=every.text,
                ),
            )
        )
    return parts


def _has_ticket(message: Message) -> bool:
    """Tell whether the ticket comes along: with a confirmation, and with thanks for a speaker's yes
    that gave them a place.
    """
    place = message.registration
    if message.kind == MessageKind.SPEAKER_ANSWER:
        return place is not None and place.status == RegistrationStatus.CONFIRMED
    return message.kind in _WITH_TICKET


def _ticket(registration: Registration) -> MailAttachment:
    return MailAttachment("ticket.png", "image/png", ticket_png(registration.code), TICKET_CID)


def _session_entry(message: Message, every: Values) -> list[MailAttachment]:
    """Return the session as a calendar entry, for who has said yes and where it has a time."""
    row, session = message.participation, session_of(message)
    says_yes = message.facts.get("state") == ParticipationState.CONFIRMED
    if row is None or session.start_local is None or not says_yes:
        return []
    entry = session_entry(row, session, facts=every.text)
    return [MailAttachment("invite.ics", "text/calendar; method=PUBLISH; charset=UTF-8", entry)]


def _session_code(message: Message) -> str:
    """Return the session that a message is about; "" when it is about the conference.

    `occurrence` names a rule's anchor: ``session:CODE@2027-03-18T10:15``.
    """
    anchor, _, rest = message.occurrence.partition(":")
    return rest.partition("@")[0] if anchor == "session" else ""


def _personal_values(message: Message, language: str, manage_url: str, stop_url: str) -> Values:
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

"""One mail from one row of the outbox: subject, plain text, HTML, headers, attachments."""

from __future__ import annotations

import datetime as dt
from types import MappingProxyType
from typing import Final

from core.text import clean_line, full_name, pick_text
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services import wording
from notifications.services.archive import (
    MailAttachment,
    MailContent,
    archive,
    links_of,
    reveal,
)
from notifications.services.calendar import calendar_entry
from notifications.services.layout import TICKET_CID, layout
from notifications.services.mail_facts import conference_values
from notifications.services.qr import ticket_png
from notifications.services.texts import TextError, fill, mail_language
from notifications.services.values import Values, line, name, values

__all__ = ["MailAttachment", "MailContent", "RenderingError", "archive", "render", "reveal"]

SUBJECT_LENGTH: Final = 250
_HEADERS: Final = MappingProxyType(
    {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}
)
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
    }
)
# Kind -> METHOD of the calendar entry that comes along.
_CALENDAR: Final = MappingProxyType(
    {
        MessageKind.CONFIRMATION: "PUBLISH",
        MessageKind.CHANGED_TIME: "PUBLISH",
        MessageKind.CANCELLATION: "CANCEL",
        MessageKind.CONFERENCE_CANCELLED: "CANCEL",
    }
)


class RenderingError(Exception):
    """This mail can not be made; the sentence says why. Another try would end the same way."""


def render(message: Message) -> MailContent:
    """Make the mail of a row of the outbox from the facts of this moment.

    Reads `message.conference` (with its organisation) and `message.registration` (with its type);
    fetch them with the row. What all readers of a conference and language share is made once.
    Of `message.facts` it reads `former_start`, `former_end` (local, ISO 8601) and
    `former_time_zone`: what a conference with a new time was announced for.

    Raises:
        RenderingError: when there is no such text, or what it is about is gone.
    """
    registration = message.registration
    if registration is None and message.kind in _ABOUT_A_REGISTRATION:
        raise RenderingError("The registration that this mail is about no longer exists.")
    language = mail_language(message.language)
    try:
        shared = conference_values(message.conference, language)
        every = shared.joined(_personal_values(message, language))
        has_ticket = message.kind in _WITH_TICKET
        form = layout(message.template, language, every.present, has_ticket=has_ticket)
        return MailContent(
            subject=_subject(fill(form.subject, every.text)),
            text=fill(form.text, every.text),
            html=fill(form.html, every.html),
            headers={**_HEADERS, "Content-Language": language},
            attachments=tuple(_attachments(message, every, has_ticket=has_ticket)),
            reply_to=every.text["contact_email"],
            links=links_of(registration) if registration is not None else {},
        )
    except TextError as error:
        raise RenderingError(str(error)) from error
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise RenderingError(
            f"This mail could not be made ({type(error).__name__}); its facts are not in order."
        ) from error


def _subject(text: str) -> str:
    plain = clean_line(text)
    return plain if len(plain) <= SUBJECT_LENGTH else plain[: SUBJECT_LENGTH - 1] + "…"


def _attachments(message: Message, every: Values, *, has_ticket: bool) -> list[MailAttachment]:
    registration = message.registration
    if registration is None:
        return []
    parts = []
    if has_ticket:
        parts.append(
            MailAttachment("ticket.png", "image/png", ticket_png(registration.code), TICKET_CID)
        )
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


def _personal_values(message: Message, language: str) -> Values:
    registration = message.registration
    table = wording.words(language)
    former = _former_time(message, language)
    if registration is None:
        return values({"greeting": _greeting(name(message.to_name), table), **former})
    who = full_name(
        registration.honorific, full_name(registration.given_name, registration.family_name)
    )
    kind = registration.registration_type.name
    return values(
        {
            "greeting": _greeting(name(who), table),
            "code": registration.code,
            "type": line(pick_text(kind, language, message.conference.languages)),
            "status": table.status.get(registration.status, registration.status),
            "manage_url": next(iter(links_of(registration).values())),
            **former,
        }
    )


def _greeting(who: str, table: wording.Words) -> str:
    return table.phrases["dear"] % who if who else table.phrases["dear_nobody"]


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

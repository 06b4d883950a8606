"""One mail from one row of the outbox: subject, plain text, HTML, headers, attachments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from core.links import absolute_url, link_token
from core.text import clean_line, full_name, pick_text
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services import wording
from notifications.services.calendar import calendar_entry
from notifications.services.layout import TICKET_CID, layout
from notifications.services.mail_facts import conference_values
from notifications.services.qr import ticket_png
from notifications.services.texts import TextError, fill, mail_language
from notifications.services.values import Values, line, name, values
from registrations.models import Registration

SUBJECT_LENGTH: Final = 250
_HEADERS: Final = MappingProxyType(
    {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}
)
_WITH_TICKET: Final = frozenset({MessageKind.CONFIRMATION})
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


@dataclass(frozen=True, slots=True)
class MailAttachment:
    """A part of a mail; with a `content_id` it is shown inside the HTML, else it is a file."""

    name: str
    content_type: str
    content: bytes
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class MailContent:
    """What one recipient gets, without addresses, Message-ID and date."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    attachments: tuple[MailAttachment, ...]
    reply_to: str


def render(message: Message) -> MailContent:
    """Make the mail of a row of the outbox from the facts of this moment.

    Reads `message.conference` (with its organisation) and `message.registration` (with its type);
    fetch them with the row. What all readers of a conference and language share is made once.

    Raises:
        RenderingError: when there is no such text, or what it is about is gone.
    """
    language = mail_language(message.language)
    try:
        shared = conference_values(message.conference, language)
        every = shared.joined(_personal_values(message, language))
        registration = message.registration
        has_ticket = registration is not None and message.kind in _WITH_TICKET
        form = layout(message.template, language, every.present, has_ticket=has_ticket)
        subject = clean_line(fill(form.subject, every.text))
        return MailContent(
            subject=subject[: SUBJECT_LENGTH - 1] + "…"
            if len(subject) > SUBJECT_LENGTH
            else subject,
            text=fill(form.text, every.text),
            html=fill(form.html, every.html),
            headers={**_HEADERS, "Content-Language": language},
            attachments=tuple(_attachments(message, every, has_ticket=has_ticket)),
            reply_to=every.text["contact_email"],
        )
    except TextError as error:
        raise RenderingError(str(error)) from error
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise RenderingError(
            f"This mail could not be made ({type(error).__name__}); its facts are not in order."
        ) from error


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
    phrases = wording.words(language).phrases
    if registration is None:
        who = name(message.to_name)
        return values({"greeting": phrases["dear"] % who if who else phrases["dear_nobody"]})
    return values(
        {
            "greeting": _greeting(registration, language),
            "code": registration.code,
            "type": line(
                pick_text(
                    registration.registration_type.name, language, message.conference.languages
                )
            ),
            "status": wording.words(language).status.get(registration.status, registration.status),
            "manage_url": _manage_url(registration),
        }
    )


def _greeting(registration: Registration, language: str) -> str:
    phrases = wording.words(language).phrases
    who = full_name(
        registration.honorific, full_name(registration.given_name, registration.family_name)
    )
    plain = name(who)
    return phrases["dear"] % plain if plain else phrases["dear_nobody"]


def _manage_url(registration: Registration) -> str:
    token = link_token("manage", registration.pk, registration.link_generation)
    return absolute_url(f"/r/{registration.code}/{token}/")

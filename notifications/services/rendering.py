"""One mail from one row of the outbox: subject, plain text, HTML, headers, attachments."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.text import clean_line
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services.announcement_texts import text_language, text_of
from notifications.services.archive import (
    MailAttachment,
    MailContent,
    archive,
    links_of,
    reveal,
    stop_links_of,
)
from notifications.services.attachments import attachments_of, comes_with_ticket
from notifications.services.invitation_facts import ABOUT_AN_INVITATION, invitation_links_of
from notifications.services.kinds import TO_FORMER
from notifications.services.layout import layout
from notifications.services.mail_facts import shared_values
from notifications.services.markup import TextError, fill
from notifications.services.own_texts import text_for
from notifications.services.personal_values import personal_values
from notifications.services.quote_facts import ABOUT_A_QUOTE, quote_links_of, quote_of, quote_values
from notifications.services.speaker_facts import ABOUT_SPEAKING, speaker_links_of, speaker_values
from notifications.services.texts import MailText
from notifications.services.trials import as_test, trial_of
from notifications.services.unsubscribing import list_headers
from notifications.services.values import values

__all__ = ["MailAttachment", "MailContent", "RenderingError", "archive", "render", "reveal"]

SUBJECT_LENGTH: Final = 250
_HEADERS: Final = MappingProxyType(
    {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}
)
# A person wrote it, so it does not call itself generated (RFC 3834).
_BY_HAND: Final = MappingProxyType({"X-Auto-Response-Suppress": "OOF, AutoReply"})
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
            personal_values(message, language, manage_url, stop_url)
        )
        has_ticket = comes_with_ticket(message)
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
            attachments=tuple(attachments_of(message, every, has_ticket=has_ticket)),
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


def _session_code(message: Message) -> str:
    """Return the session that a message is about; "" when it is about the conference.

    `occurrence` names a rule's anchor: ``session:CODE@2027-03-18T10:15``.
    """
    anchor, _, rest = message.occurrence.partition(":")
    return rest.partition("@")[0] if anchor == "session" else ""

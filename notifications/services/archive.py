"""Mails as they are kept: links that give rights are placeholders, filled when somebody reads.

A placeholder names the link's generation, so what is read is the link that was sent; once the
generation was raised, that link opens nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Final

from core.links import absolute_url
from notifications.models import Message, RenderedMail
from notifications.services import invitation_facts, quote_facts, speaker_facts
from notifications.services.kinds import can_stop
from notifications.services.qr import text_png, ticket_png
from notifications.services.unsubscribing import unsubscribe_url
from registrations.models import Registration
from registrations.services.links import manage_url

# Values never hold these brackets (values.line), so no name can pretend to be a link.
_PLACEHOLDER: Final = re.compile(r"⟦(?:manage:(\d+)|unsubscribe)⟧")
_UNSUBSCRIBE: Final = "⟦unsubscribe⟧"
# Where the links of a mail lead that only shows how it will look.
NOWHERE: Final = "/r/"
_NO_TICKET: Final = "Preview, not a ticket"
_HARMLESS: Final = ("Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language")


@dataclass(frozen=True, slots=True)
class MailAttachment:
    """A part of a mail; with a `content_id` it is shown inside the HTML, else it is a file."""

    name: str
    content_type: str
    content: bytes
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class MailContent:
    """What one recipient gets, without addresses, Message-ID and date.

    Arguments:
        links: placeholder -> address of each link in it that gives rights.
    """

    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    attachments: tuple[MailAttachment, ...]
    reply_to: str
    links: Mapping[str, str]


def manage_link(registration: Registration, generation: int) -> str:
    """Return the address of the personal page as it was, or is, at a link generation."""
    then = copy(registration)
    then.link_generation = generation
    return manage_url(then)


def links_of(registration: Registration) -> dict[str, str]:
    """Return placeholder -> address of the links that a mail to this registration may hold."""
    generation = registration.link_generation
    return {f"⟦manage:{generation}⟧": manage_url(registration)}


def stop_links_of(message: Message) -> dict[str, str]:
    """Return placeholder -> address of the link that stops mails like it, where there is one."""
    return {_UNSUBSCRIBE: unsubscribe_url(message)} if can_stop(message) else {}


def disarm(content: MailContent) -> MailContent:
    """Return a mail for other eyes than its reader's: it looks the same and gives no right.

    Its links lead nowhere, its ticket opens no door, and what is attached or stands in headers
    stays away.
    """
    nowhere = absolute_url(NOWHERE)
    subject, text, html = content.subject, content.text, content.html
    for address in content.links.values():
        subject, text = (part.replace(address, nowhere) for part in (subject, text))
        html = html.replace(escape(address, quote=True), nowhere)
    return replace(
        content,
        subject=subject,
        text=text,
        html=html,
        headers={name: content.headers[name] for name in _HARMLESS if name in content.headers},
        attachments=tuple(
            replace(part, content=text_png(_NO_TICKET))
            for part in content.attachments
            if part.content_id
        ),
        links={},
    )


def archive(content: MailContent) -> dict[str, Any]:
    """Return the fields of a RenderedMail, with placeholders where links give rights."""
    text, html, headers = content.text, content.html, dict(content.headers)
    reply_to = {"Reply-To": content.reply_to} if content.reply_to else {}
    for placeholder, address in content.links.items():
        text = text.replace(address, placeholder)
        html = html.replace(escape(address, quote=True), placeholder)
        headers = {name: value.replace(address, placeholder) for name, value in headers.items()}
    return {
        "subject": content.subject,
        "text": text,
        "html": html,
        "headers": {**headers, **reply_to},
        "attachments": [
            {
                "name": part.name,
                "content_type": part.content_type,
                "content_id": part.content_id,
                "size": len(part.content),
            }
            for part in content.attachments
        ],
    }


def reveal(rendered: RenderedMail, registration: Registration | None) -> MailContent:
    """Return a kept mail as its reader saw it; without the registration its links are gone.

    The ticket is drawn anew; the bytes of other attachments are not kept.
    """
    message: Message | None = getattr(rendered, "message", None)

    def address(match: re.Match[str]) -> str:
        if match[0] == _UNSUBSCRIBE:
            return unsubscribe_url(message) if message is not None else absolute_url("/u/")
        if registration is None:
            return absolute_url("/r/")
        return manage_link(registration, int(match[1]))

    def answer_page(match: re.Match[str]) -> str:
        found = invitation_facts.invitation_link(message, int(match[1]))
        return found or absolute_url("/i/")

    def speaker_page(match: re.Match[str]) -> str:
        return speaker_facts.speaker_link(message, int(match[1])) or absolute_url("/s/")

    def quote_page(match: re.Match[str]) -> str:
        return quote_facts.quote_link(message, int(match[1])) or absolute_url("/q/")

    def filled(text: str, mask: Callable[[str], str]) -> str:
        text = _PLACEHOLDER.sub(lambda match: mask(address(match)), text)
        text = invitation_facts.PLACEHOLDER.sub(lambda match: mask(answer_page(match)), text)
        text = speaker_facts.PLACEHOLDER.sub(lambda match: mask(speaker_page(match)), text)
        return quote_facts.PLACEHOLDER.sub(lambda match: mask(quote_page(match)), text)

    def content(part: dict[str, Any]) -> bytes:
        return ticket_png(registration.code) if part["content_id"] and registration else b""

    return MailContent(
        subject=rendered.subject,
        text=filled(rendered.text, str),
        html=filled(rendered.html, escape),
        headers={
            name: filled(value, str)
            for name, value in rendered.headers.items()
            if name != "Reply-To"
        },
        attachments=tuple(
            MailAttachment(part["name"], part["content_type"], content(part), part["content_id"])
            for part in rendered.attachments
        ),
        reply_to=rendered.headers.get("Reply-To", ""),
        links={},
    )

"""Mails as they are kept: links that give rights are placeholders, filled when somebody reads.

A placeholder names the link's generation, so what is read is the link that was sent; once the
generation was raised, that link opens nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from core.links import absolute_url
from notifications.models import Message, RenderedMail
from notifications.services.invitation_facts import answer_link
from notifications.services.qr import ticket_png
from registrations.models import Registration
from registrations.services.links import manage_url

# Values never hold these brackets (values.line), so no name can pretend to be a link.
_PLACEHOLDER: Final = re.compile(r"⟦(manage|answer):(\d+)⟧")


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


def archive(content: MailContent) -> dict[str, Any]:
    """Return the fields of a RenderedMail, with placeholders where links give rights."""
    text, html = content.text, content.html
    reply_to = {"Reply-To": content.reply_to} if content.reply_to else {}
    for placeholder, address in content.links.items():
        text = text.replace(address, placeholder)
        html = html.replace(escape(address, quote=True), placeholder)
    return {
        "subject": content.subject,
        "text": text,
        "html": html,
        "headers": {**content.headers, **reply_to},
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
    invitation = message.invitation if message is not None else None

    def address(match: re.Match[str]) -> str:
        if match[1] == "answer":
            if invitation is None:
                return absolute_url("/i/")
            return answer_link(invitation, int(match[2]))
        if registration is None:
            return absolute_url("/r/")
        return manage_link(registration, int(match[2]))

    def content(part: dict[str, Any]) -> bytes:
        return ticket_png(registration.code) if part["content_id"] and registration else b""

    return MailContent(
        subject=rendered.subject,
        text=_PLACEHOLDER.sub(address, rendered.text),
        html=_PLACEHOLDER.sub(lambda match: escape(address(match), quote=True), rendered.html),
        headers={name: value for name, value in rendered.headers.items() if name != "Reply-To"},
        attachments=tuple(
            MailAttachment(part["name"], part["content_type"], content(part), part["content_id"])
            for part in rendered.attachments
        ),
        reply_to=rendered.headers.get("Reply-To", ""),
        links={},
    )

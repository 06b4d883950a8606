"""The link by which a reader stops mails like the one in hand (RFC 8058), and its headers.

It names a message: the address that it went to and the list that it belongs to. So it opens as long
as there is the message, though the mail itself is forgotten after a month and the registration may
be gone. It gives no other right than to stop and to get again, and only a new LINK_KEY ends it.
"""

from __future__ import annotations

import base64
import binascii
import uuid
from typing import Final

from django.conf import settings

from core.links import absolute_url, link_matches, link_token
from core.text import email_key
from notifications.models import Message, message_uid

PURPOSE: Final = "unsubscribe"
ONE_CLICK: Final = ("List-Unsubscribe", "One-Click")
_GENERATION: Final = 1  # nobody revokes the right to hear no more
_NAME_LENGTH: Final = 22


def unsubscribe_path(message: Message) -> str:
    """Return the path of the page on which a message's reader stops mails like it."""
    uid = message_uid(message.key)
    return f"/u/{_name(uid)}{link_token(_purpose(message), uid.int, _GENERATION)}/"


def unsubscribe_url(message: Message) -> str:
    """Return the absolute address of that page."""
    return absolute_url(unsubscribe_path(message))


def find_by_unsubscribe_link(token: str) -> Message | None:
    """Return the message whose link this is; None for a wrong one.

    A message that goes to another address by now is not opened by the link of the former one.
    """
    try:
        uid = uuid.UUID(bytes=base64.urlsafe_b64decode(token[:_NAME_LENGTH].encode() + b"=="))
    except (ValueError, binascii.Error):
        return None
    row = (
        Message.objects.select_related("conference__organisation", "registration")
        .filter(uid=uid)
        .first()
    )
    if row is None or token[:_NAME_LENGTH] != _name(uid):
        return None
    if not link_matches(token[_NAME_LENGTH:], _purpose(row), uid.int, _GENERATION):
        return None
    return row


def list_headers(message: Message, stop_url: str) -> dict[str, str]:
    """Return the headers of an optional mail: its list, and how a mail program stops it.

    Arguments:
        stop_url: the message's own (`unsubscribe_url`), which the mail shows as well.
    """
    conference = message.conference
    labels = (conference.slug, conference.organisation.slug, settings.MAIL_HOST)
    return {
        "List-Id": f"<{'.'.join(labels)}>",
        "List-Unsubscribe": f"<{stop_url}>",
        "List-Unsubscribe-Post": "=".join(ONE_CLICK),
    }


def _name(uid: uuid.UUID) -> str:
    return base64.urlsafe_b64encode(uid.bytes).decode().rstrip("=")


def _purpose(message: Message) -> str:
    return f"{PURPOSE}:{email_key(message.to_email)}"

"""From what was rendered to the bytes that a mail server is given."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.core.mail import BadHeaderError
from django.utils import timezone

from notifications.models import Message
from notifications.services.archive import MailContent
from notifications.services.headers import address_line, make_address, text_line
from notifications.services.mime import body

_OURS: Final = frozenset(
    {
        *("from", "to", "cc", "bcc", "sender", "reply-to", "subject", "date", "message-id"),
        *("idempotency-key", "mime-version", "content-type", "content-transfer-encoding"),
    }
)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it goes out: the envelope's two addresses and the bytes in it."""

    sender: str
    recipient: str
    raw: bytes
    message_id: str

    @property
    def needs_smtputf8(self) -> bool:
        """Tell whether it has letters in an address that only RFC 6531 can carry."""
        return not self.recipient.isascii() or not self.sender.isascii()


def message_id(message: Message) -> str:
    """Return the Message-ID of a row: the one it went out under, else the one it will."""
    return message.message_id or f"<{message.uid}@{settings.MAIL_HOST}>"


def compose(message: Message, content: MailContent) -> Mail:
    """Return the whole mail of a row of the outbox.

    The Message-ID is the row's, so it is the same over all tries; so is the idempotency key, for
    relays that know one.

    Raises:
        BadHeaderError: for a line break or another control character in any header.
        AddressError: for an address that is none.
    """
    sender, from_line = _sender(message.conference.organisation.name, settings.DEFAULT_FROM_EMAIL)
    recipient = make_address(message.to_name, message.to_email)
    name = message_id(message)
    lines = [
        from_line,
        address_line("To", recipient),
        text_line("Subject", content.subject),
        text_line("Date", format_datetime(timezone.now())),
        text_line("Message-ID", name),
        text_line("Idempotency-Key", str(message.uid)),
    ]
    if content.reply_to:
        lines.append(_reply_to(content.reply_to))
    for header, value in content.headers.items():
        if header.lower() in _OURS:
            raise BadHeaderError(f"What was rendered can not set the header {header}.")
        lines.append(text_line(header, value))
    head = "".join(f"{line}\r\n" for line in lines)
    return Mail(
        sender=sender.addr_spec,
        recipient=recipient.addr_spec,
        raw=head.encode() + body(content),
        message_id=name,
    )


@lru_cache(maxsize=64)
def _sender(organisation: str, default: str) -> tuple[Address, str]:
    """Return who a mail is from, and the line that says so: the organisation's name, the
    installation's address.
    """
    name, mailbox = parseaddr(default)
    sender = make_address(organisation or name, mailbox)
    return sender, address_line("From", sender)


@lru_cache(maxsize=64)
def _reply_to(mailbox: str) -> str:
    return address_line("Reply-To", make_address("", mailbox))

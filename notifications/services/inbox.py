"""The demo's mailbox: the mails in `$LECTERN_HOME/mail`, read as their readers see them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Final

from django.conf import settings

from notifications.services.archive import MailAttachment
from notifications.services.values import line

# Names as core.mail gives them: the moment in nanoseconds and eight random digits.
NAME: Final = r"[0-9]{1,20}-[0-9a-f]{8}"
_NAME: Final = re.compile(NAME)
_HEAD: Final = 64 * 1024
_LARGEST: Final = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class MailHead:
    """A mail as it stands in the list."""

    name: str
    at: dt.datetime
    who: str
    to: str
    subject: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail, opened."""

    head: MailHead
    sender: str
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    attachments: tuple[MailAttachment, ...]


def names() -> list[str]:
    """Return the names of all mails, newest first."""
    folder = Path(settings.MAIL_DIR)
    if not folder.is_dir():
        return []
    found = [path.stem for path in folder.glob("*.eml") if _NAME.fullmatch(path.stem)]
    return sorted(found, key=lambda name: int(name.partition("-")[0]), reverse=True)


def _path(name: str) -> Path | None:
    """Return where a mail lies; only names that we give, so no other file can be meant."""
    if not _NAME.fullmatch(name):
        return None
    path = Path(settings.MAIL_DIR) / f"{name}.eml"
    return path if path.is_file() and not path.is_symlink() else None


def read_head(name: str) -> MailHead | None:
    """Return what the list says of a mail; None when there is none."""
    path = _path(name)
    if path is None:
        return None
    with path.open("rb") as file:
        message = BytesHeaderParser(policy=policy.default).parsebytes(file.read(_HEAD))
    return _head(name, message)


def _head(name: str, message: EmailMessage) -> MailHead:
    at = dt.datetime.fromtimestamp(int(name.partition("-")[0]) / 1e9, tz=dt.UTC)
    to = message.get("To")
    addresses = getattr(to, "addresses", ())
    who = addresses[0].display_name or addresses[0].addr_spec if addresses else to
    return MailHead(name, at, line(who), line(to), line(message.get("Subject")))


def read_mail(name: str) -> Mail | None:
    """Return a mail with its parts; None when there is none, or it is larger than any of ours."""
    path = _path(name)
    if path is None or path.stat().st_size > _LARGEST:
        return None
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    texts = {"plain": "", "html": ""}
    parts = []
    for part in message.walk():
        if part.is_multipart():
            continue
        kind, subtype = part.get_content_maintype(), part.get_content_subtype()
        if kind == "text" and subtype in texts and not part.get_filename() and not texts[subtype]:
            texts[subtype] = _words(part)
            continue
        parts.append(_attachment(part))
    return Mail(
        head=_head(name, message),
        sender=line(message.get("From")),
        headers=tuple((key, line(value)) for key, value in message.items()),
        text=texts["plain"],
        html=texts["html"],
        attachments=tuple(parts),
    )


def _words(part: EmailMessage) -> str:
    try:
        return str(part.get_content())
    except LookupError:  # a character set that nobody knows
        raw = part.get_payload(decode=True)
        return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""


def _attachment(part: EmailMessage) -> MailAttachment:
    content = part.get_payload(decode=True)
    content_id = line(part.get("Content-ID")).strip("<>") or None
    return MailAttachment(
        name=line(part.get_filename()) or "attachment",
        content_type=part.get_content_type(),
        content=content if isinstance(content, bytes) else b"",
        content_id=content_id,
    )

"""A mail's body as bytes (RFC 2045, 2046, 2183, 2387): written out directly, because the standard
library takes longer to put a body together than the rest of a mail takes to be made and sent.

Everything is 7-bit: whatever a server can do, nothing has to be converted on the way.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import itertools
import re
import secrets
from collections.abc import Iterable
from typing import Final

from django.core.mail import BadHeaderError

from notifications.services.archive import MailAttachment, MailContent

_CRLF: Final = b"\r\n"
# Boundaries are made of these: asking the system for each one lets another sender go first.
_SECRET: Final = secrets.token_bytes(32)
_number: Final = itertools.count()
_LONGEST_LINE: Final = 998
# A text of mostly ASCII stays readable as it is sent; any other one is shorter in base64.
_MOSTLY: Final = 6
_FILE_NAME: Final = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$")
_TYPE: Final = re.compile(r"^[a-z]+/[a-z0-9.+-]+(?:; *[a-z]+=[A-Za-z0-9-]+)*$")
_CONTENT_ID: Final = re.compile(r"^[A-Za-z0-9.@_-]{1,100}$")
# Control characters, and what could be taken for a boundary.
_UNSAFE: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|--=_")


def body(content: MailContent) -> bytes:
    """Return the body with its headers: mixed(alternative(plain, related(html, pictures)), files).

    A level that would have only one part is left out.

    Raises:
        BadHeaderError: for a part whose name or type is not a plain word.
    """
    html = text_part("html", content.html)
    pictures = [file_part(part) for part in content.attachments if part.content_id]
    files = [file_part(part) for part in content.attachments if not part.content_id]
    if pictures:
        html = multipart('related; type="text/html"', [html, *pictures])
    whole = multipart("alternative", [text_part("plain", content.text), html])
    return b"MIME-Version: 1.0\r\n" + (multipart("mixed", [whole, *files]) if files else whole)


def multipart(kind: str, parts: Iterable[bytes]) -> bytes:
    """Return parts as one, between boundaries that nobody can guess."""
    # Neither encoding below can hold “=_”.
    boundary = f"=_{hmac.digest(_SECRET, b'%d' % next(_number), 'sha256').hex()[:24]}"
    between = f"\r\n--{boundary}\r\n".encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n'.encode()
    return head + b"".join(between + part for part in parts) + f"\r\n--{boundary}--\r\n".encode()


def text_part(kind: str, text: str) -> bytes:
    """Return a text with its headers, in the encoding that suits it."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    data = plain.replace("\n", "\r\n").encode("utf-8", "replace")
    if not data.endswith(_CRLF):
        data += _CRLF
    is_short = max(map(len, data.split(_CRLF))) <= _LONGEST_LINE
    if data.isascii() and is_short and not _UNSAFE.search(data):
        encoding = "7bit"
    elif len(data) < len(text) * (1 + 1 / _MOSTLY):
        encoding, data = "quoted-printable", binascii.b2a_qp(data, istext=True)
    else:
        encoding, data = "base64", _base64(data)
    head = (
        f'Content-Type: text/{kind}; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return head.encode() + data


def file_part(part: MailAttachment) -> bytes:
    """Return a picture or a file with its headers.

    Raises:
        BadHeaderError: when its name, type or id is not a plain word.
    """
    names = (part.name, _FILE_NAME), (part.content_type, _TYPE), (part.content_id, _CONTENT_ID)
    if any(text is not None and not form.match(text) for text, form in names):
        raise BadHeaderError("A part of a mail has a name or a type that is not a plain word.")
    disposition = "inline" if part.content_id else "attachment"
    lines = [
        f"Content-Type: {part.content_type}",
        "Content-Transfer-Encoding: base64",
        f'Content-Disposition: {disposition}; filename="{part.name}"',
        *([f"Content-ID: <{part.content_id}>"] if part.content_id else []),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + _base64(part.content)


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", _CRLF)

"""Header lines with people's words in them (RFC 5322, RFC 2047).

They are encoded here because the standard library's way depends on its patch release, and some of
them break subjects in two scripts and names with a comma. Nothing in it can begin a new line.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from email.headerregistry import Address
from typing import Final

from django.core.mail import BadHeaderError

LINE: Final = 76
# RFC 5322 lets a line have 998 octets; a word that long is not left as it is.
_LONGEST_WORD: Final = 800
_FRAME: Final = len("=?utf-8?b??=")
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/?^_`{|}~-]+"
_PHRASE: Final = re.compile(rf"^{_ATOM}(?: {_ATOM})*$")
# RFC 5322 dot-atom, with the letters that RFC 6531 adds; and its quoted form.
_DOT_ATOM: Final = re.compile(
    r"^[\w!#$%&'*+/=?^`{|}~\u0080-\U0010ffff-]+(?:\.[\w!#$%&'*+/=?^`{|}~\u0080-\U0010ffff-]+)*$"
)
_QUOTED: Final = re.compile(r'^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])+)"$')
_ESCAPED: Final = re.compile(r"\\(.)")
_DOMAIN: Final = re.compile(r"^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$")
_NO_ADDRESS: Final = "The address is not an e-mail address."
_PRINTABLE: Final = re.compile(r"^[\x20-\x7e]*$")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_NAME: Final = re.compile(r"^[A-Za-z][A-Za-z0-9-]{0,70}$")
# A place where a line may be folded: before spaces that a word precedes.
_FOLD: Final = re.compile(r"(?<=\S)(?= )")


class AddressError(Exception):
    """This is no address that mail can go to; the sentence says why."""


def text_line(name: str, value: str) -> str:
    """Return a header line, folded, encoded where it is not plain ASCII.

    Raises:
        BadHeaderError: for a line break or another control character, or a name that is none.
    """
    if not _NAME.match(name):
        raise BadHeaderError(f"“{name[:70]!r}” is not the name of a header.")
    text = _one_line(value)
    is_plain = text.isascii() and "=?" not in text
    if is_plain and len(name) + len(text) + 2 <= LINE:
        return f"{name}: {text}"
    tokens = _FOLD.split(text)
    if not _PRINTABLE.match(text) or "=?" in text or max(map(len, tokens)) > _LONGEST_WORD:
        return f"{name}: " + _folded(encoded_words(text, len(name) + 2))
    lines = [f"{name}: {tokens[0]}"]
    for token in tokens[1:]:
        if len(lines[-1]) + len(token) <= LINE:
            lines[-1] += token
        else:
            lines.append(token)
    return "\r\n".join(lines)


def address_line(name: str, address: Address) -> str:
    """Return a header line with one address."""
    mailbox = f"<{address.addr_spec}>" if address.display_name else address.addr_spec
    if not address.display_name:
        return f"{name}: {mailbox}"
    phrase = _phrase(address.display_name, len(name) + 2)
    last = phrase.rpartition("\n")[2]
    fits = len(last) + len(mailbox) + 1 <= LINE
    return f"{name}: {phrase}{' ' if fits else _FOLDED}{mailbox}"


def make_address(name: str, mailbox: str) -> Address:
    """Return a name and a mailbox as an address; a domain in other letters becomes ASCII.

    Raises:
        BadHeaderError: for a line break or another control character in either.
        AddressError: when it is not an address.
    """
    local, _at, domain = _one_line(mailbox).rpartition("@")
    try:
        domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise AddressError(_NO_ADDRESS) from error
    if not _DOMAIN.match(domain):
        raise AddressError(_NO_ADDRESS)
    quoted = _QUOTED.match(local)
    if not quoted and not _DOT_ATOM.match(local):
        raise AddressError(_NO_ADDRESS)
    username = _ESCAPED.sub(r"\1", quoted[1]) if quoted else local
    return Address(display_name=_one_line(name), username=username, domain=domain)


def encoded_words(text: str, taken: int) -> list[str]:
    """Return text as encoded words in UTF-8: whole characters each, one a line.

    Arguments:
        taken: how much of the first line stands before it.
    """
    return [f"=?utf-8?b?{base64.b64encode(part).decode()}?=" for part in _parts(text, taken)]


def _parts(text: str, taken: int) -> Iterator[bytes]:
    """Cut text into what fits into one encoded word, before a space where there is one.

    Programs that wrongly show a gap between two encoded words show it between two words then.
    """
    room = (LINE - taken - _FRAME) // 4 * 3
    part, last_space = b"", 0
    for char in text:
        octets = char.encode("utf-8", "replace")
        if char == " " and part:
            last_space = len(part)
        if part and len(part) + len(octets) > room:
            cut = last_space or len(part)
            yield part[:cut]
            part, last_space, room = part[cut:], 0, (LINE - 1 - _FRAME) // 4 * 3
        part += octets
    yield part


_FOLDED: Final = "\r\n "


def _folded(words: list[str]) -> str:
    return _FOLDED.join(words)


def _phrase(name: str, taken: int) -> str:
    if _PHRASE.match(name) and len(name) <= LINE - taken:
        return name
    if _PRINTABLE.match(name) and "=?" not in name:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return _folded(encoded_words(name, taken))


def _one_line(text: str) -> str:
    if not text.isprintable() and _CONTROL.search(text):
        raise BadHeaderError("A header can not hold a line break or another control character.")
    return text.strip()

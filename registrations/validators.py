"""What a guest may write: one place for the form, the API and imports.

Cleaners have the shape of those in events.validators: they return a value as it is stored or raise
`Wrong`. Their sentences are for guests, so they are translated.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from core.cleaning import Cleaner, Wrong
from core.text import LANGUAGES, clean_line, language_tag

MAX_NAME: Final = 120
MAX_LINE: Final = 200
MAX_EMAIL: Final = 254
MAX_LOCAL_PART: Final = 64
# So many come by one booking at the most.
MAX_PARTY: Final = 50
# Also line separators, marks that turn the direction of writing, and halves of surrogate pairs.
_CONTROL: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
# A name stands in mail to an address that a stranger typed: it must not become a link there.
_LINK: Final = re.compile(
    r"://|\bwww\.|[<>@]|\]\(|\b[\w-]{2,}\.(?:app|biz|by|club|co|com|dev|eu|info|io|link|me|net|online"
    r"|org|рф|rs|ru|shop|site|su|top|ua|xyz)\b",
    re.IGNORECASE,
)
_is_email = EmailValidator(allowlist=[])


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str):
        raise Wrong("invalid", _("Give a text."))
    # A line end or NUL inside would reach mail headers and calendar files.
    if _CONTROL.search(value.strip()):
        raise Wrong("control-character", _("This holds a character that can not be printed."))
    text = clean_line(value)
    if len(text) > longest:
        sentence = _("This is longer than %(longest)d characters.")
        raise Wrong("too-long", sentence % {"longest": longest})
    return text


def line(longest: int, *, required: bool = False) -> Cleaner:
    """Clean one line of text."""

    def cleaner(value: Any) -> str:
        text = _text(value, longest)
        if required and not text:
            raise Wrong("required", _("This is needed."))
        return text

    return cleaner


def paragraphs(longest: int) -> Cleaner:
    """Clean a text of several lines; every line end becomes one character."""

    def cleaner(value: Any) -> str:
        if not isinstance(value, str):
            raise Wrong("invalid", _("Give a text."))
        text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
        if _CONTROL.search(text.replace("\n", "").replace("\t", "")):
            raise Wrong("control-character", _("This holds a character that can not be printed."))
        text = unicodedata.normalize("NFC", text)
        if len(text) > longest:
            sentence = _("This is longer than %(longest)d characters.")
            raise Wrong("too-long", sentence % {"longest": longest})
        return text

    return cleaner


def name(longest: int = MAX_NAME, *, required: bool = True) -> Cleaner:
    """Clean a part of a name, which must not look like a link."""
    plain = line(longest, required=required)

    def cleaner(value: Any) -> str:
        text = str(plain(value))
        if _LINK.search(text):
            raise Wrong("link", _("A name has no web or e-mail address in it."))
        return text

    return cleaner


def email(*, required: bool = True) -> Cleaner:
    """Clean an e-mail address: ASCII before the @, a domain of any script after it."""

    def cleaner(value: Any) -> str:
        text = _text(value, MAX_EMAIL)
        if not text:
            if required:
                raise Wrong("required", _("This is needed."))
            return ""
        local, _at, domain = text.rpartition("@")
        if not local.isascii():
            raise Wrong(
                "email-local-part",
                _("Letters with marks or of other scripts before the @ reach few mail servers."),
            )
        wrong = Wrong("email", _("This is not an e-mail address. It looks like name@example.org."))
        try:
            # As Django addresses the envelope, and as core.text.email_key compares.
            ascii_domain = domain.encode("idna").decode("ascii")
            _is_email(f"{local}@{ascii_domain}")
        except (UnicodeError, ValidationError) as error:
            raise wrong from error
        if (
            len(local) > MAX_LOCAL_PART
            or len(local) + 1 + len(ascii_domain) > MAX_EMAIL
            or not ascii_domain[0].isalnum()  # [192.0.2.1]
            or '"' in local
        ):
            raise wrong
        return text if "xn--" in ascii_domain else f"{local}@{ascii_domain.lower()}"

    return cleaner


def language(value: Any) -> str:
    """Clean the tag of a language that this installation speaks."""
    try:
        tag = language_tag(value) if isinstance(value, str) else ""
    except ValueError:
        tag = ""
    if tag not in LANGUAGES:
        raise Wrong(
            "unknown",
            _("Choose one of these languages: %(known)s.") % {"known": ", ".join(LANGUAGES)},
        )
    return tag


# How the details of every registration are cleaned, whoever writes them.
DETAILS: Final[Mapping[str, Cleaner]] = {
    "honorific": name(60, required=False),
    "given_name": name(),
    "family_name": name(),
    "email": email(required=False),
    "affiliation": line(MAX_LINE),
    "position": line(MAX_LINE),
    "phone": line(40),
    "language": language,
}
# The public form and the public API also want an address.
PUBLIC_DETAILS: Final[Mapping[str, Cleaner]] = {**DETAILS, "email": email()}
# People whom the organisation knows may have a single name.
KNOWN_DETAILS: Final[Mapping[str, Cleaner]] = {**DETAILS, "family_name": name(required=False)}
# Who comes along may be named later, and an address is never invented.
COMPANION_DETAILS: Final[Mapping[str, Cleaner]] = {
    **DETAILS,
    "given_name": name(required=False),
    "family_name": name(required=False),
}

"""Values from outside, made what is stored or refused: for forms, the API and imports alike.

A cleaner takes a value and returns it as it is stored, or raises `Wrong` with a code for programs
and a sentence for people. `clean()` runs the cleaners of many fields and refuses with all that is
wrong at once.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import models

from core.clock import FIRST_YEAR, LAST_YEAR, zone_names
from core.errors import DomainError, FieldError
from core.slugs import is_slug
from core.text import LANGUAGES, language_tag

Cleaner = Callable[[Any], Any]

MAX_TITLE: Final = 300
MAX_TEXT: Final = 20_000
MAX_URL: Final = 500
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_HOST: Final = re.compile(r"[^\s@/\\]+")
_is_email = EmailValidator()


class Wrong(ValueError):  # noqa: N818 - it is never seen outside: clean() makes a DomainError
    """A value that can not be taken: a code for programs and a sentence for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def clean(
    values: Mapping[str, Any], cleaners: Mapping[str, Cleaner], prefix: str = ""
) -> dict[str, Any]:
    """Return the values as they are stored.

    Raises:
        DomainError: ``validation-failed`` with one error for each wrong value and unknown name.
    """
    cleaned: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name, value in values.items():
        cleaner = cleaners.get(name)
        if cleaner is None:
            errors.append(FieldError(f"{prefix}/{name}", "unknown", f"There is no field “{name}”."))
            continue
        try:
            cleaned[name] = cleaner(value)
        except Wrong as wrong:
            errors.append(FieldError(f"{prefix}/{name}", wrong.code, wrong.detail))
    refuse(errors)
    return cleaned


def refuse(errors: Sequence[FieldError]) -> None:
    """Refuse with these errors; without any, do nothing."""
    if errors:
        detail = errors[0].detail if len(errors) == 1 else "Some values can not be taken."
        raise DomainError("validation-failed", detail, errors=errors)


def plain(value: Any, *, lines: bool) -> str:
    """Return a text in NFC, trimmed, of characters that can be printed."""
    if not isinstance(value, str):
        raise Wrong("invalid", "Give a text.")
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    for ch in text:
        if ch in "\n\t" and lines:
            continue
        # Control characters, halves of surrogate pairs, and line and paragraph separators.
        if unicodedata.category(ch) in {"Cc", "Cs", "Zl", "Zp"}:
            raise Wrong(
                "control-character", "This holds a character that can not be printed. Remove it."
            )
    return text


def fits(text: str, longest: int) -> str:
    """Return a text that is not longer than `longest` characters."""
    if len(text) > longest:
        raise Wrong("too-long", f"This is longer than {longest} characters.")
    return text


def line(longest: int, *, required: bool = False) -> Cleaner:
    """Clean one line of text."""

    def cleaner(value: Any) -> str:
        text = fits(plain(value, lines=False), longest)
        if required and not text:
            raise Wrong("required", "This is needed.")
        return text

    return cleaner


def colour(value: Any) -> str:
    """Clean a colour of six hexadecimal digits, or "" for none."""
    text = str(line(7)(value))
    if text and not _COLOUR.fullmatch(text):
        raise Wrong("colour", "Give a colour as #0b5d5e.")
    return text.lower()


def paragraphs(longest: int = MAX_TEXT) -> Cleaner:
    """Clean a text of several lines."""
    return lambda value: fits(plain(value, lines=True), longest)


def texts(longest: int = MAX_TITLE, *, lines: bool = False) -> Cleaner:
    """Clean a text in several languages; languages without a text fall away."""

    def cleaner(value: Any) -> dict[str, str]:
        if not isinstance(value, Mapping):
            raise Wrong("invalid", "Give one text per language.")
        found: dict[str, str] = {}
        for key, text in value.items():
            tag = known_language(key)
            try:
                cleaned = fits(plain(text, lines=lines), longest)
            except Wrong as wrong:
                raise Wrong(wrong.code, f"{LANGUAGES[tag]}: {wrong.detail}") from wrong
            if cleaned:
                found[tag] = cleaned
        return found

    return cleaner


def known_language(value: Any) -> str:
    """Clean the tag of a language that this installation speaks."""
    try:
        tag = language_tag(value) if isinstance(value, str) else ""
    except ValueError:
        tag = ""
    if tag not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        shown = value if isinstance(value, str) and value.isprintable() else "This"
        raise Wrong("language", f"“{shown[:20]}” is not a language here. Known are {known}.")
    return tag


def languages(value: Any) -> list[str]:
    """Clean a list of languages; the first one is that of texts in only one language."""
    if not isinstance(value, list | tuple) or not value:
        raise Wrong("required", "Name at least one language.")
    return list(dict.fromkeys(known_language(tag) for tag in value))


def choice(choices: type[models.TextChoices]) -> Cleaner:
    """Clean one word of a vocabulary."""

    def cleaner(value: Any) -> str:
        if not isinstance(value, str) or value not in choices.values:
            raise Wrong("choice", f"Choose one of {', '.join(choices.values)}.")
        return str(value)

    return cleaner


def flag(value: Any) -> bool:
    """Clean a yes or no, and nothing that merely looks like one."""
    if not isinstance(value, bool):
        raise Wrong("invalid", "Give true or false.")
    return value


def whole_number(lowest: int, highest: int, *, required: bool = True) -> Cleaner:
    """Clean a whole number in a range; without `required`, None is kept."""

    def cleaner(value: Any) -> int | None:
        if value is None and not required:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise Wrong("range", f"Give a whole number from {lowest} to {highest}.")
        return value

    return cleaner


def local_time(*, required: bool = True) -> Cleaner:
    """Clean a wall-clock time to the minute, without an offset."""

    def cleaner(value: Any) -> dt.datetime | None:
        if (value is None or value == "") and not required:
            return None
        if isinstance(value, str):
            try:
                value = dt.datetime.fromisoformat(value) if "T" in value or " " in value else None
            except ValueError:
                value = None
        if not isinstance(value, dt.datetime):
            raise Wrong("invalid", "Give date and time as 2027-03-28T10:00.")
        if value.tzinfo is not None:
            raise Wrong("offset", "Give the local time, without an offset: 2027-03-28T10:00.")
        if value.second or value.microsecond:
            raise Wrong("invalid", "Give the time to the minute: 2027-03-28T10:00.")
        _year(value)
        return value.replace(fold=0)

    return cleaner


def instant(value: Any) -> dt.datetime | None:
    """Clean an instant, or None; its offset becomes UTC."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        raise Wrong("invalid", "Give an instant with its offset: 2027-03-28T08:00:00Z.")
    _year(value)
    return value.astimezone(dt.UTC)


def _year(value: dt.datetime) -> None:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Wrong("range", f"Give a year from {FIRST_YEAR} to {LAST_YEAR}.")


def time_zone(value: Any) -> str:
    """Clean the name of a time zone."""
    if not isinstance(value, str) or value not in zone_names():
        raise Wrong("time-zone", "There is no such time zone. Give a name such as Europe/Belgrade.")
    return value


def slug(longest: int) -> Cleaner:
    """Clean a part of an address."""

    def cleaner(value: Any) -> str:
        text = line(longest, required=True)(value)
        if not is_slug(text):
            raise Wrong(
                "slug", "Use lower-case letters a to z, digits and single hyphens: open-forum-2027."
            )
        return str(text)

    return cleaner


def web_address(value: Any) -> str:
    """Clean an http or https address, or "" for none."""
    text = str(line(MAX_URL)(value))
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not host or not _HOST.fullmatch(parts.netloc):
        raise Wrong("url", "Give an address that begins with https:// or http://.")
    return text


def email_address(*, required: bool = False) -> Cleaner:
    """Clean an e-mail address; without `required`, "" stands for none."""

    def cleaner(value: Any) -> str:
        text = str(line(254, required=required)(value))
        if text:
            try:
                _is_email(text)
            except ValidationError as error:
                raise Wrong("email", "This is not an e-mail address.") from error
        return text

    return cleaner


def country(value: Any) -> str:
    """Clean a country's two letters (ISO 3166-1), or "" for none."""
    text = str(line(2)(value)).upper()
    if text and not _COUNTRY.fullmatch(text):
        raise Wrong("country", "Give the country's two letters, such as RS.")
    return text

"""What values of an organisation, its members and its tokens may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings

from accounts.enums import Role
from core import cleaning
from core.cleaning import Cleaner, Wrong
from core.slugs import is_reserved_root

INTERFACE_LANGUAGES: Final = tuple(tag for tag, _name in settings.LANGUAGES)


def organisation_slug(value: Any) -> str:
    """Clean an organisation's part of its address, which may not be one of ours."""
    text = str(cleaning.slug(60)(value))
    if is_reserved_root(text):
        raise Wrong("reserved", f"“{text}” can not be an organisation's address. Choose another.")
    return text


def interface_language(value: Any) -> str:
    """Clean a language in which the pages for members are there."""
    if value not in INTERFACE_LANGUAGES:
        raise Wrong("language", f"Choose one of {', '.join(INTERFACE_LANGUAGES)}.")
    return str(value)


ORGANISATION: Final[Mapping[str, Cleaner]] = {
    "slug": organisation_slug,
    "name": cleaning.line(200, required=True),
    "short_name": cleaning.line(60),
    "about": cleaning.texts(cleaning.MAX_TEXT, lines=True),
    "city": cleaning.line(100),
    "country": cleaning.country,
    "time_zone": cleaning.time_zone,
    "languages": cleaning.languages,
    "website": cleaning.web_address,
    "contact_email": cleaning.email_address(),
    "contact_phone": cleaning.line(40),
    "imprint": cleaning.texts(cleaning.MAX_TEXT, lines=True),
    "accent": cleaning.colour,
}
MEMBER: Final[Mapping[str, Cleaner]] = {
    "email": cleaning.email_address(required=True),
    "name": cleaning.line(200),
    "role": cleaning.choice(Role),
    "language": interface_language,
}
ACCOUNT: Final[Mapping[str, Cleaner]] = {
    "name": cleaning.line(200),
    "language": interface_language,
}
TOKEN: Final[Mapping[str, Cleaner]] = {"name": cleaning.line(100, required=True)}

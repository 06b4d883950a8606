"""Which first parts of an address are ours, so that no organisation can take them."""

from __future__ import annotations

import re
from typing import Final

from django.conf.locale import LANG_INFO

from core.text import LANGUAGES

_WORDS: Final = """
    about account accounts admin api c calendar colours create delete demo docs edit favicon.ico
    files g healthz help i inbox login logout mail manage media metrics new p preferences q r readyz
    robots.txt s search security.txt signup sitemap.xml static t u unsubscribe webhook webhooks
    well-known .well-known www
"""
RESERVED: Final = frozenset(_WORDS.split())
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MIN_LENGTH: Final = 3
# Scripts and regions as they stand in tags; "eu-team" is no language, "sr-latn" and "en-gb" are.
_TAIL = re.compile(r"(?:-(?:arab|cyrl|deva|grek|hans|hant|hebr|latn))?(?:-(?:[a-z]{2}|[0-9]{3}))?")
_LANGUAGES: Final = frozenset(tag.split("-")[0] for tag in (*LANG_INFO, *LANGUAGES))


def is_slug(text: str) -> bool:
    """Tell whether text is lower-case words of ASCII letters and digits, joined by hyphens."""
    return _SLUG.fullmatch(text) is not None


def is_language_tag(text: str) -> bool:
    """Tell whether text could stand for a language in the first part of an address."""
    language, hyphen, rest = text.partition("-")
    return language in _LANGUAGES and _TAIL.fullmatch(hyphen + rest) is not None


def is_reserved_root(slug: str) -> bool:
    """Tell whether an organisation may not have this slug: ours, a language tag, or too short."""
    return slug in RESERVED or len(slug) < MIN_LENGTH or is_language_tag(slug)

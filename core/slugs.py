"""Which first parts of an address are ours, so that no organisation can take them."""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final = """
    about account accounts admin api c calendar create delete demo docs edit favicon.ico files g
    healthz help i inbox login logout mail manage media metrics new p preferences r readyz
    robots.txt s search security.txt signup sitemap.xml static t u unsubscribe webhook webhooks
    well-known .well-known www
"""
RESERVED: Final = frozenset(_WORDS.split())
_SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_LANGUAGE = re.compile(r"^[a-z]{2,3}(?:-[a-z]{4})?(?:-[a-z]{2})?$")
MIN_LENGTH: Final = 3
_LANGUAGE_WORDS: Final = frozenset(
    ["sr-latn", "sr-cyrl", "sr-rs", "en-gb", "en-us", "ru-ru", "zh-hans", "zh-hant"]
)


def is_slug(text: str) -> bool:
    """Tell whether text is lower-case words of ASCII letters and digits, joined by hyphens."""
    return bool(_SLUG.match(text))


def is_reserved_root(slug: str) -> bool:
    """Tell whether an organisation may not have this slug: ours, a language tag, or too short."""
    return slug in RESERVED or len(slug) < MIN_LENGTH or slug in _LANGUAGE_WORDS

"""What the components need to draw: initials, tints, icons and the shape of a state."""

from __future__ import annotations

import unicodedata
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

HIDDEN = mark_safe('aria-hidden="true"')
TINTS = 8
# The shape says the same as the colour: full, half, diamond, cross, dash; all others are a ring.
SHAPES: dict[str, frozenset[str]] = {
    "good": frozenset(
        {"confirmed", "sent", "published", "open", "accepted", "checked_in", "active"}
    ),
    "wait": frozenset({"invited", "offered", "pending_approval", "claimed", "sending"}),
    "warn": frozenset(
        {"tentative", "waiting_list", "postponed", "unknown", "sold_out", "changed", "held"}
    ),
    "bad": frozenset({"declined", "failed", "rejected"}),
    "gone": frozenset({"cancelled", "revoked"}),
    "off": frozenset({"expired", "archived", "closed", "replaced", "disabled", "skipped"}),
}
SHAPE_OF = {state: shape for shape, states in SHAPES.items() for state in states}


@register.filter
def initials(name: object) -> str:
    """Return the first letters of first and last name: "Prof. Dr. Radina Vučetić" is "RV"."""
    words = [word for word in str(name).split() if word[0].isalpha() and not word.endswith(".")]
    words = words or str(name).split() or ["?"]
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return unicodedata.normalize("NFC", letters).upper()


@register.filter
def tint(seed: object) -> int:
    """Return a number from 0 to 7 that is always the same for the same seed."""
    return zlib.crc32(str(seed).encode()) % TINTS


@register.filter
def shape(state: object) -> str:
    """Return the class that gives a state its shape and colour, empty for a plain ring."""
    return SHAPE_OF.get(str(state), str(state) if str(state) in SHAPES else "")


@register.simple_tag
def favicon() -> str:
    """Return the picture of a page's tab as a part of the page: one request less on each."""
    return _favicon()


@lru_cache(maxsize=1)
def _favicon() -> str:
    path = finders.find("lectern/favicon.svg")
    text = Path(str(path)).read_text(encoding="utf-8")
    return f"data:image/svg+xml,{quote(text.strip(), safe=' =:/')}"


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("lectern/icons.svg")


@register.filter
def day_word(word: str) -> str:
    """Return a month or a day of the week as the language writes it: only English has capitals."""
    return word if (get_language() or "en").startswith("en") else word.lower()


@register.simple_tag
def icon(name: str, label: str = "", **attrs: Any) -> SafeString:
    """Draw an outline of the sprite; without a label it is hidden from screen readers."""
    classes = f"icon {attrs['class']}" if attrs.get("class") else "icon"
    seen = format_html('role="img" aria-label="{}"', label) if label else HIDDEN
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"/></svg>', classes, seen, _sprite(), name
    )

"""Values that go into mails: made harmless once, then put in as they are, in one pass.

A value never meets Markdown, the sanitiser or the CSS inliner: those only see our own texts with
marks in the places of values. So nothing in a name is ever expanded, formatted or made a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from core.text import clean_line

# Directions, isolates, joiners and tags that would change how the words around them read.
_INVISIBLE = re.compile(
    r"[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
# What a mail program would make a link of: a scheme, an address, a host name.
_LINK_LIKE = re.compile(
    r"(?:://|//|@|(?<=[^\W_])\.(?=[^\W\d_]{2,})|(?<=\b[wW]{3})\.|(?<=[a-z]):(?=\S))"
)
# Values that are a day or a time; in HTML a day never ends up on another line than its month.
_TIMES = frozenset(
    {
        *("when", "day", "time", "short_date", "on_day", "former_when"),
        *("reply_by", "kept_until", "answer_by", "session_when"),
    }
)
_DAY_OF_MONTH = re.compile(r"(?<=\d) (?=[^\W\d_])|(?<=\d\.) (?=[^\W\d_])")
# Splits what looks like a link without showing: no program reads on over it.
_BREAK = "\u200b"


def line(text: object) -> str:
    """Return a value as one line without control or direction characters."""
    plain = _INVISIBLE.sub("", clean_line(str(text or "")))
    return plain.replace("⟦", "[").replace("⟧", "]")


def lines(texts: Iterable[object]) -> str:
    """Return several values as lines, without the empty ones."""
    return "\n".join(filter(None, (line(text) for text in texts)))


def paragraphs(text: object) -> str:
    """Return a longer text of the organiser with its own line breaks."""
    return lines(str(text or "").splitlines())


def name(text: object) -> str:
    """Return a name that a stranger typed: shown as typed, but never a link in any mail program."""
    plain = line(text)
    if plain.isalpha():
        return plain
    return _LINK_LIKE.sub(lambda match: _BREAK.join(("", *match[0], "")), plain)


def html(text: str) -> str:
    """Return a value for HTML text and attributes; line breaks stay line breaks."""
    return escape(text, quote=True).replace("\n", "<br>\n")


def sentence(text: str) -> str:
    """Return text with a capital first letter."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Values:
    """Placeholder -> value, for plain text and, escaped, for HTML."""

    text: Mapping[str, str]
    html: Mapping[str, str]

    def joined(self, other: Values) -> Values:
        return Values({**self.text, **other.text}, {**self.html, **other.html})

    @property
    def present(self) -> frozenset[str]:
        """The placeholders that have a value."""
        return frozenset(name for name, value in self.text.items() if value)


def values(given: Mapping[str, str], marked_up: Mapping[str, str] | None = None) -> Values:
    """Return values with their escaped twins; `marked_up` holds those that are HTML of our own.

    In plain text the further lines of a value are set in, so that they do not look like rows.
    """
    plain = {key: value.replace("\n", "\n  ") for key, value in given.items()}
    escaped = {key: html(value) for key, value in given.items()}
    for key in _TIMES & escaped.keys():
        escaped[key] = _DAY_OF_MONTH.sub("&nbsp;", escaped[key])
    return Values(plain, {**escaped, **(marked_up or {})})

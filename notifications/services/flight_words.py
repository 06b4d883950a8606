"""What a flight check reads in words: pure functions of texts, in all languages of mail at once.

Texts are compared by their search key: Cyrillic in Latin, no marks, lower case. So one table of
stems knows a Thursday in English, in both scripts of Serbian and in Russian.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from core.text import search_key

SUBJECT_LENGTH: Final = 78
_MONTHS: Final = (
    r"januar\w*|janvar\w*",
    r"februar\w*|fevral\w*",
    r"march|mart\w*",
    r"april\w*|aprel\w*",
    r"may|maj\w*",
    r"june?|juna|ijun\w*",
    r"july?|jula|ijul\w*",
    r"august\w*|avgust\w*",
    r"septemb\w*|sentjabr\w*",
    r"octob\w*|oktob\w*|oktjabr\w*",
    r"novemb\w*|nojabr\w*",
    r"decemb\w*|dekabr\w*",
)
_WEEKDAYS: Final = (
    r"monday|ponedel\w*",
    r"tuesday|utor\w+|vtornik\w*",
    r"wednesday|sred(?:a|e|u|om|y)",
    r"thursday|cetvrt\w+|cetverg\w*",
    r"friday|pet(?:ak|ka|kom)|pjatnic\w*",
    r"saturday|subot\w+|subbot\w+",
    r"sunday|nedelj\w+|voskresen\w*",
)
WEEKDAY_NAMES: Final = (
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905 - shorter so
)
_MONTH: Final = "|".join(_MONTHS)
_WEEKDAY: Final = "|".join(_WEEKDAYS)
_BEFORE: Final = rf"(?:\b(?P<weekday>{_WEEKDAY})\b\s*,?\s+(?:the\s+)?)?"
_YEAR: Final = r"(?:,?\s+(?P<year>\d{4}))?"
_DATES: Final = (
    re.compile(
        rf"{_BEFORE}\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?\s*(?:of\s+)?"
        rf"\b(?P<month>{_MONTH})\b{_YEAR}"
    ),
    re.compile(rf"{_BEFORE}\b(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b{_YEAR}"),
    re.compile(rf"{_BEFORE}\b(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>\d{{4}})\b"),
    re.compile(rf"{_BEFORE}\b(?P<year>\d{{4}})-(?P<month>\d{{2}})-(?P<day>\d{{2}})\b"),
)
_LINK_WORDS: Final = re.compile(
    r"\b(?:your|personal) (?:own |personal |private )?link\b"
    r"|\b(?:vas\w*|licn\w*) (?:licn\w* )?(?:link\w*|vez[aeiou]\b|adres\w*)"
    r"|\b(?:vas\w*|licn\w*) (?:licn\w* )?ssylk\w*"
)
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_IMAGE: Final = re.compile(r"!\[[^\]]{0,300}\]\(")
_LETTERS_NEEDED: Final = 6


@dataclass(frozen=True, slots=True)
class NamedDate:
    """A date that stands in a text.

    Arguments:
        weekday: the one that the text names with it (0 is Monday); None without one.
    """

    day: dt.date
    weekday: int | None
    shown: str

    @property
    def is_wrong(self) -> bool:
        return self.weekday is not None and self.weekday != self.day.weekday()


def dates_in(text: str, year: int) -> list[NamedDate]:
    """Return the dates that a text names, in their order.

    Arguments:
        year: that of a date without one.
    """
    key = search_key(text)
    found = [(at, named) for pattern in _DATES for at, named in _matches(pattern, key, year)]
    return [named for _at, named in sorted(found, key=lambda pair: pair[0])]


def _matches(pattern: re.Pattern[str], key: str, year: int) -> Iterator[tuple[int, NamedDate]]:
    for match in pattern.finditer(key):
        month = match["month"]
        number = int(month) if month.isdigit() else _index(_MONTHS, month) + 1
        try:
            day = dt.date(int(match["year"] or year), number, int(match["day"]))
        except ValueError:
            continue
        weekday = match["weekday"]
        yield (
            match.start("day"),
            NamedDate(day, _index(_WEEKDAYS, weekday) if weekday else None, match[0].strip()),
        )


def _index(stems: Sequence[str], word: str) -> int:
    return next(n for n, stem in enumerate(stems) if re.fullmatch(stem, word))


def shouts(subject: str) -> str:
    """Return how a subject shouts, "" when it does not."""
    words = re.sub(r"\{[a-z_]+\}", "", subject)
    letters = [ch for ch in words if ch.isalpha()]
    if len(letters) >= _LETTERS_NEEDED and all(ch.isupper() for ch in letters):
        return "is all in capitals"
    if "!" in words:
        return "has an exclamation mark"
    return ""


def speaks_of_a_link(text: str) -> bool:
    """Tell whether a text speaks of the reader's own link."""
    return _LINK_WORDS.search(search_key(text)) is not None


def has_tags(text: str) -> bool:
    """Tell whether a text has HTML in it, which readers would see as it was typed."""
    return _TAG.search(text) is not None


def has_images(text: str) -> bool:
    """Tell whether a text has pictures in it."""
    return _IMAGE.search(text) is not None or "<img" in text.lower()

"""Words as they are compared: without marks, in Latin and lower case; and tables of phrases."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, Generic, TypeVar

from core.text import search_key

T = TypeVar("T")
_APART: Final = re.compile(r"[^\w]+|_+")
_EDGES: Final = "\"'“”„‘’‚«»()[]{}<>.,;:!?*•·–—-/|†‡"  # noqa: RUF001 - as people write it, in both scripts


@lru_cache(maxsize=20_000)
def key(word: str) -> str:
    """Return one word as it is compared; dots inside stay (``h.e``)."""
    return search_key(word.strip(_EDGES)).strip(_EDGES)


@lru_cache(maxsize=20_000)
def keys(text: str) -> tuple[str, ...]:
    """Return all words of a text as they are compared, without any punctuation."""
    return tuple(_APART.sub(" ", search_key(text.replace("&", " and "))).split())


def words_of(text: str) -> frozenset[str]:
    """Return a set of words written as a text."""
    return frozenset(text.split())


class Phrases(Generic[T]):
    """Which phrases say what.

    A phrase is one word or several; one that ends in a dash is a stem. Longer phrases win.
    """

    def __init__(self, table: Mapping[T, str]) -> None:
        self._by_start: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for value, phrases in table.items():
            for phrase in phrases.split(","):
                words = tuple(phrase.split())
                self._by_start.setdefault(_start(words[0]), []).append((words, value))
        for found in self._by_start.values():
            found.sort(key=lambda pair: (len(pair[0]), len(pair[0][0])), reverse=True)

    def at(self, words: Sequence[str], place: int) -> tuple[T, int] | None:
        """Return what the phrase at this place says, and how many words it has."""
        for phrase, value in self._by_start.get(_start(words[place]), ()):
            if len(phrase) <= len(words) - place and all(
                _is(word, words[place + i]) for i, word in enumerate(phrase)
            ):
                return value, len(phrase)
        return None

    def all(self, words: Sequence[str]) -> list[tuple[T, int, int]]:
        """Return all that is said: value, place, number of words; from left to right."""
        out, place = [], 0
        while place < len(words):
            found = self.at(words, place)
            if found:
                out.append((found[0], place, found[1]))
            place += found[1] if found else 1
        return out

    def first(self, words: Sequence[str]) -> tuple[T, int, int] | None:
        """Return the first of all."""
        return next(iter(self.all(words)), None)

    def whole(self, words: Sequence[str], fillers: frozenset[str] = frozenset()) -> T | None:
        """Return what is said first when the words are nothing but such phrases and fillers."""
        found = self.all(words)
        covered = {place + i for _, place, length in found for i in range(length)}
        rest = (word for i, word in enumerate(words) if i not in covered)
        if found and all(word in fillers or word.isdecimal() for word in rest):
            return found[0][0]
        return None


def _start(word: str) -> str:
    return word.removesuffix("-")[:2]


def _is(pattern: str, word: str) -> bool:
    if pattern.endswith("-"):
        return word.startswith(pattern[:-1])
    return word == pattern

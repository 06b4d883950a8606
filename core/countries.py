"""Countries: the two letters of ISO 3166-1, and what each is called in the reader's language."""

from __future__ import annotations

from functools import cache
from typing import Final

from babel import Locale

# Babel also names groups of countries, pretended places and codes that ISO has not assigned.
_NOT_ASSIGNED: Final = frozenset(
    {
        *("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC"),
        *("QO", "TA", "UN", "XA", "XB", "XK", "ZZ"),
    }
)
_LOCALES: Final = {"sr-Latn": "sr_Latn", "sr-Cyrl": "sr_Cyrl", "ru": "ru"}
# Letters in the order of their dictionaries, where code points have another one.
_ALPHABETS: Final = {
    "sr-Latn": [
        "a",
        "b",
        "c",
        "č",
        "ć",
        "d",
        "dž",
        "đ",
        "e",
        "f",
        "g",
        "h",
        "i",
        "j",
        "k",
        "l",
        "lj",
        "m",
        "n",
        "nj",
        "o",
        "p",
        "r",
        "s",
        "š",
        "t",
        "u",
        "v",
        "z",
        "ž",
    ],
    "sr-Cyrl": list("абвгдђежзијклљмнњопрстћуфхцчџш"),
    "ru": list("абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
}


@cache
def country_names(language: str) -> dict[str, str]:
    """Return code -> name in a language, in the order of its alphabet."""
    territories = Locale.parse(_LOCALES.get(language, "en")).territories
    names = {
        str(code): str(name)
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_ASSIGNED  # noqa: PLR2004 - ISO 3166-1 alpha-2
    }
    order = _ALPHABETS.get(language, [])
    return dict(sorted(names.items(), key=lambda pair: _key(pair[1], order)))


def country_name(code: str, language: str) -> str:
    """Return a country's name; the code itself where there is none."""
    return country_names(language).get(code, code)


def is_country(code: str) -> bool:
    """Tell whether ISO 3166-1 has assigned these two letters."""
    return code in country_names("en")


def _key(name: str, order: list[str]) -> list[tuple[int, str]]:
    """Return what a name is sorted by; a letter of two signs is one where the language has such."""
    text = name.lower()
    if not order:
        return [(0, text.replace("å", "a").replace("ô", "o").replace("é", "e"))]
    places = {letter: place for place, letter in enumerate(order, start=1)}
    key = []
    position = 0
    while position < len(text):
        length = 2 if text[position : position + 2] in places else 1
        letter = text[position : position + length]
        key.append((places.get(letter, 0), letter))
        position += length
    return key

"""Which of five encodings a file of names is in: a guess by its letters, always the same one.

Byte-order marks and UTF-8 are certain. Between the three code pages that spreadsheets in this part
of Europe write, words decide: a word is of one script, has capitals at its beginning, and Š is more
likely in it than ©.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Final

from core.errors import DomainError

ENCODINGS: Final[dict[str, str]] = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1250": "Windows, Central European (cp1250)",
    "cp1251": "Windows, Cyrillic (cp1251)",
    "iso8859-2": "ISO Latin 2 (iso8859-2)",
}
_PAGES: Final = ("cp1250", "cp1251", "iso8859-2")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_LIKELY: Final = frozenset("čćžšđČĆŽŠĐ")
_POSSIBLE: Final = frozenset("áéíóúýäëöüőűßâêîôçâăşţąęłńśźżěřůťďňľĺŕÁÉÍÓÚÝÄËÖÜŐŰÇĂŞŢĄĘŁŃŚŹŻĚŘŮŤĎŇĽ")
_ODD: Final = frozenset("©®¤¦§¬¶±·\u00b8¨°«»¼ѓќ")
_SAMPLE: Final = 200_000
_MOSTLY: Final = 0.6
_SHORT: Final = 3


def guess_encoding(content: bytes) -> str:
    """Return the most likely of the five."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    if _looks_like_utf_16(content):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        sample = content[:_SAMPLE]
        return max(_PAGES, key=lambda name: _score(sample, name))  # the first of equals
    return "utf-8"


def decode(content: bytes, encoding: str) -> str:
    """Return the text, without a byte-order mark.

    Raises:
        DomainError: ``validation-failed`` when the bytes are no text in this encoding.
    """
    name = encoding
    if encoding == "utf-16" and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = (
            "utf-16-be" if content[:2000:2].count(0) > content[1:2000:2].count(0) else "utf-16-le"
        )
    try:
        return content.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        label = ENCODINGS[encoding]
        raise DomainError(
            "validation-failed", f"This file is not written in {label}. Choose another encoding."
        ) from error


def _looks_like_utf_16(content: bytes) -> bool:
    """Tell whether there are zero bytes, which no other text has."""
    return len(content) % 2 == 0 and b"\x00" in content[:4000]


def _score(content: bytes, encoding: str) -> float:
    text = content.decode(encoding, errors="replace")
    score = 0.0
    for ch in text:
        if ch == "\ufffd" or ("\x80" <= ch <= "\x9f"):
            score -= 20
        elif ch in _ODD:
            score -= 2
    return score + sum(_score_of(word) for word in _WORD.findall(text) if not word.isascii())


def _score_of(word: str) -> float:
    foreign = [ch for ch in word if not ch.isascii()]
    cyrillic = sum(unicodedata.name(ch, "").startswith("CYRILLIC") for ch in foreign)
    score = 0.0
    if any(ch.isupper() for ch in word[1:]) and not word.isupper():
        score -= 2.0 * len(foreign)
    if cyrillic:
        # A word is of one script; letters of the other one in it come from a wrong page.
        return score + (1.5 * cyrillic if cyrillic == len(word) else -5.0 * cyrillic)
    for ch in foreign:
        score += 2.0 if ch in _LIKELY else 0.5 if ch in _POSSIBLE else -1.0
    if len(word) >= _SHORT and len(foreign) > _MOSTLY * len(word):
        score -= 3.0 * len(foreign)
    return score

"""Keys by which both database engines search, sort and compare; and texts in several languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import filterfalse
from typing import Final

LANGUAGES: Final[dict[str, str]] = {
    "en": "English",
    "sr-Latn": "Srpski (latinica)",
    "sr-Cyrl": "Српски (ћирилица)",
    "ru": "Русский",
}
_ALIASES: Final[dict[str, str]] = {"sr": "sr-Latn"}
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?")
_SPACES = re.compile(r"\s+")

# Serbian first, as its own Latin script writes it; then Russian, Ukrainian, Macedonian.
_LETTERS: Final = """
    аa бb вv гg дd ђđ еe жž зz иi јj кk лl љlj мm нn њnj оo пp рr сs тt ћć уu фf хh цc чč џdž шš
    щšč йj ыy эe юju яja ёe ъ ь іi їji єje ґg ѓđ ќć ѕdz
"""  # noqa: RUF001 - both scripts stand side by side here
_CYRILLIC: Final = {pair[0]: pair[1:] for pair in _LETTERS.split()}
_SINGLE = {"đ": "dj", "ð": "d", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe"}
_SINGLE["\N{LATIN SMALL LETTER DOTLESS I}"] = "i"
_CYRILLIC_AT: Final = str.maketrans(_CYRILLIC)
_SINGLE_AT: Final = str.maketrans(_SINGLE)


def language_tag(tag: str) -> str:
    """Return a BCP 47 tag in its usual case; bare ``sr`` is read as ``sr-Latn``.

    Raises:
        ValueError: when it is not a tag of language, script and region.
    """
    if not _TAG.fullmatch(tag or ""):
        raise ValueError(f"“{tag}” is not a language tag.")
    parts = tag.split("-")
    out = [parts[0].lower()]
    out += [p.title() if len(p) == 4 else p.upper() for p in parts[1:]]  # noqa: PLR2004 - a script has four letters
    plain = "-".join(out)
    return _ALIASES.get(plain, plain)


def pick_text(texts: Mapping[str, str] | None, wanted: str, languages: Sequence[str] = ()) -> str:
    """Return the text in `wanted`, else in the first of `languages` that has one, else any."""
    if not texts:
        return ""
    for tag in (wanted, *languages):
        text = texts.get(tag)
        if text:
            return text
    for tag, text in texts.items():  # the same language in another script before a foreign one
        if text and tag.split("-")[0] == wanted.split("-", maxsplit=1)[0]:
            return text
    return next((text for text in texts.values() if text), "")


def search_key(*parts: str) -> str:
    """Return parts as one plain line: no marks, lower case, Cyrillic in Latin, đ as dj."""
    text = _without_marks(" ".join(parts))
    if not text.isascii():
        # Once more, because a letter of Cyrillic may come out only when its mark has gone.
        text = _without_marks(text)
    return _SPACES.sub(" ", text).strip()


def _without_marks(text: str) -> str:
    if text.isascii():
        return text.lower()
    # Letters of Cyrillic first: й and ё would otherwise lose the mark that tells them apart.
    composed = unicodedata.normalize("NFKC", text).lower()
    latin = unicodedata.normalize("NFC", composed).translate(_CYRILLIC_AT)
    plain = unicodedata.normalize("NFKD", latin).translate(_SINGLE_AT)
    return plain if plain.isascii() else "".join(filterfalse(unicodedata.combining, plain))


def search_key_of(texts: Iterable[str]) -> str:
    """Return the search key of all given texts together, cut to what a column holds."""
    return search_key(*texts)[:1000]


def email_key(address: str) -> str:
    """Return the form of an address by which two are the same: NFC, trimmed, IDNA domain, lower().

    Never `casefold()` (ß is not ss in a mailbox) and no provider's own rules (dots, plus tags).
    """
    text = unicodedata.normalize("NFC", address).strip()
    local, at, domain = text.rpartition("@")
    if not at:
        return text.lower()
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_domain = domain
    return f"{local.lower()}@{ascii_domain.lower()}"


def clean_line(text: str) -> str:
    """Return text as one line, NFC, without control characters, single spaces, trimmed."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    plain = unicodedata.normalize("NFC", text)
    plain = "".join(" " if ch in "\r\n\t\u2028\u2029" else ch for ch in plain)
    plain = "".join(ch for ch in plain if unicodedata.category(ch) not in {"Cc", "Cs"})
    return _SPACES.sub(" ", plain).strip()


def full_name(given_name: str, family_name: str) -> str:
    """Return a name as it is spoken: given name, then family name."""
    return " ".join(part for part in (given_name, family_name) if part)

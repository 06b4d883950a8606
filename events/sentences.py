"""Sentences about sessions and people, cut or put together. Nothing here knows the database."""

from __future__ import annotations

import re
from typing import Final, Protocol

from django.utils.translation import gettext as _

from events import words

# Behind these a full stop ends no sentence: titles, "that is" and the like.
_IN_ENGLISH: Final = "dr prof mr mrs ms st jr vol ed eds al etc vs cf e.g i.e fig inc ltd dept"
_IN_SERBIAN: Final = (
    "god itd npr tzv br str odn sl tj ing mag gđa gđica akad doc čl ul "
    "год итд нпр тзв бр стр одн сл тј инг др проф мр акад доц чл ул"  # noqa: RUF001 - Cyrillic
)
_IN_RUSSIAN: Final = "г гг т т.е т.д т.п им см рис табл ред изд обл руб тыс млн млрд"  # noqa: RUF001 - Cyrillic
_ABBREVIATIONS: Final = frozenset(f"{_IN_ENGLISH} {_IN_SERBIAN} {_IN_RUSSIAN}".split())
_END: Final = re.compile(r"[.!?…]+[\"'”“»)\]]*(?=\s|$)")
_MARKDOWN: Final = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*_`#>]+")


class Spoken(Protocol):
    """What is spoken somewhere, and into what it is interpreted."""

    @property
    def language(self) -> str: ...
    @property
    def interpretation(self) -> tuple[str, ...] | list[str]: ...


def first_sentences(text: str, number: int = 2, longest: int = 400) -> str:
    """Return the first sentences of a text, without marks of Markdown, as one line.

    A full stop ends none behind an initial, an abbreviation or a number, nor before a small letter.
    What is longer than `longest` characters is cut at a word and ends in "…".
    """
    plain = " ".join(_MARKDOWN.sub(lambda match: match[1] or "", text).split())
    found = 0
    for match in _END.finditer(plain):
        if _ends_a_sentence(plain, match):
            found += 1
            if found == number:
                plain = plain[: match.end()]
                break
    if len(plain) <= longest:
        return plain
    cut = plain[: longest - 1]
    return f"{cut.rsplit(' ', 1)[0].rstrip(',;: ')}…"


def _ends_a_sentence(text: str, match: re.Match[str]) -> bool:
    after = text[match.end() :].lstrip(" \"'“„«([")[:1]
    if after and after.islower():
        return False
    if not match[0].startswith(".") or len(match[0].rstrip("\"'”“»)]")) > 1:
        return True
    word = text[: match.start()].rsplit(" ", 1)[-1].lstrip("\"'“„«([")
    is_initial = len(word) == 1 and word.isalpha() and word.isupper()
    is_ordinal = word.isdigit() and bool(after) and len(word) <= 2  # noqa: PLR2004 - a day, a century
    return not (is_initial or is_ordinal or word.lower() in _ABBREVIATIONS)


def spoken_in(session: Spoken) -> str:
    """Say what is spoken and into what it is interpreted.

    "In English, interpreted into Serbian".
    """
    spoken = words.SPOKEN_IN.get(_bare(session.language))
    into = list(
        dict.fromkeys(
            str(words.INTERPRETED_INTO[_bare(tag)])
            for tag in session.interpretation
            if _bare(tag) in words.INTERPRETED_INTO and _bare(tag) != _bare(session.language)
        )
    )
    if not into:
        return str(spoken or "")
    together = into[0]
    if len(into) > 1:
        together = _("%(first)s and %(last)s") % {"first": ", ".join(into[:-1]), "last": into[-1]}
    if spoken is None:
        return _("Interpreted %(into)s") % {"into": together}
    return _("%(spoken)s, interpreted %(into)s") % {"spoken": spoken, "into": together}


def _bare(tag: str) -> str:
    return tag.split("-", maxsplit=1)[0]

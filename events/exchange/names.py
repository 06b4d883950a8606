"""A name in one piece, parted into honorific, given name and family name as well as can be told.

Nothing of a name is lost or changed but its spaces: the parts put together say what stood there.
Where a family name begins can not be known, only guessed: after an initial, at a particle (van,
de), at words in capitals, else at the last word. Names that say no such thing (one word, Chinese
without spaces, a team) stay whole as the given name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from core.text import clean_line
from events.exchange.texts import words_of

_HONORIFICS: Final = words_of(
    "dr prof professor assoc asst phd mag dipl ing dipl.-ing mr mrs ms miss mx sir dame lord lady "
    "h.e he hon amb ambassador rev dott dottore d-r др проф мр доц prim прим doc docent "
    "mgr m.sc msc b.sc acad akad акад"
)
# These are honorifics only with the dot, or they would take a given name's place.
_WITH_DOT: Final = words_of("he doc mag ing dipl hon amb rev acad akad акад prim прим доц")
_SUFFIXES: Final = words_of("jr sr ii iii iv phd md msc mba esq dr ma llm cissp")
_PARTICLES: Final = words_of(
    "van von de del della dello di da do dos das du der den ter ten te la le lo los las zu zur "
    "vom al el bin ibn ben abu af av st. san santa d'"
)
_GROUPS: Final = words_of(
    "team staff crew committee group organisers organizers organizer organiser community project "
    "foundation association institute university ministry embassy council commission panel "
    "everyone all various speakers tba tbd tbc the of and & for"
)
_HAN: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_INITIAL: Final = re.compile(r"[^\W\d_]{1,2}\.")
LONGEST_NAME: Final = 120
_TWO: Final = 2


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in its parts; the given name is never empty where there was any name."""

    given_name: str
    family_name: str = ""
    honorific: str = ""


def part_name(text: str) -> PersonName:
    """Return the parts of a name as people write it."""
    name = clean_line(text)
    name, nick = _without_trailing(name)
    honorific, words = _without_honorific(name.split(" "))
    if len(words) > _TWO and _HAN.search(words[-1]) and not _HAN.search(" ".join(words[:-1])):
        nick = f"{words.pop()} {nick}".rstrip()
    if _stays_whole(words):
        at = len(words)
    else:
        words = _turned(words)
        at = _family_begins(words)
    given, family = " ".join(words[:at]), " ".join(words[at:])
    if nick:
        given, family = (given, f"{family} {nick}") if family else (f"{given} {nick}", "")
    return PersonName(
        given[:LONGEST_NAME].strip(), family[:LONGEST_NAME].strip(), honorific[:60].strip()
    )


def part_position(text: str) -> tuple[str, str]:
    """Return position and affiliation of a line such as "Researcher at Example Institute".

    What names no place is a position alone.
    """
    line = clean_line(text)
    found = re.search(r"\s+(?:at|@)\s+|(?<=\w)@\s*(?=\w)|\s@(?=\w)", line, re.IGNORECASE)
    if not found or re.search(r"\S@\S+\.\S", line):
        return line[:200].strip(), ""
    position, affiliation = line[: found.start()].rstrip(" ,"), line[found.end() :].strip()
    return position[:200].strip(), affiliation[:200].strip()


def _without_trailing(name: str) -> tuple[str, str]:
    """Part a nickname in brackets from the end: it goes with the family name, as it stood."""
    opened = name.rfind("(")
    if opened > 0 and name.endswith(")"):
        return name[:opened].rstrip(), name[opened:]
    return name, ""


def _without_honorific(words: list[str]) -> tuple[str, list[str]]:
    taken = 0
    while taken < len(words) - 1 and _is_honorific(words[taken]):
        taken += 1
    return " ".join(words[:taken]), words[taken:]


def _is_honorific(word: str) -> bool:
    plain = word.rstrip(".,").lower()
    if plain not in _HONORIFICS:
        return False
    return plain not in _WITH_DOT or word.endswith(".")


def _stays_whole(words: list[str]) -> bool:
    """Tell whether this is a team, or in an order that nobody can know."""
    return any(
        word.lower().strip(",:") in _GROUPS or word in {"/", "|", "+"} or _HAN.search(word)
        for word in words
    )


def _turned(words: list[str]) -> list[str]:
    """Put the given name first where a comma or capitals say that the family name stands there."""
    with_comma = [n for n, word in enumerate(words) if word.endswith(",")]
    if len(with_comma) == 1 and with_comma[0] < len(words) - 1:
        at = with_comma[0] + 1
        if words[at].strip(".").lower() not in _SUFFIXES:
            return [*words[at:], *words[: at - 1], words[at - 1].rstrip(",")]
    capitals = [_in_capitals(word) for word in words]
    leading = next((n for n, loud in enumerate(capitals) if not loud), len(words))
    if 0 < leading < len(words) and not any(capitals[leading:]):
        return [*words[leading:], *words[:leading]]
    return words


def _in_capitals(word: str) -> bool:
    letters = [ch for ch in word if ch.isalpha()]
    return len(letters) > _TWO and word.isupper() and not _INITIAL.fullmatch(word)


def _family_begins(words: list[str]) -> int:
    """Return which word the family name begins with; past the last one where there is none."""
    if len(words) < _TWO:
        return len(words)
    last = len(words) - 1
    while last > 1 and words[last].strip(".,").lower() in _SUFFIXES:
        last -= 1
    loud = next((n for n in range(1, last + 1) if all(map(_in_capitals, words[n : last + 1]))), 0)
    if loud and not all(map(_in_capitals, words)):
        return loud
    # A particle before the last word; where several stand together, the first of them.
    for n in range(1, last):
        if words[n].lower() in _PARTICLES and words[n][0].islower():
            return n
    for n in range(last - 1, 0, -1):
        if _INITIAL.fullmatch(words[n]) or (len(words[n]) == 1 and words[n].isupper()):
            return n + 1
    if words[last - 1].lower() in _PARTICLES and last - 1 > 0:  # Van, De with a capital
        return last - 1
    return last

"""A typed line read as a session: "10:00 Opening remarks — Ambassador Smith 15 min". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from core.text import search_key
from events.enums import SessionKind

USUAL_MINUTES: Final = {
    SessionKind.PANEL: 90,
    SessionKind.KEYNOTE: 30,
    SessionKind.OPENING_REMARKS: 15,
    SessionKind.PRESENTATION: 30,
    SessionKind.WORKSHOP: 90,
    SessionKind.DISCUSSION: 45,
    SessionKind.BREAK: 20,
    SessionKind.RECEPTION: 60,
}
# Which words say which kind, in English, Serbian and Russian, as `search_key` writes them: without
# marks, in Latin. What ends in a dash is a stem. The word that comes first in the title counts.
_WORDS: Final[dict[SessionKind, str]] = {
    SessionKind.BREAK: "break, coffee, lunch, tea, pauz-, kafa, rucak, pereryv, kofe, obed",
    SessionKind.RECEPTION: (
        "reception, cocktail-, dinner, drinks, koktel-, prijem-, vecera, furset-, uzin, priem"
    ),
    SessionKind.OPENING_REMARKS: (
        "opening, welcome, remarks, closing, otvaranj-, pozdrav-, uvodn-, zatvaranj-, otkryti-, "
        "privetstv-, vstupitel-, zakryti-"
    ),
    SessionKind.KEYNOTE: "keynote, plenarn-, kljucn-, kljucev-",
    SessionKind.WORKSHOP: "workshop, training, radionic-, seminar-, masterskaj-",
    SessionKind.PANEL: "panel-, round table, okrugli sto, kruglyj stol",
    SessionKind.PRESENTATION: (
        "presentation-, research, lecture, talk, findings, predavanj-, predstavlj-, prezentac-, "
        "istrazivanj-, issledovan-, doklad-, lekcij-"
    ),
    SessionKind.DISCUSSION: (
        "discussion-, debate, questions, q&a, diskusij-, rasprav-, pitanja, debat-, diskussi-, "
        "obsuzden-, voprosy"
    ),
}


def _pattern(words: str) -> re.Pattern[str]:
    ways = []
    for word in words.split(", "):
        end = "" if word.endswith("-") else r"(?!\S)"
        ways.append(rf"(?<!\S){re.escape(word.removesuffix('-'))}{end}")
    return re.compile("|".join(ways))


_PATTERNS: Final = {kind: _pattern(words) for kind, words in _WORDS.items()}
_BETWEEN: Final = re.compile(r"[^\w&]+")
_CLOCK: Final = r"(?:(?P<{0}h>[01]?\d|2[0-3])[:.](?P<{0}m>[0-5]\d))"
_TIMES: Final = re.compile(
    rf"^\s*{_CLOCK.format('s')}(?:\s*[-–—]\s*{_CLOCK.format('e')})?(?:\s*h\b)?\s*[,:;–—-]?\s+",
)
_UNIT: Final = r"(?:min(?:ute|uta|utes|\.)?|мин(?:ут[аы]?|\.)?|′|')"  # noqa: RUF001 - Cyrillic minutes
_LEADING: Final = re.compile(rf"^\s*(?P<n>\d{{1,4}})\s*{_UNIT}\s*[,:;–—-]?\s+", re.IGNORECASE)
_TRAILING: Final = re.compile(rf"[\s,;(–—-]+(?P<n>\d{{1,4}})\s*{_UNIT}\)?\s*$", re.IGNORECASE)
# A kind of one or two words before a colon is said of the session; it is no part of its title.
_LABEL: Final = re.compile(r"^(?P<kind>\w+(?: \w+)?)\s*:\s+(?P<title>\S.*)$")
_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class TypedLine:
    """What a line says.

    Arguments:
        start: hour and minute, where it names a time.
        minutes: how long, where it says so.
        kind: where a word says so.
        title: all the rest, as it was typed, but for a label such as "Panel:" that says the kind.
    """

    title: str
    start: tuple[int, int] | None = None
    minutes: int | None = None
    kind: SessionKind | None = None


def read_line(text: str) -> TypedLine:
    """Read a line: an optional time or span or minutes, then the title, minutes also at the end.

    A line of nothing but a time or minutes is a title: nothing that is typed gets lost.
    """
    rest = " ".join(text.split())
    start: tuple[int, int] | None = None
    minutes: int | None = None
    if found := _TIMES.match(f"{rest} "):
        start = int(found["sh"]), int(found["sm"])
        if found["eh"] is not None:
            minutes = (int(found["eh"]) * 60 + int(found["em"]) - start[0] * 60 - start[1]) % _DAY
            minutes = minutes or None
        rest = rest[found.end() :].strip()
    if minutes is None and (found := _LEADING.match(f"{rest} ")):
        minutes, rest = int(found["n"]), rest[found.end() :].strip()
    if minutes is None and (found := _TRAILING.search(rest)):
        minutes, rest = int(found["n"]), rest[: found.start()].strip()
    if minutes is not None and not 1 <= minutes <= _DAY:
        return TypedLine(" ".join(text.split()))
    kind = kind_of(rest)
    if not rest:
        if start is None and minutes is None:
            return TypedLine("")
        return TypedLine(" ".join(text.split()))
    if (found := _LABEL.match(rest)) and kind_of(found["kind"]) is kind is not None:
        rest = found["title"]
    return TypedLine(rest, start, minutes, kind)


def kind_of(title: str) -> SessionKind | None:
    """Return the kind that a title's words name, the first word that names one first."""
    plain = search_key(_BETWEEN.sub(" ", title)).replace("q & a", "q&a")
    best: tuple[int, SessionKind] | None = None
    for kind, pattern in _PATTERNS.items():
        found = pattern.search(plain)
        if found and (best is None or found.start() < best[0]):
            best = (found.start(), kind)
    return best[1] if best else None

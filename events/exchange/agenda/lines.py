"""Pasted text as lines: markup taken off, cells of tables parted, bullets told from text."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from core.errors import DomainError

MOST_CHARACTERS: Final = 300_000
MOST_LINES: Final = 6_000
MOST_IN_LINE: Final = 4_000
MOST_CELLS: Final = 20

_BREAKS: Final = re.compile(r"\r\n?|[\n\v\f\x85\u2028\u2029]")
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]{0,300}>|\{%[^%]{0,300}%\}|\{\{[^{}]{0,300}\}\}")
_LINE_TAG: Final = re.compile(r"<br ?/?>", re.IGNORECASE)
_LINK: Final = re.compile(r"!?\[([^\[\]]{1,300})\]\([^()\s]{1,500}\)")
_BOLD: Final = re.compile(r"\*\*|__|(?<![\w*])\*(?=[^\s*])|(?<=[^\s*])\*(?![\w*])|(?<!\w)_|_(?!\w)")
_BULLET: Final = re.compile(r"(?:[-–—*•·▪◦●○■➢►✓+]|[o](?= {2}))\s+")
_NUMBER: Final = re.compile(r"(?:\(?\d{1,2}[.)]|[a-z]\))\s+(?=\D)")
_HEADING: Final = re.compile(r"#{1,6}\s+")
_RULE: Final = re.compile(r"[\s|:=_*~+–—-]{3,}")
_WIDE: Final = re.compile(r" {3,}")
_SAME: Final = str.maketrans(
    {
        "\u00a0": " ",
        "\u2007": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u2010": "-",
        "\u2011": "-",
        "\u2212": "-",
        "\u200b": None,
        "\u200c": None,
        "\u200e": None,
        "\u200f": None,
        "\u2060": None,
        "\u00ad": None,
        "\ufeff": None,
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text.

    Arguments:
        number: from 1.
        text: without markup and bullet, single spaces.
        cells: of a row of a table, "" where one is empty; no cells where it is no row.
        bullet: whether it is an item of a list.
        numbered: whether that list is numbered.
        heading: whether markup says that it is one.
        gap: whether an empty line stands before it.
    """

    number: int
    text: str
    cells: tuple[str, ...] = ()
    bullet: bool = False
    numbered: bool = False
    heading: bool = False
    gap: bool = False


def lines_of(text: str) -> list[Line]:
    """Return the lines that say something.

    Raises:
        DomainError: ``too-large``.
    """
    if len(text) > MOST_CHARACTERS:
        raise DomainError("too-large", f"An agenda may have {MOST_CHARACTERS:,} characters.")
    raw = _BREAKS.split(text)
    if len(raw) > MOST_LINES:
        raise DomainError("too-large", f"An agenda may have {MOST_LINES:,} lines.")
    out: list[Line] = []
    gap = True
    for number, piece in enumerate(raw, 1):
        line = _line(number, piece[:MOST_IN_LINE], gap=gap)
        gap = line is None and (gap or not piece.strip("| \t"))
        if line:
            out.append(line)
    return out


def _line(number: int, raw: str, *, gap: bool) -> Line | None:
    text = _plain(raw)
    if not text or _RULE.fullmatch(text):
        return None
    found = _HEADING.match(text)
    heading = bool(found)
    if found:
        text = text[found.end() :]
    heading = heading or (text.startswith("**") and text.rstrip(" :").endswith("**"))
    if text.startswith("|") or text.count("|") > 1:
        cells = _cells(text.strip("|").split("|"))
        return _row(number, cells, gap=gap)
    listed = _BULLET.match(text.lstrip()) or _NUMBER.match(text.lstrip())
    if listed and "\t" not in text.lstrip()[listed.end() :]:
        text = text.replace("\t", " ").lstrip()
    if "\t" in text:
        return _row(number, _cells(text.split("\t")), gap=gap)
    bullet = _BULLET.match(text)
    if bullet:
        text = text[bullet.end() :]
    numbered = None if bullet else _NUMBER.match(text)
    if numbered:
        text = text[numbered.end() :]
    wide = _cells(_WIDE.split(text)) if text[:1].isdecimal() else ()
    text = _tidy(text)
    if not text:
        return None
    cells = wide if len(wide) > 1 else ()
    return Line(number, text, cells, bool(bullet or numbered), bool(numbered), heading, gap)


def _row(number: int, cells: tuple[str, ...], *, gap: bool) -> Line | None:
    full = [cell for cell in cells if cell]
    if not full:
        return None
    text = " ".join(" ".join(full).split())
    return Line(number, text, cells if len(cells) > 1 else (), gap=gap)


def _cells(parts: list[str]) -> tuple[str, ...]:
    parts = [*parts[: MOST_CELLS - 1], " ".join(parts[MOST_CELLS - 1 :])]
    cells = tuple("\n".join(_tidy(line) for line in part.split("\n")).strip() for part in parts)
    return cells if cells[-1] else cells[:-1]


def _plain(raw: str) -> str:
    """Return a line without tags and characters that can not be seen, tabs and spaces left."""
    text = raw.translate(_SAME)
    if "|" in text or "\t" in text:
        text = _LINE_TAG.sub("\n", text)
    if "<" in text or "{" in text:
        text = _TAG.sub(lambda tag: "- " if tag[0].lower() == "<li>" else " ", text)
    if "&" in text:
        text = html.unescape(text).translate(_SAME)
    text = unicodedata.normalize("NFC", text)
    kept = (ch for ch in text if ch in "\t\n" or unicodedata.category(ch) not in {"Cc", "Cs"})
    return "".join(kept).strip(" \n").rstrip()


def _tidy(text: str) -> str:
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "*" in text or "_" in text:
        text = _BOLD.sub("", text)
    return " ".join(text.replace("\\|", "|").split())

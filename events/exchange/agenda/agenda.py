"""The reader of pasted agendas: `read(text, options)`."""

from __future__ import annotations

import datetime as dt
from typing import Final

from core.clock import FIRST_YEAR, LAST_YEAR
from events.exchange.agenda.clock import time_at_end, time_at_head
from events.exchange.agenda.finishing import finished
from events.exchange.agenda.lines import Line, lines_of
from events.exchange.agenda.reading import read_line
from events.exchange.agenda.rows import read_row
from events.exchange.agenda.state import Reading
from events.incoming import IncomingProgramme, ReadingOptions

# Far enough from the ends of time to count days from.
_FIRST_DAY: Final = dt.date(FIRST_YEAR + 1, 1, 1)
_LAST_DAY: Final = dt.date(LAST_YEAR - 2, 12, 31)
_CYRILLIC: Final = range(0x400, 0x500)


def read(text: str, options: ReadingOptions) -> IncomingProgramme:
    """Read an agenda as people write it.

    It is deterministic: the same text gives the same programme with the same references, and a
    corrected time or letter leaves the references of the sessions as they are. Any text is read;
    what is doubtful is marked.

    Raises:
        DomainError: ``too-large``.
    """
    lines = lines_of(text)
    first_day = min(max(options.first_day, _FIRST_DAY), _LAST_DAY)
    reading = Reading(
        first_day=first_day,
        day=first_day,
        timed=any(_is_timed(line) for line in lines),
        lines=lines,
    )
    while reading.place < len(lines):
        line = lines[reading.place]
        reading.place += 1
        if not (line.cells and read_row(reading, line)):
            read_line(reading, line)
    return finished(reading, _language(text, options))


def _is_timed(line: Line) -> bool:
    heads = (time_at_head(cell) for cell in (line.text, *line.cells[:3]))
    return any(found and found[0].sure for found in heads) or bool(time_at_end(line.text))


def _language(text: str, options: ReadingOptions) -> str:
    """Return the language of the text; its script corrects what the person said."""
    letters = [ch for ch in text[:20_000] if ch.isalpha()]
    cyrillic = sum(ord(ch) in _CYRILLIC for ch in letters) * 2 > len(letters)
    said = options.language
    if cyrillic == (said in {"sr-Cyrl", "ru"}):
        return said
    other = ("sr-Cyrl", "ru") if cyrillic else ("sr-Latn", "en")
    return next((tag for tag in other if tag in options.languages), said)

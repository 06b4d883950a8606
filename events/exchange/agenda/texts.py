"""Running text: abstracts, what stands above the first session, and what is left out."""

from __future__ import annotations

import re
from typing import Final

from events.exchange.agenda.affiliations import sort_of
from events.exchange.agenda.days import read_day
from events.exchange.agenda.heads import quoted
from events.exchange.agenda.lines import Line
from events.exchange.agenda.persons import is_below_person
from events.exchange.agenda.state import Reading
from events.exchange.agenda.words import keys, words_of

_CONTACT: Final = re.compile(r"\S@\S|\brsvp\b", re.IGNORECASE)
_LONG: Final = 12
_COVER: Final = words_of(
    "agenda programme program draft schedule raspored nacrt satnica of the event dnevni red"
)
_FEW: Final = 4


def read_text(reading: Reading, line: Line) -> None:
    """Take a line that nothing else understands."""
    session = reading.session
    if session is None:
        _before_all(reading, line)
        return
    if line.gap and _CONTACT.search(line.text):
        reading.mark(line.number, "", f"“{line.text[:80]}” is about no session.", "skipped")
        return
    short = len(line.text.split()) <= _LONG and not line.text.endswith((".", ":", "?"))
    if is_below_person(reading) and short and line.text[0].isupper():
        sentence = f"Does “{line.text}” name somebody? It was read as text."
        reading.mark(line.number, "name", sentence)
    if line.bullet and session.abstract:
        session.abstract.append(f"- {line.text}")
    else:
        session.abstract.append(f"\n{line.text}" if line.gap and session.abstract else line.text)
    session.pending = False
    reading.talking, reading.role = True, None


def _before_all(reading: Reading, line: Line) -> None:
    """Take a line above the first session: the title, or what is left out."""
    if _is_cover(line.text):
        return
    if reading.sessions:
        reading.mark(line.number, "", f"“{line.text[:80]}” is about no session.", "skipped")
        return
    host = bool(reading.title) and not reading.host and not reading.dated
    if host and sort_of(reading.title) == "affiliation" and ":" not in reading.title:
        reading.host, reading.title = reading.title, ""
    prose = line.text.endswith(".") and len(line.text.split()) > _LONG
    prose = prose or read_day(line.text, reading.first_day) is not None
    if not reading.title and not prose:
        found = quoted(line.text)
        reading.title = found[0] if found else line.text
        return
    sentence = f"“{line.text[:80]}” stands before the first session and was left out."
    reading.mark(line.number, "", sentence, "skipped")


def _is_cover(text: str) -> bool:
    words = keys(text)
    return bool(words) and len(words) <= _FEW and _COVER.issuperset(words)

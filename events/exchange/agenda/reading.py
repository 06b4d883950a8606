"""The lines of an agenda read one after another into drafts of sessions."""

from __future__ import annotations

from typing import Final

from events.exchange.agenda import notes
from events.exchange.agenda.clock import Clock, time_at_end, time_at_head
from events.exchange.agenda.dating import take_day
from events.exchange.agenda.days import read_day
from events.exchange.agenda.drafts import SessionDraft
from events.exchange.agenda.heads import quoted
from events.exchange.agenda.kinds import kind_of
from events.exchange.agenda.labels import read_field, read_kind, read_note, read_part, read_role
from events.exchange.agenda.lines import Line
from events.exchange.agenda.persons import go_on_with_person, read_person
from events.exchange.agenda.places import is_room
from events.exchange.agenda.state import Reading
from events.exchange.agenda.steps import begin, set_slot
from events.exchange.agenda.texts import read_text
from events.exchange.agenda.titles import read_room, read_title, read_untimed

# The first that understands a line takes it.
_READERS: Final = (
    read_note,
    read_kind,
    read_field,
    read_role,
    read_part,
    read_untimed,
    read_title,
    read_room,
    go_on_with_person,
    read_person,
)
_TITLE_WORDS: Final = 30
_LINES_OF_QUOTE: Final = 4
_FAR, _NEAR = 30, 6
_FEW: Final = 4


def read_line(reading: Reading, line: Line) -> None:
    """Read a line by the first reader that understands it."""
    session = reading.session
    if session is not None and session.open_quote and _close_quote(session, line):
        return
    if _day(reading, line) or _time(reading, line):
        return
    read_detail(reading, line)


def read_detail(reading: Reading, line: Line) -> None:
    """Read a line that belongs to the session above it."""
    if not any(reader(reading, line) for reader in _READERS):
        read_text(reading, line)


def _close_quote(session: SessionDraft, line: Line) -> bool:
    found = quoted(f"“{line.text}")
    session.open_quote = False
    if line.number - session.line > _LINES_OF_QUOTE or time_at_head(line.text):
        return False
    inside = found[0] if found else line.text
    session.open_quote = bool(found and found[2])
    session.title = f"{session.title} {inside}"
    return True


def _day(reading: Reading, line: Line) -> bool:
    labelled = notes.part_field(line.text)
    text = labelled[1] if labelled and labelled[0] == "day" else line.text
    day = read_day(text, reading.first_day)
    if day is None or not take_day(reading, line, day):
        return False
    if timed := time_at_head(day.rest):
        take_time(reading, line, *timed, dated=True)
    return True


def _time(reading: Reading, line: Line) -> bool:
    labelled = notes.part_field(line.text)
    text = labelled[1] if labelled and labelled[0] == "time" else line.text
    found = time_at_head(text)
    if not found:
        return _time_at_end(reading, line)
    if not text[0].isdecimal() and text.endswith(".") and len(text.split()) > _FEW:
        return False  # "At 18.00 a bus leaves from the hotel."
    take_time(reading, line, *found, dated=bool(labelled))
    return True


def take_time(
    reading: Reading, line: Line, clock: Clock, rest: str, *, dated: bool = False
) -> None:
    """Take a time with which a line begins."""
    session = reading.session
    if not rest:
        if session is not None and session.start is None and not session.parts:
            set_slot(reading, line, clock)
            return
        if session is None and _is_of_all(reading, clock, dated=dated):
            reading.hours = clock
            return
    begin(reading, line, clock, rest)


def _is_of_all(reading: Reading, clock: Clock, *, dated: bool) -> bool:
    """Return whether a time without a text before all sessions is the gathering's own."""
    for line in reading.lines[reading.place : reading.place + (_FAR if dated else _NEAR)]:
        text = line.cells[0] if line.cells else line.text
        found = time_at_head(text)
        if found:
            return found[0].start == clock.start or clock.end is None or found[0].start < clock.end
        if kind_of(text) and not line.gap and not dated:
            return False
    return False


def _time_at_end(reading: Reading, line: Line) -> bool:
    found = time_at_end(line.text)
    if not found or len(line.text.split()) > _TITLE_WORDS:
        return False
    clock, before = found
    if not (kind_of(before) or line.heading or line.bullet) or is_room(before):
        return False
    begin(reading, line, clock, before)
    return True

"""Lines that are a title: of a session without a time, or below a time or a label; and rooms."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from events.enums import SessionKind
from events.exchange.agenda.clock import take_length, time_at_head
from events.exchange.agenda.drafts import SessionDraft
from events.exchange.agenda.heads import head_of, is_complete, quoted
from events.exchange.agenda.kinds import is_label, kind_of, names_block, part_label
from events.exchange.agenda.lines import Line
from events.exchange.agenda.people import may_be_person, reads_as_person
from events.exchange.agenda.places import is_room
from events.exchange.agenda.state import Reading
from events.exchange.agenda.steps import apply_head, begin

_SHORT: Final = 16
_TITLE_WORDS: Final = 30


def read_untimed(reading: Reading, line: Line) -> bool:
    """Begin a session whose line says no time."""
    text = line.text
    label = part_label(text)[0]
    most = _TITLE_WORDS if label else _SHORT
    if len(text.split()) > most or (not label and text.endswith((".", ",", ";"))):
        return False
    if quoted(text) or (reads_as_person(text) and not is_label(label or "-")):
        return False
    begins = _among_times if reading.timed else _without_times
    if not begins(reading, line, label=bool(label) or is_label(text)):
        return False
    begin(reading, line, None, text)
    return True


def _among_times(reading: Reading, line: Line, *, label: bool) -> bool:
    """Return whether a line begins a session in an agenda whose others say their times."""
    following = reading.lines[reading.place] if reading.place < len(reading.lines) else None
    found = time_at_head(following.text) if following else None
    time_below = found is not None and not found[1]
    if reading.session is not None and not reading.session.title:
        return False
    if time_below:
        return label or line.heading
    minutes, rest = take_length(line.text)
    if minutes and is_label(rest) and is_complete(_kind(rest)):
        return reading.session is not None
    return (
        label and bool(reading.sessions) and names_block(line.text) and (line.gap or line.heading)
    )


def _kind(text: str) -> SessionKind | None:
    said = kind_of(text)
    return said.kind if said else None


def _without_times(reading: Reading, line: Line, *, label: bool) -> bool:
    """Return whether a line begins a session in an agenda that says no times at all."""
    said, session = kind_of(line.text), reading.session
    if line.numbered or label or (said is not None and said.sure):
        return session is None or not line.bullet or line.numbered or line.gap
    if session is None or not line.gap or session.pending:
        return False
    reading.mark(line.number, "title", "Is this a session of its own?")
    return True


def read_title(reading: Reading, line: Line) -> bool:
    """Take the title that stands on a line below the time or the label."""
    session = reading.session
    if session is None or not session.pending or session.parts or session.abstract:
        return False
    found = quoted(line.text)
    if not session.title:
        if reads_as_person(line.text) or is_room(line.text):
            return False
        apply_head(reading, line, head_of(line.text))
    elif found and not found[1].strip(" .,"):
        session.title, _, session.open_quote = found
        session.pending = False
    elif _can_be_title(session, line):
        head = head_of(line.text)
        apply_head(reading, line, replace(head, kind=session.kind or head.kind))
        session.pending = False
    else:
        return False
    return True


def _can_be_title(session: SessionDraft, line: Line) -> bool:
    text = line.text
    if is_complete(session.kind) or line.gap or line.bullet or is_room(text):
        return False
    if len(text.split()) > _TITLE_WORDS or text.endswith((".", ":")):
        return False
    return not reads_as_person(text) and not may_be_person(text)


def read_room(reading: Reading, line: Line) -> bool:
    """Take a line that is nothing but a room."""
    session, text = reading.session, line.text
    in_brackets = text.startswith(("(", "[")) and text.endswith((")", "]"))
    inner = text.strip("()[] ") if in_brackets else text
    below = session is not None and line.number == session.title_line + 1
    weak = below and not line.gap and not line.bullet
    room = is_room(inner, said=in_brackets or weak) and not reads_as_person(text)
    if not room or reading.talking:
        return False
    if session is None:
        return _room_of_all(reading, line, inner)
    if session.own_room or (session.parts and not in_brackets):
        return False
    session.room, session.own_room = inner, True
    if not is_room(inner, said=in_brackets):
        reading.mark(line.number, "room", f"Is “{inner}” the room?")
    return True


def _room_of_all(reading: Reading, line: Line, room: str) -> bool:
    if not reading.title:
        return False
    reading.room = reading.room or room
    reading.mark(line.number, "room", f"Is “{room}” the room of all sessions?")
    return True

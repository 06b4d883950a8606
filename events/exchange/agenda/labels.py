"""Lines that begin with a label: "Room: …", "Moderator: …"; and remarks such as "closed"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from events.enums import SessionKind
from events.exchange.agenda import notes
from events.exchange.agenda.brackets import brackets
from events.exchange.agenda.clock import length_of
from events.exchange.agenda.drafts import SessionDraft
from events.exchange.agenda.heads import head_of, is_complete, quoted
from events.exchange.agenda.kinds import is_label, kind_of, part_label
from events.exchange.agenda.lines import Line
from events.exchange.agenda.persons import add_people
from events.exchange.agenda.places import is_room
from events.exchange.agenda.roles import Role, part_role
from events.exchange.agenda.state import Reading
from events.exchange.agenda.steps import apply_head
from events.incoming import IncomingLink

_URL: Final = re.compile(r"https?://[^\s<>\"]{3,400}")
_LINK: Final = re.compile(r"(?:([^:]{1,60}):\s*)?(https?://[^\s<>\"]{3,400})")
_LONG: Final = 12
_SPOKEN: Final = frozenset({SessionKind.OPENING_REMARKS.value, SessionKind.KEYNOTE.value})


def read_note(reading: Reading, line: Line) -> bool:
    """Take a remark: Chatham House, closed, cancelled, recorded; an address."""
    text, session = line.text.strip("()[]*. "), reading.session
    said = notes.attribution(text)
    if said and session is None:
        reading.attribution = said
    elif said and session is not None:
        session.attribution = said
    elif session is None:
        return False
    elif notes.is_cancelled(text):
        session.cancelled = True
    elif notes.is_recorded(text):
        session.recorded = True
    elif link := _LINK.fullmatch(text):
        session.links.append(IncomingLink(link[1] or session.title[:200], link[2]))
    else:
        return _note_in_text(reading, line, session)
    return True


def _note_in_text(reading: Reading, line: Line, session: SessionDraft) -> bool:
    said = notes.attribution(line.text, alone=False)
    if said is None or len(line.text.split()) > 2 * _LONG:
        return False
    session.attribution = said
    sentence = f"Does this hold for the whole session: “{line.text}”?"
    reading.mark(line.number, "attribution", sentence)
    session.abstract.append(line.text)
    return True


def read_kind(reading: Reading, line: Line) -> bool:
    """Take "(Panel discussion)" below a title."""
    session, text = reading.session, line.text
    inner = text.strip("() ")
    if session is None or not text.startswith("(") or not text.endswith(")"):
        return False
    if not session.title or session.parts or not is_label(inner):
        return False
    said = kind_of(inner)
    if said and session.kind is None:
        session.kind, session.kind_sure = said.kind, said.sure
    return said is not None


def read_field(reading: Reading, line: Line) -> bool:
    """Take a line with a label."""
    found = notes.part_field(line.text)
    return found is not None and take_field(reading, line, *found)


def take_field(reading: Reading, line: Line, name: str, value: str) -> bool:
    """Take what a label says ("Room: …"); return False where it says nothing that fits."""
    session = reading.session
    if not value:
        return False
    if name in {"room", "place"}:
        _place(reading, line, value, room=name == "room")
    elif name == "outside":
        sentence = f"“{line.text[:80]}” is not part of the programme."
        reading.mark(line.number, "", sentence, "skipped")
    elif name == "track":
        reading.track = value
    elif session is not None:
        taker = _OF_SESSIONS.get(name)
        return taker is not None and taker(reading, line, session, value)
    elif name == "title" and not reading.title:
        reading.title = value
    else:
        return False
    return True


def _place(reading: Reading, line: Line, value: str, *, room: bool) -> None:
    session, plain = reading.session, brackets(value)[0]
    if room and not is_room(plain) and len(value) <= 3:  # noqa: PLR2004 - “2”, “12a”
        value = f"{line.text.split(':', maxsplit=1)[0].strip()} {value}"
    if session is not None:
        session.room, session.own_room = value, True
    elif room or is_room(plain):
        reading.room = value
    else:
        said = value[:80]
        sentence = f"The venue, “{said}”, is not part of the programme: say it at the conference."
        reading.mark(line.number, "room", sentence, "skipped")


def _minutes(_: Reading, __: Line, session: SessionDraft, value: str) -> bool:
    minutes = length_of(value)
    session.minutes = minutes or session.minutes
    return minutes is not None


def _title(reading: Reading, line: Line, session: SessionDraft, value: str) -> bool:
    apply_head(reading, line, head_of(value))
    session.pending = False
    return True


def _theme(reading: Reading, line: Line, session: SessionDraft, value: str) -> bool:
    """Take a theme: the title where there is only a label so far, else a text."""
    if not session.pending or not session.title or is_complete(session.kind):
        return _abstract(reading, line, session, value)
    inside = quoted(value)
    session.title, session.pending = inside[0] if inside else value, False
    return True


def _abstract(reading: Reading, _: Line, session: SessionDraft, value: str) -> bool:
    session.abstract.append(value)
    session.pending = False
    reading.talking, reading.role = True, None
    return True


def _language(_: Reading, __: Line, session: SessionDraft, value: str) -> bool:
    language = notes.language_of(value)
    session.language = language or session.language
    return bool(language)


def _link(_: Reading, line: Line, session: SessionDraft, value: str) -> bool:
    found = _URL.search(value)
    if found:
        session.links.append(IncomingLink(line.text.split(":", maxsplit=1)[0], found[0]))
    return found is not None


_OF_SESSIONS: Final[Mapping[str, Callable[[Reading, Line, SessionDraft, str], bool]]] = {
    "minutes": _minutes,
    "title": _title,
    "theme": _theme,
    "abstract": _abstract,
    "language": _language,
    "link": _link,
}


def read_role(reading: Reading, line: Line) -> bool:
    """Take a line that begins with a role, and the people named in it."""
    found = part_role(line.text)
    if not found:
        return False
    role, rest = found
    session = reading.session
    if session is None:
        return _role_of_nothing(reading, line)
    if not reading.timed and role.name in _SPOKEN and not (rest and reading.listed):
        return False
    if session.pending and not session.title and not rest:
        return False
    reading.role, reading.listed, reading.talking = role, 0, False
    session.pending = False
    if rest:
        add_people(reading, line, rest, role)
        reading.role = role if role.several else None
    return True


def _role_of_nothing(reading: Reading, line: Line) -> bool:
    if not reading.timed and is_label(part_label(line.text)[0] or line.text):
        return False
    reading.mark(line.number, "role", f"“{line.text[:80]}” is about no session.", "skipped")
    return True


def read_part(reading: Reading, line: Line) -> bool:
    """Take a heading inside a session below which people stand: "Opening of the conference:"."""
    session = reading.session
    said = kind_of(line.text) if line.text.endswith(":") and is_label(line.text) else None
    if session is None or said is None or not reading.timed:
        return False
    if said.kind.value not in _SPOKEN:
        return False
    reading.role, reading.listed, reading.talking = Role(said.kind.value), 0, False
    return True

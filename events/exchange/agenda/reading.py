"""The lines of an agenda read one after another into drafts of sessions."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from events.enums import SessionKind
from events.exchange.agenda import notes
from events.exchange.agenda.affiliations import sort_of
from events.exchange.agenda.clock import Clock, length_of, time_at_end, time_at_head
from events.exchange.agenda.dating import take_day
from events.exchange.agenda.days import read_day
from events.exchange.agenda.drafts import SessionDraft
from events.exchange.agenda.heads import head_of, is_complete, quoted
from events.exchange.agenda.kinds import is_label, kind_of, names_block, part_label
from events.exchange.agenda.lines import Line
from events.exchange.agenda.people import brackets, may_be_person, reads_as_person
from events.exchange.agenda.places import is_room
from events.exchange.agenda.roles import Role, part_role
from events.exchange.agenda.steps import (
    Reading,
    add_people,
    apply_head,
    begin,
    go_on_with_person,
    is_below_person,
    read_person,
    set_slot,
)
from events.incoming import IncomingLink

_URL: Final = re.compile(r"https?://[^\s<>\"]{3,400}")
_CONTACT: Final = re.compile(r"\S@\S|\brsvp\b", re.IGNORECASE)
_LONG: Final = 12
_TITLE_WORDS: Final = 30


# ---------------------------------------------------------------- lines


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
    for reader in (
        _note,
        _kind_in_brackets,
        _field,
        _role,
        _part_of_session,
        _untimed,
        _title,
        _room,
        go_on_with_person,
        read_person,
    ):
        if reader(reading, line):
            return
    _text(reading, line)


def _close_quote(session: SessionDraft, line: Line) -> bool:
    found = quoted(f"“{line.text}")
    session.open_quote = False
    if line.number - session.line > 4 or time_at_head(line.text):  # noqa: PLR2004
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
    for line in reading.lines[reading.place : reading.place + (30 if dated else 6)]:
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


def _note(reading: Reading, line: Line) -> bool:
    text = line.text.strip("()[]*. ")
    session = reading.session
    said = notes.attribution(text)
    if said:
        if session is None:
            reading.attribution = said
        else:
            session.attribution = said
        return True
    if session is None:
        return False
    if notes.is_cancelled(text):
        session.cancelled = True
        return True
    if notes.is_recorded(text):
        session.recorded = True
        return True
    part = notes.attribution(text, alone=False)
    if part and len(text.split()) <= 2 * _LONG:
        session.attribution = part
        reading.mark(line.number, "attribution", f"Does this hold for the whole session: “{text}”?")
        session.abstract.append(line.text)
        return True
    if _URL.fullmatch(text):
        session.links.append(IncomingLink(session.title[:200], text))
        return True
    return False


def _kind_in_brackets(reading: Reading, line: Line) -> bool:
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


def _field(reading: Reading, line: Line) -> bool:
    found = notes.part_field(line.text)
    if not found:
        return False
    return take_field(reading, line, *found)


def take_field(reading: Reading, line: Line, name: str, value: str) -> bool:  # noqa: C901, PLR0911, PLR0912
    """Take what a label says ("Room: …"); return False where it says nothing that fits."""
    session = reading.session
    if not value:
        return False
    if name in {"room", "place"}:
        return _place(reading, line, value, room=name == "room")
    if name == "outside":
        reading.mark(
            line.number, "", f"“{line.text[:80]}” is not part of the programme.", "skipped"
        )
        return True
    if name == "track":
        reading.track = value
        return True
    if session is None:
        if name == "title" and not reading.title:
            reading.title = value
            return True
        return False
    if name == "minutes" and (minutes := length_of(value)):
        session.minutes = minutes
    elif name == "title":
        apply_head(reading, line, head_of(value))
        session.pending = False
    elif name == "theme" and session.pending and session.title and not is_complete(session.kind):
        inside = quoted(value)
        session.title, session.pending = inside[0] if inside else value, False
    elif name in {"theme", "abstract"}:
        session.abstract.append(value)
        session.pending = False
        reading.talking, reading.role = True, None
    elif name == "language" and (language := notes.language_of(value)):
        session.language = language
    elif name == "link" and (url := _URL.search(value)):
        title = line.text.split(":", maxsplit=1)[0]
        session.links.append(IncomingLink(title, url[0]))
    else:
        return False
    return True


def _place(reading: Reading, line: Line, value: str, *, room: bool) -> bool:
    session = reading.session
    plain = brackets(value)[0]
    if room and not is_room(plain):
        label = line.text.split(":", maxsplit=1)[0].strip()
        value = f"{label} {value}" if len(value) <= 3 else value  # noqa: PLR2004 - "Sala: 2"
    if session is not None:
        session.room, session.own_room = value, True
    elif room or is_room(plain):
        reading.room = value
    else:
        sentence = (
            f"The venue, “{value[:80]}”, is not part of the programme: say it at the conference."
        )
        reading.mark(line.number, "room", sentence, "skipped")
    return True


def _role(reading: Reading, line: Line) -> bool:
    found = part_role(line.text)
    if not found:
        return False
    role, rest = found
    session = reading.session
    if session is None:
        if reading.timed or not is_label(part_label(line.text)[0] or line.text):
            reading.mark(line.number, "role", f"“{line.text[:80]}” is about no session.", "skipped")
            return True
        return False
    if (
        not reading.timed
        and role.name in {"keynote", "opening_remarks"}
        and not (rest and reading.listed)
    ):
        return False
    if session.pending and not session.title and not rest:
        return False
    reading.role, reading.listed, reading.talking = role, 0, False
    session.pending = False
    if rest:
        add_people(reading, line, rest, role)
        reading.role = role if role.several else None
    return True


def _part_of_session(reading: Reading, line: Line) -> bool:
    """Take a heading inside a session below which people stand: "Opening of the conference:"."""
    session = reading.session
    said = kind_of(line.text) if line.text.endswith(":") and is_label(line.text) else None
    if session is None or said is None or not reading.timed:
        return False
    if said.kind not in {SessionKind.OPENING_REMARKS, SessionKind.KEYNOTE}:
        return False
    reading.role, reading.listed, reading.talking = Role(said.kind.value), 0, False
    return True


def _untimed(reading: Reading, line: Line) -> bool:
    """Begin a session whose line says no time."""
    text = line.text
    words = len(text.split())
    short = words <= _LONG + 4 and not text.endswith((".", ",", ";"))
    short = short or (words <= _TITLE_WORDS and part_label(text)[0] != "")
    if not short or may_be_only_person(text) or quoted(text):
        return False
    following = reading.lines[reading.place] if reading.place < len(reading.lines) else None
    label = part_label(text)[0]
    if reading.timed:
        next_time = time_at_head(following.text) if following else None
        stands_alone = bool(next_time and not next_time[1])
        heads = bool(label) or is_label(text) or line.heading
        if not (stands_alone and heads) and not (
            names_block(text) and (line.gap or line.heading) and heads
        ):
            return False
        if not stands_alone and not reading.sessions:
            return False
        if reading.session is not None and not reading.session.title:
            return False
    else:
        said = kind_of(text)
        heads = line.numbered or bool(label) or is_label(text) or (said is not None and said.sure)
        if reading.session is None and not heads:
            return False
        if not heads and not line.gap:
            return False
        if reading.session is not None and line.bullet and not line.numbered and not line.gap:
            return False
        if reading.session is not None and reading.session.pending and not heads:
            return False
        if not heads:
            reading.mark(line.number, "title", "Is this a session of its own?")
    begin(reading, line, None, text)
    return True


def may_be_only_person(text: str) -> bool:
    """Return whether a line names a person and no session."""
    return reads_as_person(text) and not is_label(part_label(text)[0] or "-")


def _title(reading: Reading, line: Line) -> bool:
    """Take the title that stands on a line below the time or the label."""
    session = reading.session
    if session is None or not session.pending or session.parts or session.abstract:
        return False
    if not session.title:
        if reads_as_person(line.text) or is_room(line.text):
            return False
        apply_head(reading, line, head_of(line.text))
        return True
    found = quoted(line.text)
    if found and not found[1].strip(" .,"):
        session.title, _, session.open_quote = found
        session.pending = False
        return True
    if is_complete(session.kind) or line.gap or line.bullet or is_room(line.text):
        return False
    words = len(line.text.split())
    if words > _TITLE_WORDS or line.text.endswith((".", ":")) or reads_as_person(line.text):
        return False
    if may_be_person(line.text):
        return False
    head = head_of(line.text)
    apply_head(reading, line, replace(head, kind=session.kind or head.kind))
    session.pending = False
    return True


def _room(reading: Reading, line: Line) -> bool:
    session = reading.session
    text = line.text
    in_brackets = text.startswith(("(", "[")) and text.endswith((")", "]"))
    inner = text.strip("()[] ") if in_brackets else text
    below = session is not None and line.number == session.title_line + 1
    weak = below and not line.gap and not line.bullet and not reads_as_person(text)
    if not is_room(inner, said=in_brackets or weak) or reading.talking:
        return False
    if session is None:
        if reading.title:
            reading.room = reading.room or inner
            reading.mark(line.number, "room", f"Is “{inner}” the room of all sessions?")
            return True
        return False
    if session.own_room or (session.parts and not in_brackets):
        return False
    session.room, session.own_room = inner, True
    if not is_room(inner, said=in_brackets):
        reading.mark(line.number, "room", f"Is “{inner}” the room?")
    return True


def _text(reading: Reading, line: Line) -> None:
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
    if not reading.title and not prose:
        found = quoted(line.text)
        reading.title = found[0] if found else line.text
        return
    sentence = f"“{line.text[:80]}” stands before the first session and was left out."
    reading.mark(line.number, "", sentence, "skipped")


def _is_cover(text: str) -> bool:
    words = text.lower().strip(" :*").split()
    covers = {"agenda", "programme", "program", "draft", "schedule", "raspored", "nacrt", "satnica"}
    covers |= {
        "агенда",
        "програм",
        "нацрт",
        "распоред",
        "сатница",
        "of",
        "the",
        "event",
        "dnevni",
        "red",
        "дневни",
        "ред",
    }
    return bool(words) and len(words) <= 4 and all(word in covers for word in words)  # noqa: PLR2004

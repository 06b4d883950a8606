"""Where the reading of an agenda stands, and the steps it is made of: a session, its people."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from typing import Final

from events.exchange.agenda import notes
from events.exchange.agenda.affiliations import sort_of
from events.exchange.agenda.clock import Clock
from events.exchange.agenda.drafts import PartDraft, SessionDraft
from events.exchange.agenda.heads import GUESS, Head, head_of
from events.exchange.agenda.lines import Line
from events.exchange.agenda.names import looks_like_name
from events.exchange.agenda.people import may_be_person, people_of, person_of, reads_as_person
from events.exchange.agenda.roles import SPEAKER, Role, part_role
from events.incoming import Mark

_LONG: Final = 12
_GOES_ON: Final = (",", "–", " of", " for", " the", " former", " and", " za", " i", " u")
_WITH: Final = re.compile(r"^(?:with|by|featuring|sa|са|uz|уз)\s+(?=\w)", re.IGNORECASE)
_IS_PERSON: Final = "Is “{}” a person?"


@dataclass(slots=True)
class Reading:
    """Where the reading stands.

    Arguments:
        first_day: of the gathering as far as is known.
        timed: whether any line of the text begins with a time.
        role: of those who are listed now; None when nobody is.
        talking: whether the last line was running text.
        guesses: marks that count only where few lines look like that.
    """

    first_day: dt.date
    day: dt.date
    timed: bool
    lines: list[Line]
    place: int = 0
    title: str = ""
    host: str = ""
    gathering: tuple[dt.date, dt.date] | None = None
    hours: Clock | None = None
    dated: bool = False
    sessions: list[SessionDraft] = field(default_factory=list)
    session: SessionDraft | None = None
    role: Role | None = None
    listed: int = 0
    talking: bool = False
    room: str = ""
    track: str = ""
    attribution: str = ""
    columns: tuple[str, ...] = ()
    marks: list[Mark] = field(default_factory=list)
    guesses: list[Mark] = field(default_factory=list)

    def mark(self, line: int, where: str, sentence: str, level: str = "unsure") -> None:
        """Mark a line for the person who imports."""
        self.marks.append(Mark(line, level, where, sentence))


# ---------------------------------------------------------------- sessions


def begin(reading: Reading, line: Line, clock: Clock | None, text: str) -> SessionDraft:
    """Begin a session with what its first line says."""
    session = SessionDraft(line.number, reading.day, room=reading.room, track=reading.track)
    session.attribution = reading.attribution
    reading.sessions.append(session)
    reading.session = session
    reading.role, reading.listed, reading.talking = None, 0, False
    if clock:
        set_slot(reading, line, clock)
    if text:
        apply_head(reading, line, head_of(text))
    return session


def set_slot(reading: Reading, line: Line, clock: Clock) -> None:
    """Give the session its time."""
    session = reading.session
    if session is None:
        return
    session.start, session.end, session.half_days = clock.start, clock.end, clock.half_days
    if not clock.sure:
        reading.mark(line.number, "time", "These hours have no minutes: are they the time?")


def apply_head(reading: Reading, line: Line, head: Head) -> None:
    """Take over what a first line says."""
    session = reading.session
    if session is None:
        return
    if head.title:
        session.title, session.title_line = head.title, line.number
    session.block = session.block or head.block
    session.pending, session.open_quote = head.pending, head.open_quote
    session.kind, session.kind_sure = head.kind or session.kind, head.kind_sure
    session.minutes = head.minutes or session.minutes
    if head.clock and session.start is None:
        session.start, session.end = head.clock.start, head.clock.end
    elif head.clock and session.end is None and head.clock.end:
        session.end = head.clock.end
    if head.room:
        session.room, session.own_room = head.room, True
    session.language = head.language or session.language
    session.attribution = head.attribution or session.attribution
    session.cancelled = session.cancelled or head.cancelled
    session.recorded = session.recorded or head.recorded
    for where, sentence in head.doubts:
        if sentence.endswith(GUESS):
            reading.guesses.append(Mark(line.number, "unsure", where, sentence))
        else:
            reading.mark(line.number, where, sentence)
    if head.role and not head.people:
        reading.role, session.pending = head.role, False
    if head.people:
        role = head.role or Role(SPEAKER)
        add_people(
            reading, line, head.people, replace(role, several=True) if head.role is None else role
        )


# ---------------------------------------------------------------- people


def add_people(reading: Reading, line: Line, text: str, role: Role, *, sure: bool = True) -> None:
    """Add those whom a text names."""
    session = reading.session
    if session is None:
        return
    for found in people_of(text, several=role.several):
        if found.unknown:
            sentence = "Somebody is still to be named here; nobody was added."
            reading.mark(line.number, "name", sentence, "skipped")
            continue
        if found.name.given[:1].islower():
            sentence = f"“{text[:80]}” names nobody; nobody was added."
            reading.mark(line.number, "name", sentence, "skipped")
            continue
        doubts = list(found.doubts)
        if not sure and not doubts:
            doubts = [("name", _IS_PERSON.format(text))]
        somebody = replace(found, doubts=tuple(doubts))
        if sure:
            _settle_above(session, line)
        session.parts.append(PartDraft(line.number, text, somebody, somebody.role or role))
        reading.listed = line.number
    session.pending = False
    reading.talking = False


def _settle_above(session: SessionDraft, line: Line) -> None:
    """Doubt no more that the line above names a person, now that the next one does."""
    last = session.parts[-1] if session.parts else None
    if last is not None and last.line == line.number - 1 and not line.gap:
        doubt = ("name", _IS_PERSON.format(last.text))
        kept = tuple(pair for pair in last.somebody.doubts if pair != doubt)
        last.somebody = replace(last.somebody, doubts=kept)


def go_on_with_person(reading: Reading, line: Line) -> bool:
    """Take a line that goes on with the person of the line before: position, organisation."""
    session = reading.session
    if session is None or not session.parts or line.bullet or not is_below_person(reading):
        return False
    last = session.parts[-1]
    before, text = last.text.rstrip(), line.text
    if len(text.split()) > _LONG * (5 if text.startswith("(") else 2) or text.endswith("."):
        return False
    if text.startswith("(") and text.endswith(")"):
        joined = f"{before} {text}"
    elif text[0].islower() and not part_role(text) and not _WITH.match(text):
        joined = f"{before} {text}"
    elif part_role(text) or reads_as_person(text):
        return False
    elif before.endswith(_GOES_ON):
        joined = f"{before} {text}"
    elif line.gap:
        return False
    elif not last.somebody.standing.affiliation and sort_of(text) and not looks_like_name(text):
        joined = f"{before.rstrip(' ,')}, {text}"
    else:
        return False
    found = person_of(joined)
    last.somebody = replace(found, role=last.somebody.role or found.role)
    last.text = joined
    reading.listed = line.number
    return True


def is_below_person(reading: Reading) -> bool:
    """Return whether the line before the one that is read named somebody."""
    above = reading.place - 2
    return above >= 0 and reading.lines[above].number == reading.listed


def read_person(reading: Reading, line: Line) -> bool:
    """Take a line that names somebody."""
    session = reading.session
    if session is None:
        return False
    text = _WITH.sub("", line.text)
    sure = reads_as_person(text)
    if reading.role is not None and (reading.listed == 0 or line.bullet or not line.gap or sure):
        unknown = notes.is_unknown(text)
        if sure or unknown or (may_be_person(text) and not text.endswith(".")):
            add_people(reading, line, text, replace(reading.role, several=False))
            return True
        if line.bullet and sort_of(text) == "position":
            sentence = f"“{text[:80]}” names nobody yet; nobody was added."
            reading.mark(line.number, "name", sentence, "skipped")
            return True
        if not reading.listed and len(text.split()) <= _LONG and not reading.talking:
            add_people(reading, line, text, reading.role, sure=False)
            return True
        reading.role = None
        return False
    if sure and (not line.bullet or not reading.talking or len(text.split()) <= _LONG):
        add_people(reading, line, text, Role(SPEAKER, several=True))
        return True
    if may_be_person(text) and not reading.talking and not text.endswith((".", ":", "?")):
        beside = reading.listed == line.number - 1 and not line.gap
        role = Role(SPEAKER, several=text != line.text)
        add_people(reading, line, text, role, sure=beside)
        return True
    return False

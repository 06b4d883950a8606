"""The steps that begin a session and take over what its first line says."""

from __future__ import annotations

from dataclasses import replace

from events.exchange.agenda.clock import Clock
from events.exchange.agenda.drafts import Head, SessionDraft
from events.exchange.agenda.heads import GUESS, head_of
from events.exchange.agenda.lines import Line
from events.exchange.agenda.persons import add_people
from events.exchange.agenda.roles import SPEAKER, Role
from events.exchange.agenda.state import Reading
from events.incoming import Mark


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

"""A programme as a timetable in type: days, times, rooms side by side where there are several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone

from events import words
from events.enums import SessionKind, SessionState
from events.languages import Reader
from events.programme import Day, Programme, RoomView, SessionView
from events.views.public.people import Face, faces_of

# More rooms than these stand below one another, each session with its room's name.
MOST_COLUMNS = 6
ALL_ROOMS = "all-rooms"
_PAUSES = frozenset({SessionKind.BREAK, SessionKind.RECEPTION})


@dataclass(frozen=True, slots=True)
class Item:
    session: SessionView
    kind: str
    people: list[Face]
    column: str
    is_cancelled: bool

    @property
    def span(self) -> str:
        """Return from when to when in minutes since 1970, for the clock of a browser."""
        start, end = self.session.starts_at, self.session.ends_at
        if start is None or end is None:  # pragma: no cover - a timetable has only placed ones
            return ""
        return f"{int(start.timestamp()) // 60}-{int(end.timestamp()) // 60}"


@dataclass(frozen=True, slots=True)
class Slot:
    """What begins at one time; `end` is None where the sessions end at different times."""

    start: dt.datetime
    end: dt.datetime | None
    items: list[Item]
    is_now: bool

    @property
    def is_pause(self) -> bool:
        return all(item.session.kind in _PAUSES for item in self.items)


@dataclass(frozen=True, slots=True)
class TimetableDay:
    date: dt.date
    slots: list[Slot]
    rooms: list[str]

    @property
    def columns(self) -> int:
        """Return how many rooms stand side by side; 0 for a plain list."""
        parallel = any(item.column != ALL_ROOMS for slot in self.slots for item in slot.items)
        return len(self.rooms) if parallel and 1 < len(self.rooms) <= MOST_COLUMNS else 0


def timetable(
    programme: Programme, reader: Reader, at: dict[str, str], days: Iterable[Day] | None = None
) -> list[TimetableDay]:
    """Return the days of a programme as this reader sees them now.

    Arguments:
        days: those of the programme that are shown; else all of them.
    """
    now = timezone.now()
    shown = programme.days if days is None else days
    return [_day(day, programme.rooms, reader, at, now) for day in shown]


def _start(session: SessionView) -> dt.datetime:
    if session.start_local is None:  # pragma: no cover - days hold only sessions with a slot
        raise ValueError("a session of a day has a start")
    return session.start_local


def _day(
    day: Day, all_rooms: tuple[RoomView, ...], reader: Reader, at: dict[str, str], now: dt.datetime
) -> TimetableDay:
    used = {session.room.code for session in day.sessions if session.room is not None}
    rooms = [room for room in all_rooms if room.code in used]
    codes = [room.code for room in rooms]
    alone = _alone(day.sessions)
    slots = []
    for start, sessions in groupby(day.sessions, key=_start):
        together = list(sessions)
        items = [
            Item(
                session=session,
                kind=str(words.SESSION_KINDS[SessionKind(session.kind)]),
                people=faces_of(session, reader, at),
                column=_column(session, codes, alone=session.code in alone),
                is_cancelled=session.state == SessionState.CANCELLED,
            )
            for session in together
        ]
        ends = {session.end_local for session in together}
        is_now = any(
            s.starts_at <= now < s.ends_at
            for s in together
            if s.starts_at is not None and s.ends_at is not None
        )
        slots.append(Slot(start, ends.pop() if len(ends) == 1 else None, items, is_now))
    return TimetableDay(day.date, slots, [reader.text(room.name) for room in rooms])


def _column(session: SessionView, rooms: list[str], *, alone: bool) -> str:
    """Return the class of a session's column; what stands alone in time takes the whole width."""
    if alone or session.room is None or len(rooms) > MOST_COLUMNS:
        return ALL_ROOMS
    return f"room-{rooms.index(session.room.code) + 1}"


def _alone(sessions: Sequence[SessionView]) -> set[str]:
    """Return the codes of those that no other session overlaps; they come in order of start."""
    alone: set[str] = set()
    busy_until: dt.datetime | None = None
    last = ""
    for session in sessions:
        start, end = session.starts_at, session.ends_at
        if start is None or end is None:  # pragma: no cover - days hold only sessions with a slot
            continue
        if busy_until is not None and start < busy_until:
            alone.discard(last)
        else:
            alone.add(session.code)
        if busy_until is None or end > busy_until:
            busy_until, last = end, session.code
    return alone

"""A programme as a timetable in type: days, times, rooms side by side where there are several."""

from __future__ import annotations

import datetime as dt
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


def timetable(programme: Programme, reader: Reader, at: dict[str, str]) -> list[TimetableDay]:
    """Return the days of a programme as this reader sees them now."""
    now = timezone.now()
    return [_day(day, programme.rooms, reader, at, now) for day in programme.days]


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
    slots = []
    for start, sessions in groupby(day.sessions, key=_start):
        together = list(sessions)
        items = [
            Item(
                session=session,
                kind=str(words.SESSION_KINDS[SessionKind(session.kind)]),
                people=faces_of(session, reader, at),
                column=_column(session, day, codes),
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


def _column(session: SessionView, day: Day, rooms: list[str]) -> str:
    """Return the class of a session's column; what stands alone in time takes the whole width."""
    alone = not any(other is not session and _overlap(session, other) for other in day.sessions)
    if alone or session.room is None or len(rooms) > MOST_COLUMNS:
        return ALL_ROOMS
    return f"room-{rooms.index(session.room.code) + 1}"


def _overlap(one: SessionView, other: SessionView) -> bool:
    if one.starts_at is None or one.ends_at is None:
        return False
    if other.starts_at is None or other.ends_at is None:
        return False
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at

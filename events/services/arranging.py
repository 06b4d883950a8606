"""Arranging a day: when one session changes, those that follow it in its room go along.

A day lasts until five in the morning. Its sessions stand in lines: those of one room, and, where
the whole day has one room at the most, all of them.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db import transaction

from core.actors import Actor
from core.errors import DomainError, invalid, stale
from core.services import audit
from events.enums import SessionKind, SessionState
from events.models import Conference, Room, Session
from events.services.edits import note_edit, snapshot
from events.services.instants import resolve_session
from events.services.sessions import create_session, place_session
from events.services.writing import load, load_root, save_root

NIGHT: Final = dt.timedelta(hours=5)
_NOTHING: Final = dt.timedelta(0)


def programme_day(moment: dt.datetime, first: dt.date) -> dt.date:
    """Return the day of the programme that a time belongs to: nights belong to the evening before.

    Arguments:
        first: the conference's first day; no day is before it.
    """
    day = (moment - NIGHT).date()
    return moment.date() if day < first <= moment.date() else day


@transaction.atomic
def flow_day(
    *,
    session: Session,
    start_local: dt.datetime | str,
    end_local: dt.datetime | str,
    room: Room | None,
    expected: int | None,
    actor: Actor,
) -> list[Session]:
    """Give a session its slot, and take along those that follow it on that day in its room.

    They keep their lengths and the gaps between them. One deed: it is undone as a whole. Without a
    former time, or into another room, only the session itself moves.

    Returns the sessions that changed, this one first.

    Raises:
        DomainError: ``stale``, ``validation-failed``.
    """
    root = load(session.conference)
    row = load_root(session, expected, "room")
    deed = uuid.uuid4()
    old_start, old_end, old_room = row.start_local, row.end_local, row.room_id
    after: list[Session] = []
    if old_start is not None:
        line = line_of(day_of(root, old_start), row)
        after = line[_index(line, row) + 1 :]
    placed = place_session(
        session=session,
        start_local=start_local,
        end_local=end_local,
        room=room,
        expected=expected,
        actor=actor,
        deed=deed,
    )
    if old_end is None or placed.end_local is None or placed.room_id != old_room:
        return [placed]
    by = placed.end_local - old_end
    return [placed, *_shift(root, after, by, "flow_day", actor, deed)]


@transaction.atomic
def reorder_day(
    *,
    conference: Conference,
    codes: Sequence[str],
    versions: Mapping[str, int] | None,
    actor: Actor,
) -> list[Session]:
    """Put the sessions of one day into this order, each line for itself, and return what moved.

    Sessions keep their lengths; a line's gaps stay where they are, between the same places. Its
    first start stays.

    Arguments:
        codes: each session of the day that takes place, once.
        versions: of those sessions, as the caller saw them.

    Raises:
        DomainError: ``stale`` when one of them has changed; ``validation-failed`` unless each is
            there once.
    """
    root = load(conference)
    first = root.sessions.filter(code__in=codes[:1]).first()
    day = [] if first is None or first.start_local is None else day_of(root, first.start_local)
    if not day or sorted(codes) != sorted(row.code for row in day):
        raise invalid(
            "/sessions", "incomplete", "Name each session of the day once. The order was kept."
        )
    if versions and any(versions.get(row.code, row.version) != row.version for row in day):
        raise stale()
    place = {code: number for number, code in enumerate(codes)}
    deed = uuid.uuid4()
    moved: list[Session] = []
    for line in _lines(day):
        wanted = sorted(line, key=lambda row: place[row.code])
        for row, start in _starts(line, wanted):
            by = start - _start(row)
            moved += _shift(root, [row], by, "reorder_day", actor, deed)
    return moved


@transaction.atomic
def insert_session(
    *,
    after: Session,
    minutes: int,
    title: str,
    actor: Actor,
    kind: str = SessionKind.BREAK,
    expected: int | None = None,
) -> Session:
    """Add a session right after another one, in its room; those that follow make way.

    They move by as much as is lacking: a gap that is there is used. One deed.

    Arguments:
        expected: the version of the session that it comes after.

    Raises:
        DomainError: ``stale``, ``validation-failed``; ``wrong-state`` when the other has no time.
    """
    root = load(after.conference)
    row = load_root(after, expected, "room")
    if row.start_local is None or row.end_local is None:
        raise DomainError("wrong-state", "That session has no time yet. Nothing was added.")
    if not 1 <= minutes <= 24 * 60:
        raise invalid("/minutes", "range", "Give from 1 to 1,440 minutes.")
    line = line_of(day_of(root, row.start_local), row)
    later = line[_index(line, row) + 1 :]
    end = row.end_local + dt.timedelta(minutes=minutes)
    lacking = end - _start(later[0]) if later else _NOTHING
    deed = uuid.uuid4()
    added = create_session(
        conference=root,
        kind=kind,
        title={root.first_language: title},
        start_local=row.end_local,
        end_local=end,
        room=row.room,
        actor=actor,
        deed=deed,
    )
    if lacking > _NOTHING:
        _shift(root, later, lacking, "insert_session", actor, deed)
    return added


def day_of(conference: Conference, moment: dt.datetime) -> list[Session]:
    """Return the sessions of a day that take place, by time; `moment` is within the day."""
    first = first_day(conference)
    day = programme_day(moment, first)
    noon = dt.datetime.combine(day, dt.time(12))
    around = conference.sessions.filter(
        state=SessionState.PLANNED,
        start_local__gte=noon - dt.timedelta(days=1),
        start_local__lt=noon + dt.timedelta(days=1),
    ).select_related("room", "track")
    rows = [row for row in around if programme_day(_start(row), first) == day]
    for row in rows:
        row.conference = conference
    return sorted(rows, key=lambda row: (_start(row), row.order, row.pk))


def at_clock(conference: Conference, day: dt.date, clock: tuple[int, int]) -> dt.datetime:
    """Return that time on that day of the programme; what is before five is the night after."""
    moment = dt.datetime.combine(day, dt.time(*clock))
    start = conference.start_local
    begins_at_night = start is not None and start.date() == day and start.time() <= moment.time()
    if dt.timedelta(hours=clock[0]) >= NIGHT or begins_at_night:
        return moment
    return moment + dt.timedelta(days=1)


def first_day(conference: Conference) -> dt.date:
    start = conference.start_local
    return start.date() if start else dt.date.max


def line_of(day: Iterable[Session], session: Session) -> list[Session]:
    """Return the line of a day in which a session stands."""
    for line in _lines(day):
        if any(row.pk == session.pk for row in line):
            return line
    return []


def _lines(day: Iterable[Session]) -> list[list[Session]]:
    rows = list(day)
    if len({row.room_id for row in rows if row.room_id}) < 2:  # noqa: PLR2004 - one room or none
        return [rows]
    lines: dict[int | None, list[Session]] = {}
    for row in rows:
        lines.setdefault(row.room_id, []).append(row)
    return list(lines.values())


def _index(line: Sequence[Session], session: Session) -> int:
    codes = [row.code for row in line]
    return codes.index(session.code) if session.code in codes else len(codes)


def _start(row: Session) -> dt.datetime:
    if row.start_local is None:
        raise ValueError("a session of a day has a start")
    return row.start_local


def _end(row: Session) -> dt.datetime:
    if row.end_local is None:
        raise ValueError("a session of a day has an end")
    return row.end_local


def _starts(
    line: Sequence[Session], wanted: Sequence[Session]
) -> Iterable[tuple[Session, dt.datetime]]:
    """Return when each session starts in the wanted order; the part that is as before stays."""
    same = 0
    while same < len(line) and line[same].code == wanted[same].code:
        same += 1
    if same == len(line):
        return
    clock = _start(line[same])
    for number in range(same, len(line)):
        row = wanted[number]
        yield row, clock
        gap = _NOTHING
        if number + 1 < len(line):
            gap = max(_NOTHING, _start(line[number + 1]) - _end(line[number]))
        clock += _end(row) - _start(row) + gap


def _shift(
    root: Conference,
    rows: Iterable[Session],
    by: dt.timedelta,
    verb: str,
    actor: Actor,
    deed: uuid.UUID,
) -> list[Session]:
    """Move sessions by as much, in this deed, and return them as they are now."""
    if not by:
        return []
    moved = []
    for row in rows:
        found = load(row, "room", "track")
        found.conference = root
        before = snapshot(found)
        found.start_local, found.end_local = _start(found) + by, _end(found) + by
        derived = resolve_session(found, root.time_zone)
        if found.starts_at and found.ends_at and found.ends_at <= found.starts_at:
            raise invalid("/start", "order", "One of those that follow would end before it starts.")
        save_root(found, ["start_local", "end_local", *derived], found.version)
        audit.record(
            verb=verb,
            obj=found,
            organisation_id=root.organisation_id,
            actor=actor,
            changed=["end_local", "start_local"],
        )
        note_edit(
            conference=root, session=found, before=before, after=snapshot(found), verb=verb,
            actor=actor, deed=deed,
        )  # fmt: skip
        moved.append(found)
    return moved

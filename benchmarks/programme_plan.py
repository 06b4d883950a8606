"""Who sits where and when in a programme of made-up people, before anything of it is saved."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from benchmarks.made_up import title_of

if TYPE_CHECKING:
    from events.models import Conference, Participation, Person, Room, Session

# When sessions begin on each day, and for how many minutes they last.
TIMES: Final = (dt.time(9), dt.time(11), dt.time(13, 30), dt.time(15, 15), dt.time(17), dt.time(19))
MINUTES: Final = 90
PAUSES: Final = ((dt.time(10, 30), 30, "Coffee"), (dt.time(12, 30), 60, "Lunch"))
# How many of a hundred participations are in a state; the rest has confirmed.
STATES: Final = {"planned": 4, "invited": 5, "tentative": 2, "declined": 2}


@dataclass
class Cast:
    """Whom the programme still draws on, and what is made so far."""

    conference: Conference
    chance: random.Random
    rooms: list[Room]
    people: list[Person]
    sessions: list[Session] = field(default_factory=list)
    parts: list[Participation] = field(default_factory=list)


def fill(found: Cast, number: int, days: int) -> None:
    """Plan breaks and a keynote each day, then time by time every room, then the unscheduled."""
    start = found.conference.start_local
    if start is None:
        raise ValueError("A conference has a start.")
    dates = [start.date() + dt.timedelta(days=day) for day in range(days)]
    tray = number // 50
    placed = number - tray
    slots = []
    for day, date in enumerate(dates):
        if len(found.sessions) + 3 <= placed:
            for time, minutes, title in PAUSES:
                _session(found, "break", title, (date, time, minutes), None)
            kind = "keynote" if day else "opening_remarks"
            title = f"Keynote of day {day + 1}" if day else "Opening remarks"
            _session(found, kind, title, (date, TIMES[0], MINUTES), found.rooms[0])
        slots += [(date, time) for time in TIMES[1:]]
    # The first hours belong to the keynotes until everything else is full.
    slots += [(date, TIMES[0]) for date in dates]
    free = [(slot, room) for slot in slots for room in found.rooms]
    free = [
        (slot, room) for slot, room in free if slot[1] != TIMES[0] or room is not found.rooms[0]
    ]
    rest = placed - len(found.sessions)
    left: dict[Any, list[Person]] = {}
    for session in found.sessions:
        if session.kind != "break" and session.start_local is not None:
            key = (session.start_local.date(), session.start_local.time())
            left[key] = found.chance.sample(found.people, len(found.people))
            _seat(found, session, left[key])
    for n, (slot, room) in enumerate(free[:rest]):
        if slot not in left:
            left[slot] = found.chance.sample(found.people, len(found.people))
        kind = found.chance.choices(
            ("panel", "presentation", "discussion", "workshop"), (70, 12, 10, 8)
        )[0]
        session = _session(found, kind, title_of(n), (*slot, MINUTES), room)
        _seat(found, session, left[slot])
    for n in range(tray):
        session = _session(found, "panel", title_of(placed + n), None, None)
        session.planned_minutes = MINUTES
        _seat(found, session, found.chance.sample(found.people, 8))


def _session(
    found: Cast,
    kind: str,
    title: str,
    slot: tuple[dt.date, dt.time, int] | None,
    room: Room | None,
) -> Session:
    from core.text import search_key, search_key_of
    from events.models import Session
    from events.services.instants import resolve_session

    conference = found.conference
    session = Session(
        conference=conference,
        kind=kind,
        title={conference.first_language: title},
        room=room,
        order=len(found.sessions),
        sort_key=search_key(title)[:300],
    )
    session.search_key = search_key_of([title, session.code])
    if slot is not None:
        date, time, minutes = slot
        session.start_local = dt.datetime.combine(date, time)
        session.end_local = session.start_local + dt.timedelta(minutes=minutes)
        resolve_session(session, conference.time_zone)
    found.sessions.append(session)
    return session


def _seat(found: Cast, session: Session, free: list[Person]) -> None:
    """Put people who are free at that time on a session, as many as its kind usually has."""
    chance = found.chance
    roles = {
        "panel": ["moderator", *["panellist"] * chance.choice((3, 3, 3, 4))],
        "keynote": ["keynote", "moderator"],
        "opening_remarks": ["opening_remarks", "opening_remarks"],
        "presentation": ["presenter", "discussant"],
        "discussion": ["moderator", "discussant", "discussant"],
        "workshop": ["host"],
    }[session.kind]
    from django.utils import timezone

    from events.models import Participation

    now = timezone.now()
    states = [*STATES, "confirmed"]
    weights = [*STATES.values(), 100 - sum(STATES.values())]
    for order, role in enumerate(roles):
        person = free.pop()
        state = chance.choices(states, weights)[0]
        found.parts.append(
            Participation(
                session=session,
                person=person,
                role=role,
                order=order,
                minutes=10,
                state=state,
                asked_at=None if state == "planned" else now,
                last_asked_at=None if state == "planned" else now,
                affiliation=person.affiliation,
                position=person.position,
            )
        )


def clash(found: Cast, number: int) -> None:
    """Put so many sessions where another one is."""
    placed = [s for s in found.sessions if s.room is not None]
    for one, other in zip(placed[1 : 2 * number : 2], placed[2 : 2 * number + 1 : 2], strict=True):
        for name in ("start_local", "end_local", "starts_at", "ends_at", "room"):
            setattr(one, name, getattr(other, name))

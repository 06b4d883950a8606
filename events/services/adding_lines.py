"""Type a line, get a session: where what was typed is put in the draft."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction

from core.actors import Actor
from core.errors import invalid
from events.enums import ConferenceKind, SessionKind
from events.models import Conference, Room, Session
from events.services.arranging import at_clock, day_of, first_day
from events.services.sessions import create_session
from events.services.typed_lines import USUAL_MINUTES, read_line
from events.services.writing import load

# What most of a gathering's sessions are, where a line does not say.
USUAL_KIND: Final = {
    ConferenceKind.WORKSHOP: SessionKind.WORKSHOP,
    ConferenceKind.RESEARCH_PRESENTATION: SessionKind.PRESENTATION,
    ConferenceKind.LECTURE: SessionKind.PRESENTATION,
    ConferenceKind.ROUND_TABLE: SessionKind.DISCUSSION,
}
BREAKS: Final = {"en": "Break", "sr-Latn": "Pauza", "sr-Cyrl": "Пауза", "ru": "Перерыв"}


@transaction.atomic
def add_line(
    *,
    conference: Conference,
    text: str,
    day: dt.date | None = None,
    room: Room | None = None,
    placed: bool = True,
    actor: Actor,
) -> Session:
    """Add the session that a typed line says, and return it.

    Without a time it begins when the day's last session in that room ends, or when the conference
    does. Without minutes it lasts as long as its kind usually does.

    Arguments:
        day: of the programme; the conference's first one unless given.
        placed: False for a session that has no time yet.

    Raises:
        DomainError: ``validation-failed``.
    """
    root = load(conference)
    line = read_line(text)
    if not line.title:
        raise invalid("/line", "required", "Type a title, with a time before it if you like.")
    kind = line.kind or USUAL_KIND.get(ConferenceKind(root.kind), SessionKind.PANEL)
    title = {root.first_language: line.title}
    if not placed:
        return create_session(
            conference=root, kind=kind, title=title, planned_minutes=line.minutes, actor=actor
        )
    day = day or first_day(root)
    start = at_clock(root, day, line.start) if line.start else _next_start(root, day, room)
    minutes = line.minutes or USUAL_MINUTES.get(kind, 30)
    return create_session(
        conference=root,
        kind=kind,
        title=title,
        start_local=start,
        end_local=start + dt.timedelta(minutes=minutes),
        room=room,
        actor=actor,
    )


def _next_start(root: Conference, day: dt.date, room: Room | None) -> dt.datetime:
    rows = day_of(root, dt.datetime.combine(day, dt.time(12)))
    if room is not None and len({row.room_id for row in rows if row.room_id} | {room.pk}) > 1:
        rows = [row for row in rows if row.room_id in {room.pk, None}]
    ends = [row.end_local for row in rows if row.end_local is not None]
    start = root.start_local
    if start is None or ends:
        return max(ends, default=at_clock(root, day, (9, 0)))
    return start if start.date() == day else dt.datetime.combine(day, start.time())

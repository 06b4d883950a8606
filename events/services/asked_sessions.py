"""The session that somebody is asked to speak in, as they read it.

Once the published programme has them in it, they read what is published, as everybody does; before
that, the draft, which is what they are asked about.
"""

from __future__ import annotations

import datetime as dt

from core.clock import resolve_local
from events.enums import ParticipationState
from events.models import Conference, Participation, Room
from events.programme import Programme, RoomView, SessionView


def asked_session(row: Participation, programme: Programme) -> SessionView:
    """Return the session of a participation, without its people.

    Arguments:
        row: with `session` and its conference at hand.
        programme: the published one.
    """
    session, zone = row.session, row.session.conference.time_zone
    published = programme.sessions_by_code.get(session.code)
    if published is not None and any(part.code == row.code for part in published.participations):
        return published
    start, end = session.start_local, session.end_local
    return SessionView(
        code=session.code,
        uid=str(session.uid),
        kind=session.kind,
        state=session.state,
        title=session.title,
        abstract=session.abstract,
        start_local=start,
        end_local=end,
        starts_at=resolve_local(start, zone) if start is not None else None,
        ends_at=resolve_local(end, zone) if end is not None else None,
        room=_room(session.room),
        track=None,
        language=session.language,
        interpretation=tuple(session.interpretation),
        recorded=session.recorded,
        attribution=session.attribution,
        participations=(),
    )


def _room(room: Room | None) -> RoomView | None:
    if room is None:
        return None
    return RoomView(room.code, str(room.uid), room.name, room.venue.code, room.venue.name)


def confirmed_beside(row: Participation) -> list[Participation]:
    """Return who else has confirmed to be on the session, with the person, in order; one query."""
    others = row.session.participations.filter(state=ParticipationState.CONFIRMED)
    return list(others.exclude(pk=row.pk).select_related("person").order_by("order", "pk"))


def begins_at(session: SessionView, conference: Conference) -> dt.datetime:
    """Return until when an answer can be changed: the session's start, else the conference's."""
    return session.starts_at or conference.starts_at

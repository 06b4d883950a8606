"""The document of a schedule version: sessions, slots, rooms and participations by code.

Format 2 is what stands below; format 1 had neither `interpretation` nor `recorded`. A published
document never changes; whoever changes its shape raises FORMAT and teaches `in_present_form` to
read the former ones.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from events.enums import OFF_THE_PANEL
from events.models import Conference, Participation, Room, Session, Track

FORMAT: Final = 2

Document = dict[str, Any]
_NEVER: Final = dt.datetime(1, 1, 1)  # noqa: DTZ001 - local times carry no zone


def _local(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="minutes")


def _slot(session: Session) -> Document | None:
    if session.start_local is None:
        return None
    return {
        "start": _local(session.start_local),
        "end": _local(session.end_local),
        "room": session.room.code if session.room else None,
    }


def _participation(row: Participation) -> Document:
    return {
        "code": row.code,
        "person": row.person.code,
        "role": row.role,
        "order": row.order,
        "minutes": row.minutes,
        "state": row.state,
        "honorific": row.honorific,
        "affiliation": row.affiliation,
        "position": row.position,
    }


def _session(row: Session) -> Document:
    return {
        "code": row.code,
        "uid": str(row.uid),
        "kind": row.kind,
        "state": row.state,
        "title": row.title,
        "abstract": row.abstract,
        "track": row.track.slug if row.track else None,
        "slot": _slot(row),
        "order": row.order,
        "language": row.language,
        "attribution": row.attribution,
        "interpretation": row.interpretation,
        "recorded": row.recorded,
        "participations": [
            _participation(part)
            for part in row.participations.all()
            if part.state not in OFF_THE_PANEL
        ],
    }


def _room(row: Room) -> Document:
    return {
        "code": row.code,
        "uid": str(row.uid),
        "name": row.name,
        "venue": row.venue.code,
        "venue_name": row.venue.name,
    }


def _track(row: Track) -> Document:
    return {"slug": row.slug, "name": row.name, "colour": row.colour}


def in_present_form(document: Document) -> Document:
    """Return a document of any format in the present one; what it did not say yet is empty."""
    if document["format"] >= FORMAT:
        return document
    added = {"interpretation": [], "recorded": False}
    sessions = [{**added, **row} for row in document["sessions"]]
    return {**document, "sessions": sessions}


def moved(document: Document, days: int) -> Document:
    """Return the document with all its slots so many days later; the document itself stays."""
    if not days:
        return document
    return {**document, "sessions": [_moved(row, days) for row in document["sessions"]]}


def _moved(session: Document, days: int) -> Document:
    slot = session["slot"]
    if slot is None:
        return session
    times = {name: _later(slot[name], days) for name in ("start", "end")}
    return {**session, "slot": {**slot, **times}}


def _later(local: str, days: int) -> str | None:
    return _local(dt.datetime.fromisoformat(local) + dt.timedelta(days=days))


def build_document(conference: Conference) -> Document:
    """Return the draft as a document. Sessions stand in the order in which they happen."""
    sessions = (
        conference.sessions.select_related("track", "room")
        .prefetch_related("participations__person")
        .order_by("id")
    )
    ordered = sorted(
        sessions,
        key=lambda s: (s.start_local is None, s.start_local or _NEVER, s.order, s.pk),
    )
    rooms = (
        Room.objects.filter(venue__conference_venues__conference=conference)
        .select_related("venue")
        .order_by("venue__conference_venues__order", "order", "id")
    )
    return {
        "format": FORMAT,
        "time_zone": conference.time_zone,
        "rooms": [_room(row) for row in rooms],
        "tracks": [_track(row) for row in conference.tracks.all()],
        "sessions": [_session(row) for row in ordered],
    }

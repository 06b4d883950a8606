"""What the grid knows of a session and of a day: short facts that its script draws."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from core.text import pick_text
from events.enums import OFF_THE_PANEL
from events.models import Conference, Room, Session


def facts_of_session(session: Session, language: str, people: int | None = None) -> dict[str, Any]:
    """Return a session as the grid draws it; times are local and to the minute."""
    start, end = session.start_local, session.end_local
    facts: dict[str, Any] = {
        "code": session.code,
        "title": pick_text(session.title, language),
        "kind": session.kind,
        "start": start.isoformat(timespec="minutes") if start else None,
        "end": end.isoformat(timespec="minutes") if end else None,
        "room": session.room.code if session.room else None,
        "version": session.version,
    }
    if people is not None:
        facts["people"] = people
    if session.state != "planned":
        facts["cancelled"] = True
    if session.planned_minutes:
        facts["minutes"] = session.planned_minutes
    return facts


def facts_of_grid(conference: Conference, rooms: list[Room]) -> dict[str, Any]:
    """Return all sessions of the draft and the rooms; two queries, whatever their number."""
    language = conference.first_language
    gone = Q(participations__state__in=OFF_THE_PANEL)
    sessions = (
        conference.sessions.select_related("room")
        .only(
            *("code", "title", "kind", "start_local", "end_local", "room__code", "version"),
            *("state", "planned_minutes", "conference"),
        )
        .annotate(people=Count("participations", filter=~gone))
        .order_by("start_local", "order", "pk")
    )
    start, end = conference.start_local, conference.end_local
    several = len({room.venue_id for room in rooms}) > 1
    return {
        "start": start.isoformat(timespec="minutes") if start else None,
        "end": end.isoformat(timespec="minutes") if end else None,
        "rooms": [
            {
                "code": room.code,
                "name": pick_text(room.name, language),
                "venue": pick_text(room.venue.name, language) if several else "",
                "capacity": room.capacity,
            }
            for room in rooms
        ],
        "sessions": [facts_of_session(session, language, session.people) for session in sessions],
    }

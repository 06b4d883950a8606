"""A conference's own page, and its programme."""

from __future__ import annotations

from typing import Any

from events.enums import SessionKind, SessionState
from events.languages import Reader
from events.models import Conference
from events.programme import Programme, SessionView
from events.services.former_days import former_days
from events.services.schedules import current_programme
from events.services.stamps import Stamp
from events.views.public.context import conference_context, conference_of
from events.views.public.materials import materials_of
from events.views.public.people import face_of, faces_of
from events.views.public.serving import public_page
from events.views.public.structured_data import event_data, json_for_page
from events.views.public.timetable import timetable


@public_page
def conference_page(stamp: Stamp, reader: Reader, at: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """What, when, where, who; and one button."""
    conference = conference_of(stamp.pk)
    programme = current_programme(conference)
    context = conference_context(conference, reader, "conference", at)
    panels = [
        {"session": session, "faces": faces_of(session, reader, at)}
        for session in programme.sessions()
        if _is_shown_as_panel(session)
    ]
    context |= {
        "main_width": "wide",
        "programme": programme,
        "days": timetable(programme, reader, at),
        "panels": panels,
        # Without a panel, those who speak have their faces here.
        "speakers": [] if panels else _speakers(programme, reader, at),
        "materials": materials_of(conference, reader, programme),
        "event_data": _event_data(conference, programme, context, reader),
    }
    return "events/public/conference.html", context


def _is_shown_as_panel(session: SessionView) -> bool:
    return (
        session.kind == SessionKind.PANEL
        and session.state == SessionState.PLANNED
        and bool(session.participations)
    )


def _speakers(programme: Programme, reader: Reader, at: dict[str, str]) -> list[Any]:
    return [face_of(part, SessionKind.PANEL, reader, at) for part in programme.speakers()]


def _event_data(
    conference: Conference, programme: Programme, context: dict[str, Any], reader: Reader
) -> str:
    """Return JSON-LD for search engines; only public conferences have it."""
    if context["noindex"]:
        return ""
    days = former_days(conference)
    data = event_data(conference, programme, reader, former_days=days)
    return json_for_page(data) if data is not None else ""

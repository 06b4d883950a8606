"""The page after the event: what was found, what was said, where it goes on."""

from __future__ import annotations

from typing import Any

from events.enums import Attribution, OutcomeItemKind, SessionKind
from events.languages import Reader
from events.models import Conference, Outcome, OutcomeItem
from events.programme import Programme
from events.services.schedules import current_programme
from events.services.stamps import Stamp
from events.views.public.context import conference_context, conference_of, outcome_of
from events.views.public.materials import materials_of
from events.views.public.people import Face, face_of, face_of_person
from events.views.public.serving import public_page
from events.views.public.structured_data import json_for_page, outcome_data


@public_page
def outcome_page(
    stamp: Stamp, reader: Reader, at: dict[str, str]
) -> tuple[str, dict[str, Any]] | None:
    """Findings and points made; there is no page before it is published."""
    conference = conference_of(stamp.pk)
    outcome = outcome_of(conference)
    if outcome is None:
        return None
    items = list(outcome.items.select_related("person"))
    programme = current_programme(conference)
    context = conference_context(conference, reader, "outcome", at)
    context |= {
        "main_width": "wide",
        "findings": [item for item in items if item.kind == OutcomeItemKind.FINDING],
        "points": [
            {"item": item, "face": _who(item, programme, reader, at)}
            for item in items
            if item.kind == OutcomeItemKind.POINT
        ],
        "related": _related(outcome),
        "materials": materials_of(conference, reader, programme),
        "outcome_data": _outcome_data(conference, outcome, context, reader),
    }
    return "events/public/outcome.html", context


def _who(
    item: OutcomeItem, programme: Programme, reader: Reader, at: dict[str, str]
) -> Face | None:
    """Return who made the point: with the post of that day where they spoke.

    Nobody is named who spoke only where it was agreed that names stay in the room.
    """
    if item.person is None:
        return None
    parts = programme.sessions_of(item.person.code)
    if not parts:
        return face_of_person(item.person, reader)
    if not any(session.attribution == Attribution.ON_THE_RECORD for session, _part in parts):
        return None
    return face_of(parts[0][1], SessionKind.PANEL, reader, at)


def _related(outcome: Outcome) -> list[Conference]:
    rows = Conference.objects.visible().filter(pk__in=outcome.related.values("pk"))
    return list(rows.select_related("organisation").order_by("-starts_at", "pk"))


def _outcome_data(
    conference: Conference, outcome: Outcome, context: dict[str, Any], reader: Reader
) -> str:
    if context["noindex"]:
        return ""
    return json_for_page(outcome_data(conference, outcome, reader))

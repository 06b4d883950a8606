"""The page after the event: what was found, what was said, where it goes on."""

from __future__ import annotations

from typing import Any

from core.links import absolute_url
from events.enums import OutcomeItemKind
from events.languages import Reader
from events.models import Conference, Outcome
from events.services.schedules import current_programme
from events.services.stamps import Stamp
from events.views.public.context import conference_context, conference_of, outcome_of
from events.views.public.materials import materials_of
from events.views.public.outcome_parts import (
    Voices,
    figures_of,
    photos_of,
    points_of,
    quotes_of,
    voice_in_the_room,
)
from events.views.public.report_data import report_data
from events.views.public.serving import public_page
from events.views.public.structured_data import json_for_page

TEMPLATE = "events/public/outcome.html"


@public_page
def outcome_page(
    stamp: Stamp, reader: Reader, at: dict[str, str]
) -> tuple[str, dict[str, Any]] | None:
    """Findings and points made; there is no page before it is published."""
    conference = conference_of(stamp.pk)
    outcome = outcome_of(conference)
    if outcome is None:
        return None
    return TEMPLATE, outcome_context(conference, outcome, reader, at)


def outcome_context(
    conference: Conference, outcome: Outcome, reader: Reader, at: dict[str, str]
) -> dict[str, Any]:
    """Return what the page shows, whether it is public or only looked at before."""
    items = list(outcome.items.select_related("person", "session"))
    programme = current_programme(conference)
    voices = Voices(programme, reader, at)
    quotes, photos = quotes_of(outcome, voices), photos_of(outcome, reader)
    findings = [item for item in items if item.kind == OutcomeItemKind.FINDING and item.text]
    context = conference_context(conference, reader, "outcome", at)
    return context | {
        "main_width": "wide",
        "outcome": outcome,
        "findings": findings,
        "points": points_of([item for item in items if item.text], voices),
        "quotes": quotes,
        "photos": photos,
        "figures": figures_of(programme, len(findings)),
        "nobody": voice_in_the_room(),
        "related": _related(outcome),
        "materials": materials_of(conference, reader, programme),
        "og_image": absolute_url(photos[0].url) if photos else "",
        "og_image_alt": photos[0].alt if photos else "",
        "outcome_data": (
            ""
            if context["noindex"]
            else json_for_page(report_data(conference, outcome, reader, quotes, photos))
        ),
    }


def _related(outcome: Outcome) -> list[Conference]:
    rows = Conference.objects.visible().filter(pk__in=outcome.related.values("pk"))
    return list(rows.select_related("organisation").order_by("-starts_at", "pk"))

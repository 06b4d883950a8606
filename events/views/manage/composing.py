"""What helps while a panel is composed: finding people, and what is known of each of them."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest

from events.models import Participation, Session, Tag
from events.services.people_search import STANDINGS, also_considered, card_of, find_cards
from events.views.manage.searching import search_of

MOST_FOUND: Final = 8


def searched(request: HttpRequest, session: Session) -> dict[str, Any]:
    """Return the people whom the search finds, each with their card; at most four queries."""
    search = search_of(request)
    found, more = ([], False) if search.is_empty else find_cards(session, search, MOST_FOUND)
    tags = Tag.objects.filter(organisation_id=session.conference.organisation_id)
    return {
        "text": search.text,
        "searched": not search.is_empty,
        "found": found,
        "more": more,
        "role": request.GET.get("role", ""),
        "standing": search.standing,
        "standings": STANDINGS.items(),
        "tag": search.tag,
        "known_tags": tags.order_by("name", "pk"),
    }


def card_context(session: Session, chosen: Participation | None) -> dict[str, Any]:
    """Return what is known of who was chosen, and who else was thought of; four queries."""
    if chosen is None:
        return {}
    return {
        "card": card_of(session, chosen.person),
        "also": also_considered(session, chosen.role, chosen.person),
    }

"""What holds an announcement's mail: read where it is claimed, and once more where it is begun."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.db.models import QuerySet

from notifications.enums import AnnouncementState, Section
from notifications.models import Announcement, Message
from notifications.services.audience_filters import Filters, filters_of, standing_is
from registrations.models import Invitation

# Until it has been looked at once more and let go (services.leaving), nothing of it leaves.
_WAITS: Final = frozenset({AnnouncementState.SCHEDULED, AnnouncementState.PAUSED})
_OVER: Final = frozenset(
    {AnnouncementState.DRAFT, AnnouncementState.HELD, AnnouncementState.STOPPED}
)
_NOT_NOW: Final = tuple(sorted(_WAITS | _OVER))
_HELD: Final = tuple(sorted({*_OVER, AnnouncementState.PAUSED}))


def held_announcements() -> QuerySet[Announcement, Any]:
    """Return the ids of announcements of which nothing leaves before somebody says so."""
    return Announcement.objects.filter(state__in=_HELD).order_by().values("pk")


def not_leaving() -> QuerySet[Announcement, Any]:
    """Return the ids of those of which nothing may be claimed now, be it for a moment."""
    return Announcement.objects.filter(state__in=_NOT_NOW).order_by().values("pk")


@dataclass(frozen=True, slots=True)
class Standing:
    """How the announcement of a message stands.

    Arguments:
        is_over: whether it was stopped, or taken back or held back since the message was planned.
        waits: whether it is paused, or has not been let go yet.
    """

    is_over: bool
    waits: bool
    filters: Filters


def standing_of(message: Message, now: Mapping[str, Any]) -> Standing:
    """Return how a message's announcement stands.

    Arguments:
        now: what is true of the message in this transaction (services.sending_facts).
    """
    state, audience = now["announcement_state"], now["announcement_audience"]
    return Standing(
        is_over=state in _OVER or message.occurrence != f"round:{now['announcement_round']}",
        waits=state in _WAITS,
        filters=_filters(audience),
    )


@lru_cache(maxsize=64)
def _filters(audience: str) -> Filters:
    return filters_of(json.loads(audience))


def still_meant(message: Message, standing: Standing, now: Mapping[str, Any]) -> bool:
    """Tell whether a reader is still what the audience says: who has answered is not silent.

    Arguments:
        now: what is true of the message in this transaction (services.sending_facts).
    """
    match message.facts.get("section"):
        case Section.REGISTRATIONS:
            return now["registration_status"] in standing.filters.registrations
        case Section.SPEAKERS:
            return now["participation_state"] in standing.filters.speakers
        case Section.INVITATIONS:
            rows = Invitation.objects.live().filter(standing_is(standing.filters.invitations))
            return rows.filter(pk=message.invitation_id or 0).exists()
    return False

"""How many want to be at sessions that take sign-ups, for the checks of the programme."""

from __future__ import annotations

from django.db.models import Count, Q

from events.conflicts import Demand
from events.models import Conference
from registrations.enums import TAKING_A_PLACE
from registrations.models import SignUpSession


def sign_up_demand(conference: Conference) -> dict[str, Demand]:
    """Return session's code -> who has a place there, and how many could have one; one query."""
    here = Count("sign_ups", filter=Q(sign_ups__registration__status__in=TAKING_A_PLACE))
    rows = SignUpSession.objects.filter(conference=conference).annotate(here=here).order_by("pk")
    return {
        code: Demand(number, places)
        for code, number, places in rows.values_list(
            "session__code", "here", "allotment__capacity"
        )
    }

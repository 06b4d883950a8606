"""The tabs above approvals, the waiting list, offers and rounds of "still coming?"."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse

from events.models import Conference
from registrations.enums import RegistrationStatus
from registrations.models import Registration


def waiting_tabs(conference: Conference, current: str) -> list[dict[str, Any]]:
    """Return the pages beside each other, for components/tabs.html, with numbers; one query."""
    slugs = {"organisation": conference.organisation.slug, "conference": conference.slug}
    status = RegistrationStatus
    shown = (
        ("pending", "To decide", status.PENDING_APPROVAL),
        ("waiting", "Waiting list", status.WAITING_LIST),
        ("offered", "Offers", status.OFFERED),
    )
    numbers = dict(
        Registration.objects.filter(
            conference=conference, status__in=[one for _show, _label, one in shown]
        )
        .order_by()
        .values_list("status")
        .annotate(number=Count("pk"))
    )
    here = reverse("manage-queue", kwargs=slugs)
    tabs: list[dict[str, Any]] = [
        {
            "label": label,
            "url": f"{here}?show={show}",
            "current": show == current,
            "count": numbers.get(one, 0),
        }
        for show, label, one in shown
    ]
    rounds = reverse("manage-rounds", kwargs=slugs)
    return [
        *tabs,
        {"label": "Still coming?", "url": rounds, "current": current == "rounds", "count": None},
    ]

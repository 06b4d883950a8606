"""What the pages about kinds of place, places, codes and sign-ups share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.permissions import Permission
from accounts.views.access import may
from events.models import Conference

_TABS = (
    ("Types", "manage-types", Permission.REGISTRATION_READ),
    ("Places", "manage-places", Permission.REGISTRATION_READ),
    ("Access codes", "manage-codes", Permission.REGISTRATION_WRITE),
    ("Session sign-up", "manage-sign-ups", Permission.REGISTRATION_READ),
)


def place_tabs(request: HttpRequest, conference: Conference, current: str) -> list[dict[str, Any]]:
    """Return the pages beside each other, for components/tabs.html."""
    slugs = {"organisation": conference.organisation.slug, "conference": conference.slug}
    return [
        {"label": label, "url": reverse(name, kwargs=slugs), "current": name == current}
        for label, name, permission in _TABS
        if may(request, permission)
    ]

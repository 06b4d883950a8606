"""What the pages about invited guests share."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from accounts.permissions import Permission
from accounts.views.access import may
from events.models import Conference
from registrations.models import Invitation
from registrations.services.guest_list import rows_of, with_people

_TABS = (
    ("Guest list", "manage-invitations", Permission.REGISTRATION_READ),
    ("Call list", "manage-call-list", Permission.REGISTRATION_READ),
    ("Salutations", "manage-salutations", Permission.PEOPLE_WRITE),
    ("Funnel", "manage-funnel", Permission.REGISTRATION_READ),
)


def tabs_of(request: HttpRequest, conference: Conference, current: str) -> list[dict[str, Any]]:
    """Return the pages beside each other, for components/tabs.html."""
    slugs = {"organisation": conference.organisation.slug, "conference": conference.slug}
    return [
        {"label": label, "url": reverse(name, kwargs=slugs), "current": name == current}
        for label, name, permission in _TABS
        if may(request, permission)
    ]


def get_invitation(conference: Conference, code: str) -> Invitation:
    """Return the invitation with this code, with person, tags and assistants.

    Raises:
        Http404: when the conference has no such invitation.
    """
    row = with_people(rows_of(conference)).filter(code=code).first()
    if row is None:
        raise Http404
    row.conference = conference
    return row

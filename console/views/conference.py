"""A conference at a glance; from the day before it is the evening before."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.views.access import may
from console.overview.evening import evening_before, guests_of, is_near
from console.overview.figures import curve_of, figures_of, guests_by_day
from console.overview.mails import foreseen_mails
from console.overview.needs import needs_of
from console.overview.panels import panels_of
from events.enums import ConferenceState
from events.services.schedules import programme_changes
from events.views.access import get_conference
from events.views.manage.base import console_page

# Enough to reach past what is due already to what is planned.
MAILS = 12


@require_safe
@console_page
def overview(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Say where a conference stands."""
    row = get_conference(request, organisation, conference, Permission.CONFERENCE_READ)
    sees_guests = may(request, Permission.REGISTRATION_READ)
    sees_mail = may(request, Permission.MAIL_READ)
    figures = figures_of(row)
    mails = foreseen_mails(row, limit=MAILS) if sees_mail else []
    by_conference = panels_of([row])
    panels = by_conference[row.pk]
    version = row.schedule_versions.defer("document").first()
    changes = programme_changes(row) if version is not None else []
    request.lectern_changes = len(changes)  # type: ignore[attr-defined]  # the navigation says it
    request.lectern_version = version.name if version else None  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "conference": row,
        "figures": figures if sees_guests else None,
        "curve": curve_of(row, figures, guests_by_day(row)) if sees_guests else None,
        "needs": needs_of(
            organisation, [row], lambda permission: may(request, permission), by_conference
        ),
        "mails": mails,
        "sees_mail": sees_mail,
        "waits_for_publication": row.state == ConferenceState.DRAFT,
        "panels": panels,
        "version": version,
        "changes": changes,
        "sees_people": may(request, Permission.PEOPLE_READ),
    }
    if is_near(row):
        context["evening"] = evening_before(
            row, figures, panels, mails, guests_of(row) if sees_guests else None
        )
    return render(request, "console/conference.html", context)

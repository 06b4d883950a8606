"""The organisation's dashboard: what needs you now, then how it grows, then what goes out next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.views.access import get_organisation, may
from console.overview.evening import is_near, moment_of
from console.overview.figures import curve_of, figures_of, guests_by_day
from console.overview.mails import next_mails
from console.overview.needs import needs_of
from events.enums import ConferenceState
from events.models import Conference
from events.views.manage.base import console_page

# More conferences ahead than these are read on their own pages.
MOST = 20


@require_safe
@console_page
def dashboard(request: HttpRequest, organisation: str) -> HttpResponse:
    """Answer “what needs me now” for all conferences ahead."""
    host = get_organisation(request, organisation, Permission.CONFERENCE_READ)
    gone = [ConferenceState.CANCELLED, ConferenceState.ARCHIVED]
    ahead = list(
        Conference.objects.filter(organisation=host, ends_at__gt=timezone.now())
        .exclude(state__in=gone)
        .order_by("starts_at", "pk")[:MOST]
    )
    nearest = next((row for row in ahead if row.state == ConferenceState.PUBLISHED), None)
    context = {
        "host": host,
        "ahead": ahead,
        "nearest": nearest,
        "near": [{"conference": row, "moment": moment_of(row)} for row in ahead if is_near(row)],
        "needs": needs_of(
            host.slug, ahead, lambda permission: may(request, permission), house=host
        ),
        "may_write": may(request, Permission.CONFERENCE_WRITE),
    }
    if nearest is not None and may(request, Permission.REGISTRATION_READ):
        figures = figures_of(nearest)
        context["figures"] = figures
        context["curve"] = curve_of(nearest, figures, guests_by_day(nearest))
    if may(request, Permission.MAIL_READ):
        context["mails"] = next_mails(ahead)
    return render(request, "console/organisation.html", context)

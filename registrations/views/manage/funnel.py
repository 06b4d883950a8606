"""How far the invitations are, and how many will really come."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from events.views.access import get_conference
from events.views.manage.base import console_page
from registrations.services.funnel import bars_of, funnel_of
from registrations.services.turnout import expected_turnout
from registrations.views.manage.guests import tabs_of


@require_safe
@console_page
def funnel(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Draw the steps of all, name those of each tag, and say what to expect."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    whole, by_tag = funnel_of(row)
    context = {
        "conference": row,
        "whole": whole,
        "bars": bars_of(whole),
        "stages": by_tag,
        "turnout": expected_turnout(row),
        "tabs": tabs_of(request, row, "manage-funnel"),
    }
    return render(request, "registrations/manage/funnel.html", context)

"""What is wrong with a conference's draft, and what of it is accepted."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Account
from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from console.overview.conflicts import conflicts_page
from events.services.conflicts import override_conflict, withdraw_override
from events.views.access import get_conference
from events.views.manage.base import console_page, try_verb
from registrations.services.sign_up_demand import sign_up_demand


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def conflicts(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """List the conflicts, errors first; POST accepts one, with a reason."""
    posting = request.method == "POST"
    needed = Permission.PROGRAMME_WRITE if posting else Permission.PROGRAMME_READ
    row = get_conference(request, organisation, conference, needed)
    if posting:
        try_verb(
            request,
            [],
            "Accepted. It stays listed below, with the reason.",
            lambda: override_conflict(
                conference=row,
                key=request.POST.get("key", ""),
                reason=request.POST.get("reason", ""),
                by=_name(request),
                demand=sign_up_demand(row),
                actor=actor_of(request),
            ),
        )
        return redirect("manage-conflicts", organisation, conference)
    context = {
        "conference": row,
        "found": conflicts_page(row, sees_people=may(request, Permission.PEOPLE_READ)),
        "may_write": may(request, Permission.PROGRAMME_WRITE),
    }
    return render(request, "console/conflicts.html", context)


@require_POST
@console_page
def conflict_withdraw(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Take back that a conflict was accepted."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    try_verb(
        request,
        [],
        "It is an open conflict again.",
        lambda: withdraw_override(
            conference=row, key=request.POST.get("key", ""), actor=actor_of(request)
        ),
    )
    return redirect("manage-conflicts", organisation, conference)


def _name(request: HttpRequest) -> str:
    user = request.user
    return user.get_full_name() if isinstance(user, Account) else ""

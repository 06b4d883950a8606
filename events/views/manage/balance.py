"""By which tags organisers are told how panels are made up; off until somebody chooses one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.views.access import actor_of, demand
from events.forms.tags import BalanceForm
from events.services.balance import set_balance_tags
from events.services.tagging import tags_with_people
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def balance_page(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Choose the tags of the hint."""
    posting = request.method == "POST"
    needed = Permission.CONFERENCE_WRITE if posting else Permission.CONFERENCE_READ
    row = get_conference(request, organisation, conference, needed)
    demand(request, Permission.PEOPLE_READ)
    tags = tags_with_people(row.organisation)
    form = BalanceForm(
        request.POST or None,
        tags=tags,
        initial={"balance_tags": row.balance_tags, "version": row.version},
    )
    if posting and form.is_valid():
        saved = attempt(
            form,
            [row],
            lambda: set_balance_tags(
                conference=row,
                tags=form.cleaned_data["balance_tags"],
                expected=form.cleaned_data["version"],
                actor=actor_of(request),
            ),
        )
        if saved is not None:
            messages.success(request, "Saved. Only organisers see the hint.")
            return redirect("manage-balance", organisation, conference)
    context = {"conference": row, "form": form, "tags": tags}
    return render(request, "events/manage/balance.html", context)

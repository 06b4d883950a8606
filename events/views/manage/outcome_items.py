"""Findings and points of an outcome."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of
from events.forms.outcome import ItemForm
from events.models import Outcome, OutcomeItem
from events.services.outcome_items import (
    move_outcome_item,
    remove_outcome_item,
    save_outcome_item,
)
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from events.views.manage.outcome import get_outcome, outcome_frame

_HERE = "manage-outcome-items"


@require_safe
@console_page
def outcome_items(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """All of them, in their order."""
    row = get_conference(request, organisation, conference, Permission.CONFERENCE_READ)
    outcome = get_outcome(row)
    context = outcome_frame(request, row, outcome, _HERE)
    context["items"] = list(outcome.items.select_related("person", "session"))
    return render(request, "events/manage/outcome_items.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def outcome_item_new(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Add a finding or a point."""
    return _edit(request, organisation, conference, None)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def outcome_item(
    request: HttpRequest, organisation: str, conference: str, number: int
) -> HttpResponse:
    """One finding or point, by its place."""
    return _edit(request, organisation, conference, number)


def _edit(
    request: HttpRequest, organisation: str, conference: str, number: int | None
) -> HttpResponse:
    row = get_conference(request, organisation, conference, Permission.CONFERENCE_WRITE)
    outcome = get_outcome(row)
    item = _numbered(outcome, number) if number is not None else None
    form = ItemForm(
        request.POST if request.method == "POST" else None,
        conference=row,
        item=item,
        initial=ItemForm.initial_of(item, outcome.version),
    )
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form,
            [outcome],
            lambda: save_outcome_item(
                conference=row,
                number=number,
                values=form.values(),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if saved is not None:
            messages.success(request, "Saved.")
            if "another" in request.POST:
                return redirect("manage-outcome-item-new", organisation, conference)
            return redirect(_HERE, organisation, conference)
    context = outcome_frame(request, row, outcome, _HERE) | {
        "form": form,
        "number": number,
        "back_url": reverse(_HERE, args=[organisation, conference]),
    }
    return render(request, "events/manage/outcome_item.html", context)


@require_POST
@console_page
def outcome_item_move(
    request: HttpRequest, organisation: str, conference: str, number: int
) -> HttpResponse:
    """Put it one place up or down."""
    row = get_conference(request, organisation, conference, Permission.CONFERENCE_WRITE)
    outcome = get_outcome(row)
    to = number - 1 if request.POST.get("to") == "up" else number + 1
    try_verb(
        request,
        [outcome],
        "Moved.",
        lambda: move_outcome_item(
            conference=row,
            number=number,
            to=to,
            expected=posted_version(request),
            actor=actor_of(request),
        ),
    )
    return redirect(_HERE, organisation, conference)


@require_POST
@console_page
def outcome_item_remove(
    request: HttpRequest, organisation: str, conference: str, number: int
) -> HttpResponse:
    """Take it off the outcome."""
    row = get_conference(request, organisation, conference, Permission.CONFERENCE_WRITE)
    outcome = get_outcome(row)
    try_verb(
        request,
        [outcome],
        "Taken off.",
        lambda: remove_outcome_item(
            conference=row,
            number=number,
            expected=posted_version(request),
            actor=actor_of(request),
        ),
    )
    return redirect(_HERE, organisation, conference)


def _numbered(outcome: Outcome, number: int) -> OutcomeItem:
    rows = list(outcome.items.select_related("person", "session"))
    if not 1 <= number <= len(rows):
        raise Http404
    return rows[number - 1]

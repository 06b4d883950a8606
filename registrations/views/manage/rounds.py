"""Rounds of "still coming?": planned, watched, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from registrations.forms.rounds import RoundForm
from registrations.models import Reconfirmation
from registrations.services.rounds import (
    change_reconfirmation,
    create_reconfirmation,
    delete_reconfirmation,
)
from registrations.services.still_coming import (
    RoundFigures,
    addressed_by,
    figures_of,
    silent_in,
)
from registrations.views.manage.waiting_tabs import waiting_tabs

SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round with its figures.

    Arguments:
        state: how components/state.html draws it.
        whom: how many would be asked now, of one that is planned.
    """

    row: Reconfirmation
    figures: RoundFigures
    state: str
    label: str
    whom: int = 0


@require_safe
@console_page
def round_list(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """All rounds of a conference."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    rounds = row.reconfirmations.prefetch_related("registration_types")
    context = {
        "conference": row,
        "lines": [_line(one) for one in rounds],
        "tabs": waiting_tabs(row, "rounds"),
        "may_write": may(request, Permission.REGISTRATION_WRITE),
    }
    return render(request, "registrations/manage/rounds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def round_new(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Plan a round."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    form = RoundForm(request.POST or None, conference=row)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            [],
            lambda: create_reconfirmation(conference=row, actor=actor_of(request), **form.values()),
        )
        if made is not None:
            messages.success(request, "The round is planned.")
            return redirect("manage-rounds", organisation, conference)
    context = {"conference": row, "form": form}
    return render(request, "registrations/manage/round.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def round_page(request: HttpRequest, organisation: str, conference: str, code: str) -> HttpResponse:
    """How a round stands and who is silent; POST changes it."""
    posting = request.method == "POST"
    needed = Permission.REGISTRATION_WRITE if posting else Permission.REGISTRATION_READ
    row = get_conference(request, organisation, conference, needed)
    one = _one(row, code)
    form = RoundForm(request.POST or None, conference=row, row=one)
    if posting and form.is_valid():
        changed = attempt(
            form,
            [one],
            lambda: change_reconfirmation(
                reconfirmation=one,
                changes=form.values(),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if changed is not None:
            messages.success(request, "Saved.")
            return redirect("manage-rounds", organisation, conference)
    is_open = one.asked_at is not None and one.closed_at is None
    silent = list(silent_in(one).order_by("sort_key", "pk")[:SHOWN]) if is_open else []
    context = {
        "conference": row,
        "form": form,
        "line": _line(one),
        "silent": silent,
        "may_write": may(request, Permission.REGISTRATION_WRITE) and one.closed_at is None,
        "may_delete": one.asked_at is None,
    }
    return render(request, "registrations/manage/round.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def round_delete(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Ask once more, then delete a round that has asked nobody."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    one = _one(row, code)
    if request.method == "POST":
        try_verb(
            request,
            [one],
            "The round is deleted.",
            lambda: delete_reconfirmation(
                reconfirmation=one, expected=posted_version(request), actor=actor_of(request)
            ),
        )
        return redirect("manage-rounds", organisation, conference)
    context = {
        "conference": row,
        "words": {"title": "Delete this round?", "label": "Delete the round", "danger": True},
        "text": "Nobody has been asked yet, and nobody will be.",
        "version": one.version,
        "cancel_url": reverse("manage-rounds", args=[organisation, conference]),
    }
    return render(request, "events/manage/confirm.html", context)


def _line(row: Reconfirmation) -> RoundLine:
    if row.closed_at is not None:
        return RoundLine(row, figures_of(row), "closed", "Over")
    if row.asked_at is not None:
        return RoundLine(row, figures_of(row), "active", "Asking")
    if row.until_at <= timezone.now():
        return RoundLine(row, RoundFigures(), "unknown", "Nobody was asked")
    return RoundLine(row, RoundFigures(), "planned", "Planned", addressed_by(row).count())


def _one(conference: Conference, code: str) -> Reconfirmation:
    row = conference.reconfirmations.filter(code=code).first()
    if row is None:
        raise Http404
    row.conference = conference
    return row

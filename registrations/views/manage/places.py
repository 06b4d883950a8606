"""Numbers of places: what draws from them, how full they are, what is kept back."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from registrations.forms.places import AllotmentForm, HoldBackForm
from registrations.models import Allotment, HoldBack
from registrations.services.allotments import (
    allotment_lines,
    change_allotment,
    create_allotment,
    delete_allotment,
)
from registrations.services.hold_backs import (
    change_hold_back,
    create_hold_back,
    hold_back_lines,
    kept_of,
    release_hold_back,
)
from registrations.services.sharing import share_allotment
from registrations.views.manage.places_shared import place_tabs


@require_safe
@console_page
def place_list(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """All numbers of places with a bar each, and what is kept back."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    context = {
        "conference": row,
        "lines": allotment_lines(row),
        "hold_backs": hold_back_lines(row),
        "tabs": place_tabs(request, row, "manage-places"),
        "may_write": may(request, Permission.REGISTRATION_WRITE),
    }
    return render(request, "registrations/manage/places.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def allotment_new(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Make a number of places, and say what draws from it."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    types = list(row.registration_types.all())
    form = AllotmentForm(request.POST or None, conference=row, types=types)
    if request.method == "POST" and form.is_valid():

        @transaction.atomic
        def make() -> Allotment:
            made = create_allotment(
                conference=row,
                name=form.cleaned_data["name"],
                capacity=form.cleaned_data["capacity"],
                actor=actor_of(request),
            )
            return share_allotment(
                allotment=made,
                registration_types=form.chosen_types(),
                expected=None,
                actor=actor_of(request),
            )

        if attempt(form, [], make) is not None:
            messages.success(request, "The places are added.")
            return redirect("manage-places", organisation, conference)
    context = {"conference": row, "form": form, "title": "New places", "button": "Add the places"}
    return render(request, "registrations/manage/place_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def allotment_page(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Change how many there are and what draws from them: all of it or nothing."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    one = _allotment(row, code)
    types = list(row.registration_types.all())
    form = AllotmentForm(request.POST or None, conference=row, types=types, allotment=one)
    if request.method == "POST" and form.is_valid():

        def change() -> Allotment:
            return change_allotment(
                allotment=one,
                changes={name: form.cleaned_data[name] for name in ("name", "capacity")},
                expected=form.expected,
                actor=actor_of(request),
                registration_types=form.chosen_types(),
            )

        if attempt(form, [one], change) is not None:
            messages.success(request, "Saved.")
            return redirect("manage-places", organisation, conference)
    delete = reverse("manage-allotment-delete", args=[organisation, conference, code])
    context = {
        "conference": row,
        "form": form,
        "title": one.name,
        "button": "Save",
        "delete_url": delete,
    }
    return render(request, "registrations/manage/place_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def allotment_delete(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Ask once more, then delete places that nothing draws from."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    one = _allotment(row, code)
    if request.method == "POST":
        try_verb(
            request,
            [one],
            "The places are deleted.",
            lambda: delete_allotment(
                allotment=one, expected=posted_version(request), actor=actor_of(request)
            ),
        )
        return redirect("manage-places", organisation, conference)
    context = {
        "conference": row,
        "words": {"title": f"Delete {one.name}?", "label": "Delete the places", "danger": True},
        "text": "Places that something draws from are never deleted.",
        "version": one.version,
        "cancel_url": reverse("manage-places", args=[organisation, conference]),
    }
    return render(request, "events/manage/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def hold_back_new(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Keep back places under a name."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    allotments = list(row.allotments.all())
    for one in allotments:
        one.conference = row
    form = HoldBackForm(request.POST or None, allotments=allotments)
    if request.method == "POST" and form.is_valid():
        chosen = form.allotments[form.cleaned_data["allotment"]]
        made = attempt(
            form,
            [],
            lambda: create_hold_back(allotment=chosen, actor=actor_of(request), **form.values()),
        )
        if made is not None:
            messages.success(request, "They are kept back.")
            return redirect("manage-places", organisation, conference)
    context = {
        "conference": row,
        "form": form,
        "title": "Keep back places",
        "button": "Keep them back",
    }
    return render(request, "registrations/manage/place_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def hold_back_page(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Keep more, fewer or for longer."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    one = _hold_back(row, code)
    form = HoldBackForm(request.POST or None, hold_back=one)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            [one],
            lambda: change_hold_back(
                hold_back=one,
                changes=form.values(),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if changed is not None:
            messages.success(request, "Saved.")
            return redirect("manage-places", organisation, conference)
    context = {
        "conference": row,
        "form": form,
        "title": one.name,
        "button": "Save",
        "delete_url": reverse("manage-hold-back-release", args=[organisation, conference, code]),
        "delete_label": "Release",
    }
    return render(request, "registrations/manage/place_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def hold_back_release(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Ask once more, then let anybody have them."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    one = _hold_back(row, code)
    if request.method == "POST":
        try_verb(
            request,
            [one],
            "Anybody can have these places now.",
            lambda: release_hold_back(
                hold_back=one, expected=posted_version(request), actor=actor_of(request)
            ),
        )
        return redirect("manage-places", organisation, conference)
    left = kept_of(one)
    places = "1 place" if left == 1 else f"{left} places"
    context = {
        "conference": row,
        "words": {"title": f"Release {one.name}?", "label": "Release", "danger": True},
        "text": f"{places} of “{one.allotment.name}” are free for anybody then.",
        "version": one.version,
        "cancel_url": reverse("manage-places", args=[organisation, conference]),
    }
    return render(request, "events/manage/confirm.html", context)


def _allotment(conference: Conference, code: str) -> Allotment:
    row = conference.allotments.filter(code=code).first()
    if row is None:
        raise Http404
    row.conference = conference
    return row


def _hold_back(conference: Conference, code: str) -> HoldBack:
    row = conference.hold_backs.filter(code=code).select_related("allotment").first()
    if row is None:
        raise Http404
    row.conference = conference
    return row

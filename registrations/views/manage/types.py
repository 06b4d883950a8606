"""The kinds of place of a conference."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.text import pick_text
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from registrations.forms.manage import TypeForm
from registrations.models import RegistrationType
from registrations.services.type_states import type_lines
from registrations.services.types import (
    change_registration_type,
    create_registration_type,
    delete_registration_type,
)


@require_safe
@console_page
def type_list(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """All kinds with how full they are."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    context = {
        "conference": row,
        "lines": type_lines(row),
        "may_write": may(request, Permission.REGISTRATION_WRITE),
    }
    return render(request, "registrations/manage/types.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def type_new(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Make a kind of place with places of its own."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    form = TypeForm(request.POST or None, conference=row)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            [],
            lambda: create_registration_type(
                conference=row, actor=actor_of(request), **form.values()
            ),
        )
        if made is not None:
            messages.success(request, "The type is added.")
            return redirect("manage-types", organisation, conference)
    return render(request, "registrations/manage/type_new.html", {"conference": row, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def type_page(request: HttpRequest, organisation: str, conference: str, code: str) -> HttpResponse:
    """One kind of place; `code` is its slug."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    kind = _one(row, code)
    form = TypeForm(request.POST or None, conference=row, registration_type=kind)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            [kind],
            lambda: change_registration_type(
                registration_type=kind,
                changes=form.values(),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if changed is not None:
            messages.success(request, "Saved.")
            return redirect("manage-types", organisation, conference)
    context = {"conference": row, "type": kind, "form": form}
    return render(request, "registrations/manage/type.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def type_delete(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Ask once more, then delete a kind for which nobody ever registered."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    kind = _one(row, code)
    if request.method == "POST":
        try_verb(
            request,
            [kind],
            "The type is deleted.",
            lambda: delete_registration_type(
                registration_type=kind, expected=posted_version(request), actor=actor_of(request)
            ),
        )
        return redirect("manage-types", organisation, conference)
    name = pick_text(kind.name, "en", row.languages)
    context = {
        "conference": row,
        "words": {"title": f"Delete {name}?", "label": "Delete the type", "danger": True},
        "text": "A type for which somebody has registered is closed, never deleted.",
        "version": kind.version,
        "cancel_url": reverse("manage-types", args=[organisation, conference]),
    }
    return render(request, "events/manage/confirm.html", context)


def _one(conference: Conference, slug: str) -> RegistrationType:
    row = conference.registration_types.filter(slug=slug).first()
    if row is None:
        raise Http404
    row.conference = conference
    return row

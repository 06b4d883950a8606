"""The kinds of place of a conference."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.text import pick_text
from events.dates import say_date, say_time
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from registrations.enums import TypeState
from registrations.forms.manage import TypeForm
from registrations.models import RegistrationType
from registrations.services.type_states import availability, type_lines
from registrations.services.types import (
    change_registration_type,
    create_registration_type,
    delete_registration_type,
)
from registrations.views.manage.places_shared import place_tabs


@require_safe
@console_page
def type_list(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """All kinds with how full they are."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    context = {
        "conference": row,
        "lines": type_lines(row),
        "tabs": place_tabs(request, row, "manage-types"),
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
    shown_as = shown_to_guests(kind, availability(kind, row, timezone.now()))
    context = {"conference": row, "type": kind, "form": form, "shown_as": shown_as}
    return render(request, "registrations/manage/type.html", context)


def shown_to_guests(kind: RegistrationType, figures: dict[str, Any]) -> str:
    """Say in a sentence what guests find at this moment, and until when."""
    if not kind.public:
        return "It is not on the public form. Guests come to it by an access code or an invitation."
    opens, closes = kind.opens_local, kind.closes_local
    until = f" It closes on {_moment(closes)}." if closes else ""
    match figures["state"]:
        case TypeState.NOT_OPEN if opens:
            return f"It opens on {_moment(opens)}; until then guests read “Opens on …”.{until}"
        case TypeState.CLOSED:
            return "Guests read “Closed”."
        case TypeState.SOLD_OUT:
            return f"It is full, and guests read “Full”.{until}"
        case TypeState.WAITING_LIST:
            return f"Guests read “Full. You can join the waiting list.”{until}"
    left = figures["left"]
    places = "" if left is None else f", with “{left} place{'' if left == 1 else 's'} left”"
    return f"Guests can register{places}.{until}"


def _moment(local: dt.datetime) -> str:
    return f"{say_date(local.date(), 'en')}, {say_time(local, 'en')}"


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

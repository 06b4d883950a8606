"""Access codes: how often each was used, its link, and many at once."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from registrations.downloads import codes_response
from registrations.forms.places import CodeForm, ManyCodesForm
from registrations.models import AccessCode
from registrations.services.access_codes import (
    change_access_code,
    create_access_code,
    delete_access_code,
    end_access_code,
    make_access_codes,
)
from registrations.services.code_uses import code_link, why_not
from registrations.views.manage.places_shared import place_tabs

PER_PAGE: Final = 50


@require_safe
@console_page
def code_list(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """All codes, the newest first."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    rows = row.access_codes.prefetch_related("registration_types", "held_places")
    page = Paginator(rows.order_by("-created_at", "-pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "conference": row,
        "page_obj": page,
        "lines": [_line(row, code) for code in page.object_list],
        "has_types": row.registration_types.exists(),
        "tabs": place_tabs(request, row, "manage-codes"),
    }
    return render(request, "registrations/manage/codes.html", context)


def _line(conference: Conference, code: AccessCode) -> dict[str, Any]:
    refusal = why_not(code)
    return {
        "code": code,
        "link": code_link(conference, code),
        "held": max((one.count for one in code.held_places.all()), default=0),
        "state": "open" if refusal is None else "closed",
        "word": _WORDS["" if refusal is None else refusal.errors[0].code],
    }


_WORDS: Final = {"": "In use", "ended": "Ended", "used-up": "Used up"}


@require_safe
def codes_csv(request: HttpRequest, organisation: str, conference: str) -> HttpResponseBase:
    """The codes with their links, for a mail merge."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    return codes_response(row)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def code_new(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Make one code."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    types = list(row.registration_types.all())
    form = CodeForm(request.POST or None, conference=row, types=types)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            [],
            lambda: create_access_code(conference=row, actor=actor_of(request), **form.values()),
        )
        if made is not None:
            messages.success(request, f"The code {made.code} is ready.")
            return redirect("manage-codes", organisation, conference)
    context = {"conference": row, "form": form, "title": "New code", "button": "Make the code"}
    return render(request, "registrations/manage/code_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def codes_many(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Make random codes for one use each."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    types = list(row.registration_types.all())
    form = ManyCodesForm(request.POST or None, conference=row, types=types)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            [],
            lambda: make_access_codes(conference=row, actor=actor_of(request), **form.values()),
        )
        if made is not None:
            many = "1 code is" if len(made) == 1 else f"{len(made)} codes are"
            messages.success(request, f"{many} ready. Download them with their links as CSV.")
            return redirect("manage-codes", organisation, conference)
    context = {
        "conference": row,
        "form": form,
        "title": "Many codes for one use each",
        "button": "Make the codes",
    }
    return render(request, "registrations/manage/code_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def code_page(request: HttpRequest, organisation: str, conference: str, code: str) -> HttpResponse:
    """Change a code."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    one = _one(row, code)
    types = list(row.registration_types.all())
    form = CodeForm(request.POST or None, conference=row, types=types, access_code=one)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            [one],
            lambda: change_access_code(
                access_code=one,
                changes=form.values(),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if changed is not None:
            messages.success(request, "Saved.")
            return redirect("manage-codes", organisation, conference)
    at = [organisation, conference, one.code]
    context = {
        "conference": row,
        "form": form,
        "title": one.code,
        "button": "Save",
        "code": one,
        "link": code_link(row, one),
        "delete_url": reverse("manage-code-delete", args=at),
        "end_url": reverse("manage-code-end", args=at) if one.active else "",
    }
    return render(request, "registrations/manage/code_form.html", context)


@require_POST
@console_page
def code_end(request: HttpRequest, organisation: str, conference: str, code: str) -> HttpResponse:
    """Let nobody use it any more."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    one = _one(row, code)
    try_verb(
        request,
        [one],
        f"Nobody can use {one.code} any more.",
        lambda: end_access_code(
            access_code=one, expected=posted_version(request), actor=actor_of(request)
        ),
    )
    return redirect("manage-codes", organisation, conference)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def code_delete(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Ask once more, then delete a code that nobody came with."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    one = _one(row, code)
    if request.method == "POST":
        try_verb(
            request,
            [one],
            "The code is deleted.",
            lambda: delete_access_code(
                access_code=one, expected=posted_version(request), actor=actor_of(request)
            ),
        )
        return redirect("manage-codes", organisation, conference)
    context = {
        "conference": row,
        "words": {"title": f"Delete {one.code}?", "label": "Delete the code", "danger": True},
        "text": "A code with which somebody has registered is ended, never deleted.",
        "version": one.version,
        "cancel_url": reverse("manage-codes", args=[organisation, conference]),
    }
    return render(request, "events/manage/confirm.html", context)


def _one(conference: Conference, code: str) -> AccessCode:
    row = conference.access_codes.filter(code=code).first()
    if row is None:
        raise Http404
    row.conference = conference
    return row

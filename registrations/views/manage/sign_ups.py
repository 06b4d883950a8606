"""Sessions that take sign-ups: how full they are, who comes, what overlaps."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.text import pick_text
from events.models import Conference
from events.services.schedules import current_programme
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from registrations.downloads import sign_ups_response
from registrations.forms.places import SignUpForm
from registrations.models import Registration, SignUpSession
from registrations.services.session_offers import (
    Clash,
    SessionOffer,
    clashes,
    offers_in,
    sign_ups_of,
)
from registrations.services.sign_up_sessions import change_sign_up, delete_sign_up, open_sign_up
from registrations.views.manage.places_shared import place_tabs

MOST: Final = 500


@require_safe
@console_page
def sign_up_list(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """The sessions with a bar each, and who has chosen two at the same time."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    programme = current_programme(row)
    offers = offers_in(sign_ups_of(row), programme, timezone.now())
    offers.sort(key=_by_time)
    context = {
        "conference": row,
        "offers": offers,
        "clashes": [_sentence(row, clash) for clash in clashes(row, programme)],
        "has_sessions": row.sessions.exists(),
        "tabs": place_tabs(request, row, "manage-sign-ups"),
        "may_write": may(request, Permission.REGISTRATION_WRITE),
    }
    return render(request, "registrations/manage/sign_ups.html", context)


def _by_time(one: SessionOffer) -> tuple[bool, Any, int]:
    session = one.sign_up.session
    return session.starts_at is None, session.starts_at or session.created_at, one.sign_up.pk


def _sentence(conference: Conference, clash: Clash) -> str:
    one, other = (
        pick_text(view.title, "en", conference.languages) for view in (clash.one, clash.other)
    )
    people = "1 person has" if clash.number == 1 else f"{clash.number} people have"
    return f"{people} chosen both “{one}” and “{other}”, which are now at the same time."


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def sign_up_new(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Let people sign up for a session."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    sessions = list(row.sessions.filter(sign_up__isnull=True).order_by("starts_at", "order", "pk"))
    for one in sessions:
        one.conference = row
    types = list(row.registration_types.all())
    form = SignUpForm(request.POST or None, conference=row, types=types, sessions=sessions)
    if request.method == "POST" and form.is_valid():
        session = form.sessions[form.cleaned_data["session"]]
        made = attempt(
            form,
            [],
            lambda: open_sign_up(session=session, actor=actor_of(request), **form.values()),
        )
        if made is not None:
            messages.success(request, "People can sign up for it.")
            return redirect("manage-sign-ups", organisation, conference)
    context = {
        "conference": row,
        "form": form,
        "title": "Sign-up for a session",
        "button": "Open the sign-up",
        "none_left": not sessions,
    }
    return render(request, "registrations/manage/sign_up.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def sign_up_page(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Who has signed up; POST changes places, window and kinds."""
    posting = request.method == "POST"
    needed = Permission.REGISTRATION_WRITE if posting else Permission.REGISTRATION_READ
    row = get_conference(request, organisation, conference, needed)
    one = _one(row, code)
    types = list(row.registration_types.all())
    form = SignUpForm(request.POST or None, conference=row, types=types, sign_up=one)
    if posting and form.is_valid():
        changed = attempt(
            form,
            [one],
            lambda: change_sign_up(
                sign_up_session=one,
                changes=form.values(),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if changed is not None:
            messages.success(request, "Saved.")
            return redirect("manage-sign-up", organisation, conference, code)
    found = list(_people(one)[: MOST + 1])
    context = {
        "conference": row,
        "form": form,
        "title": pick_text(one.session.title, "en", row.languages),
        "button": "Save",
        "sign_up": one,
        "people": found[:MOST],
        "is_cut": len(found) > MOST,
        "most": MOST,
        "may_write": may(request, Permission.REGISTRATION_WRITE),
        "delete_url": reverse("manage-sign-up-delete", args=[organisation, conference, code]),
    }
    return render(request, "registrations/manage/sign_up.html", context)


@require_safe
def sign_up_csv(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponseBase:
    """Who has signed up for one session, for a spreadsheet."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    one = _one(row, code)
    return sign_ups_response(_people(one), row, code)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def sign_up_delete(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Ask once more, then let the session take no sign-ups."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    one = _one(row, code)
    if request.method == "POST":
        try_verb(
            request,
            [one],
            "The session takes no sign-ups any more.",
            lambda: delete_sign_up(
                sign_up_session=one, expected=posted_version(request), actor=actor_of(request)
            ),
        )
        return redirect("manage-sign-ups", organisation, conference)
    title = pick_text(one.session.title, "en", row.languages)
    context = {
        "conference": row,
        "words": {
            "title": f"End the sign-up for {title}?",
            "label": "End the sign-up",
            "danger": True,
        },
        "text": "Once somebody has signed up it is closed, never ended.",
        "version": one.version,
        "cancel_url": reverse("manage-sign-ups", args=[organisation, conference]),
    }
    return render(request, "events/manage/confirm.html", context)


def _people(one: SignUpSession) -> Any:
    return (
        Registration.objects.live()
        .filter(sign_ups__sign_up_session=one)
        .select_related("registration_type", "booking")
        .order_by("sort_key", "pk")
    )


def _one(conference: Conference, code: str) -> SignUpSession:
    row = (
        SignUpSession.objects.filter(conference=conference, session__code=code)
        .select_related("session", "allotment")
        .first()
    )
    if row is None:
        raise Http404
    row.conference = conference
    return row

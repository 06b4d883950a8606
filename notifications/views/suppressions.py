"""Who opted out: the list, adding somebody who asked for it, and lifting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Organisation
from accounts.permissions import Permission
from accounts.views.access import actor_of, get_organisation, may
from core.text import pick_text
from events.models import Conference
from events.views.manage.base import attempt, console_page
from notifications.enums import OWN_WORD
from notifications.forms.suppression import ALL_CONFERENCES, LiftForm, SuppressionForm
from notifications.models import Suppression
from notifications.services.opted_out import in_words, lately_lifted, reach_of, suppressions
from notifications.services.suppression import lift_suppression, suppress_by_organiser

PER_PAGE = 50


@require_safe
@console_page
def suppression_list(request: HttpRequest, organisation: str) -> HttpResponse:
    """Every address that opted out, since when, why and by whom; one conference's, or one."""
    host = get_organisation(request, organisation, Permission.MAIL_READ)
    asked = {key: request.GET.get(key, "") for key in ("conference", "q")}
    choices = _conferences(host)
    conference = next((row for row in choices if row.slug == asked["conference"]), None)
    rows = suppressions(host, conference=conference, text=asked["q"])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    lifted = lately_lifted(host)
    words = in_words([*shown, *lifted], host)
    context = {
        "host": host,
        "page_obj": page,
        "lines": words[: len(shown)],
        "lifted": words[len(shown) :],
        "asked": asked,
        "conferences": [(row.slug, _title(row)) for row in choices],
        "conference": None,
        "is_filtered": conference is not None or bool(asked["q"]),
        "may_write": may(request, Permission.MAIL_WRITE),
    }
    return render(request, "notifications/suppressions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def suppression_new(request: HttpRequest, organisation: str) -> HttpResponse:
    """Put down an address whose owner asked for it by phone or by mail."""
    host = get_organisation(request, organisation, Permission.MAIL_WRITE)
    conferences = _conferences(host)
    form = SuppressionForm(
        request.POST or None,
        conferences=[(row.slug, _title(row)) for row in conferences],
        initial={"conference": request.GET.get("conference") or ALL_CONFERENCES},
    )
    if request.method == "POST" and form.is_valid():
        typed: dict[str, Any] = form.cleaned_data
        slug = typed["conference"]
        made = attempt(
            form,
            [],
            lambda: suppress_by_organiser(
                organisation=host,
                conference=next((row for row in conferences if row.slug == slug), None),
                email=typed["email"],
                note=typed["note"],
                actor=actor_of(request),
            ),
        )
        if made is not None:
            messages.success(request, f"{made.email_key} gets no more optional mail.")
            return redirect("manage-suppressions", organisation)
    return render(request, "notifications/suppression_new.html", {"host": host, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def suppression_lift(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """Ask, and where somebody opted out themselves ask for their word; then lift."""
    host = get_organisation(request, organisation, Permission.MAIL_WRITE)
    rows = Suppression.objects.filter(organisation=host).select_related("conference")
    row = rows.filter(code=code).first()
    if row is None:
        raise Http404
    is_own_word = row.reason in OWN_WORD
    form = LiftForm(request.POST or None, needed=is_own_word, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        lifted = attempt(
            form,
            [row],
            lambda: lift_suppression(
                suppression=row,
                note=form.cleaned_data["note"],
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if lifted is not None:
            messages.success(request, f"{row.email_key} gets all mail again.")
            return redirect("manage-suppressions", organisation)
    context = {
        "host": host,
        "row": row,
        "line": in_words([row], host)[0],
        "reach": reach_of(row),
        "is_own_word": is_own_word,
        "form": form,
    }
    return render(request, "notifications/suppression_lift.html", context)


def _conferences(host: Organisation) -> list[Conference]:
    return list(Conference.objects.filter(organisation=host).order_by("-starts_at", "pk"))


def _title(conference: Conference) -> str:
    return pick_text(conference.title, "en", conference.languages)

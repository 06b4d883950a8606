"""The organisation's conferences: the list, and making one."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, get_organisation, may
from events.enums import ConferenceMode, SessionState
from events.forms.conference import ConferenceForm
from events.models import Conference
from events.services.conferences import create_conference
from events.views.manage.base import attempt, console_page
from events.views.manage.searching import matching

PER_PAGE = 50


@require_safe
@console_page
def conference_list(request: HttpRequest, organisation: str) -> HttpResponse:
    """Those to come first, then those that were."""
    host = get_organisation(request, organisation, Permission.CONFERENCE_READ)
    text = request.GET.get("q", "")
    rows = matching(Conference.objects.filter(organisation=host), text)
    rows = rows.annotate(
        session_count=Count("sessions", filter=~Q(sessions__state=SessionState.CANCELLED))
    ).order_by("-starts_at", "-pk")
    return render(
        request,
        "events/manage/conferences.html",
        {
            "host": host,
            "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
            "text": text,
            "now": timezone.now(),
            "may_write": may(request, Permission.CONFERENCE_WRITE),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def conference_new(request: HttpRequest, organisation: str) -> HttpResponse:
    """Make a conference; it is a draft that only members see."""
    host = get_organisation(request, organisation, Permission.CONFERENCE_WRITE)
    form = ConferenceForm(
        request.POST or None,
        organisation=host,
        initial={
            "time_zone": host.time_zone,
            "languages_of": host.languages,
            "mode": ConferenceMode.IN_PERSON,
        },
    )
    if request.method == "POST" and form.is_valid():
        row = attempt(
            form,
            [],
            lambda: create_conference(organisation=host, actor=actor_of(request), **form.values()),
        )
        if row is not None:
            messages.success(request, "The conference is a draft now. Add its sessions.")
            return redirect("manage-sessions", organisation=host.slug, conference=row.slug)
    return render(request, "events/manage/conference_new.html", {"host": host, "form": form})

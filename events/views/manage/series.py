"""Series of the organisation, and which conferences are in one."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import Organisation
from accounts.permissions import Permission
from accounts.views.access import actor_of, get_organisation, may
from core.text import pick_text
from events.forms.series import SeriesForm
from events.models import Conference, Series
from events.services.series import change_series, create_series, delete_series, put_in_series
from events.views.manage.base import attempt, console_page, posted_version, try_verb

_MOST = 500


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def series_list(request: HttpRequest, organisation: str) -> HttpResponse:
    """All series, and a form that adds one."""
    posting = request.method == "POST"
    needed = Permission.CONFERENCE_WRITE if posting else Permission.CONFERENCE_READ
    host = get_organisation(request, organisation, needed)
    form = SeriesForm(request.POST or None, organisation=host)
    if posting and form.is_valid():
        row = attempt(
            form,
            [],
            lambda: create_series(organisation=host, actor=actor_of(request), **form.values()),
        )
        if row is not None:
            messages.success(request, "The series is added. Choose its conferences.")
            return redirect("manage-series", organisation, row.slug)
    context = {
        "host": host,
        "all_series": host.series.annotate(conference_count=Count("conferences")),
        "form": form,
        "may_write": may(request, Permission.CONFERENCE_WRITE),
    }
    return render(request, "events/manage/series_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def series_page(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """One series; `code` is its slug."""
    host = get_organisation(request, organisation, Permission.CONFERENCE_WRITE)
    series = _series(host, code)
    form = SeriesForm(request.POST or None, organisation=host, series=series)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            [series],
            lambda: change_series(
                series=series,
                changes=form.values(),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if changed is not None:
            messages.success(request, "Saved. Its page shows it at once.")
            return redirect("manage-series", organisation, changed.slug)
    conferences = host.conferences.select_related("series").order_by("-starts_at", "-pk")[:_MOST]
    context = {
        "host": host,
        "series": series,
        "form": form,
        "conferences": conferences,
        "is_public": Conference.objects.listed().filter(series=series).exists(),
    }
    return render(request, "events/manage/series.html", context)


@require_http_methods(["POST"])
@console_page
def series_conferences(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """Let the series hold the chosen conferences and no other."""
    host = get_organisation(request, organisation, Permission.CONFERENCE_WRITE)
    series = _series(host, code)
    chosen = list(host.conferences.filter(slug__in=request.POST.getlist("conference")[:_MOST]))
    number = len(chosen)
    try_verb(
        request,
        [series],
        f"{number} conference{'s' if number != 1 else ''} in this series now.",
        lambda: put_in_series(
            series=series,
            conferences=chosen,
            expected=posted_version(request),
            actor=actor_of(request),
        ),
    )
    return redirect("manage-series", organisation, code)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def series_delete(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """Ask once more, then delete a series that no conference is in."""
    host = get_organisation(request, organisation, Permission.CONFERENCE_WRITE)
    series = _series(host, code)
    if request.method == "POST":
        try_verb(
            request,
            [series],
            "The series is deleted.",
            lambda: delete_series(
                series=series, expected=posted_version(request), actor=actor_of(request)
            ),
        )
        return redirect("manage-series-list", organisation)
    title = pick_text(series.title, "en", host.languages)
    context = {
        "words": {"title": f"Delete {title}?", "label": "Delete the series", "danger": True},
        "text": "A series with a conference in it is never deleted.",
        "version": series.version,
        "cancel_url": reverse("manage-series", args=[organisation, code]),
    }
    return render(request, "events/manage/confirm.html", context)


def _series(host: Organisation, slug: str) -> Series:
    series: Series | None = host.series.filter(slug=slug).first()
    if series is None:
        raise Http404
    series.organisation = host
    return series

"""An organisation's page, and the first page of an installation."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from core.enums import Visibility
from core.links import absolute_url
from events.enums import ConferenceState
from events.languages import Reader
from events.models import Conference, Series
from events.services.stamps import Stamp
from events.views.public.conference_lines import lines_of
from events.views.public.context import site_context
from events.views.public.serving import public_page


@public_page
def organisation_page(
    stamp: Stamp, reader: Reader, at: dict[str, str]
) -> tuple[str, dict[str, Any]]:
    """What comes, what was, what comes again, who they are."""
    organisation = Organisation.objects.select_related("logo").get(pk=stamp.pk)
    upcoming, years = lines_of(organisation, reader)
    context = site_context(organisation, reader, reverse("organisation", kwargs=at))
    context |= {
        "main_width": "wide",
        "host": organisation,
        "upcoming": upcoming,
        "years": years,
        "all_series": _series_of(organisation, reader),
        "calendar_url": absolute_url(reverse("organisation-calendar", kwargs=at)),
    }
    return "events/public/organisation.html", context


def _series_of(organisation: Organisation, reader: Reader) -> list[dict[str, Any]]:
    """Return the series of which a conference is listed; one query."""
    listed = Q(conferences__visibility=Visibility.PUBLIC) & ~Q(
        conferences__state=ConferenceState.DRAFT
    )
    rows = Series.objects.filter(organisation=organisation)
    return [
        {
            "title": row.title,
            "number": row.number,
            "url": reverse("series", args=[organisation.slug, row.slug]) + reader.query,
        }
        for row in rows.annotate(number=Count("conferences", filter=listed)).filter(number__gt=0)
    ]


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """List the organisations with a public conference; without any, go to sign-in."""
    listed = Conference.objects.listed().filter(organisation=OuterRef("pk"))
    organisations = list(Organisation.objects.filter(Exists(listed)))
    if not organisations:
        return redirect("manage-home")
    answer: HttpResponse = render(
        request, "events/public/home.html", {"organisations": organisations}
    )
    return answer

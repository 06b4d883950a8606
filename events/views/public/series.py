"""A series: what it is about, its next gathering and all that were."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from core.links import absolute_url
from events.languages import Reader
from events.models import Series
from events.services.stamps import Stamp
from events.views.public.conference_lines import lines_of
from events.views.public.context import site_context
from events.views.public.serving import public_page


@public_page
def series_page(
    stamp: Stamp, reader: Reader, at: dict[str, str]
) -> tuple[str, dict[str, Any]] | None:
    """The conferences of a series; there is no page before one of them is public."""
    series = (
        Series.objects.select_related("organisation__logo")
        .filter(organisation=stamp.pk, slug=at["series"])
        .first()
    )
    if series is None:
        return None
    upcoming, years = lines_of(series.organisation, reader, series)
    if not upcoming and not years:
        return None
    context = site_context(series.organisation, reader, reverse("series", kwargs=at))
    host = {"organisation": at["organisation"]}
    context |= {
        "main_width": "wide",
        "series": series,
        "upcoming": upcoming,
        "years": years,
        "calendar_url": absolute_url(reverse("organisation-calendar", kwargs=host)),
    }
    return "events/public/series.html", context

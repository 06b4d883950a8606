"""An organisation's page, and the first page of an installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from events import words
from events.enums import ConferenceKind, ConferenceState
from events.languages import Reader
from events.models import Conference, ConferenceVenue
from events.services.stamps import Stamp
from events.views.public.context import site_context
from events.views.public.serving import public_page


@dataclass(frozen=True, slots=True)
class Line:
    """A conference on a season's leaflet."""

    conference: Conference
    kind: str
    place: str
    url: str
    outcome_url: str
    headline: Any
    state: str


@public_page
def organisation_page(
    stamp: Stamp, reader: Reader, at: dict[str, str]
) -> tuple[str, dict[str, Any]]:
    """What comes, what was, who they are."""
    organisation = Organisation.objects.select_related("logo").get(pk=stamp.pk)
    rows = (
        Conference.objects.listed()
        .filter(organisation=organisation)
        .select_related("outcome")
        .prefetch_related(
            Prefetch("conference_venues", queryset=ConferenceVenue.objects.select_related("venue"))
        )
        .order_by("-starts_at", "pk")
    )
    lines = [_line(row, organisation.slug, reader) for row in rows]
    now = timezone.now()
    context = site_context(organisation, reader, reverse("organisation", kwargs=at))
    context |= {
        "host": organisation,
        "upcoming": [line for line in reversed(lines) if line.conference.ends_at > now],
        "past": [line for line in lines if line.conference.ends_at <= now],
    }
    return "events/public/organisation.html", context


def _line(conference: Conference, organisation: str, reader: Reader) -> Line:
    at = {"organisation": organisation, "conference": conference.slug}
    venues = [row.venue for row in conference.conference_venues.all()]
    outcome = getattr(conference, "outcome", None)
    published = outcome is not None and outcome.published_at is not None
    shown = (ConferenceState.POSTPONED, ConferenceState.CANCELLED)
    return Line(
        conference=conference,
        kind=str(words.CONFERENCE_KINDS[ConferenceKind(conference.kind)]),
        place=", ".join(part for v in venues[:1] for part in (reader.text(v.name), v.city) if part),
        url=reverse("conference", kwargs=at) + reader.query,
        outcome_url=reverse("outcome", kwargs=at) + reader.query if published else "",
        headline=outcome.headline if published and outcome is not None else {},
        state=conference.state if conference.state in shown else "",
    )


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

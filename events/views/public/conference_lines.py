"""Conferences as lines of a leaflet: what comes, and what was by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation
from events import words
from events.dates import span_of
from events.enums import ConferenceKind, ConferenceState
from events.languages import Reader
from events.models import Conference, ConferenceVenue, Series


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


@dataclass(frozen=True, slots=True)
class Year:
    """What was in a year, the last first."""

    number: int
    lines: Sequence[Line]


def lines_of(
    organisation: Organisation, reader: Reader, series: Series | None = None
) -> tuple[list[Line], list[Year]]:
    """Return what comes, the next first, and what was, the last year first; two queries.

    Arguments:
        series: of which the conferences are; all of the organisation's without one.
    """
    rows = (
        Conference.objects.listed()
        .filter(organisation=organisation, **({"series": series} if series else {}))
        .select_related("outcome")
        .prefetch_related(
            Prefetch("conference_venues", queryset=ConferenceVenue.objects.select_related("venue"))
        )
        .order_by("-starts_at", "pk")
    )
    lines = [_line(row, organisation.slug, reader) for row in rows]
    now = timezone.now()
    past = [line for line in lines if line.conference.ends_at <= now]
    return (
        [line for line in reversed(lines) if line.conference.ends_at > now],
        [
            Year(number, list(group))
            for number, group in groupby(past, lambda line: span_of(line.conference)[0].year)
        ],
    )


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

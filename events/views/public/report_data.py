"""An outcome page as a schema.org Report, with its quotes and photos."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse

from core.links import absolute_url
from events.languages import Reader
from events.models import Conference, Outcome
from events.views.public.outcome_parts import ShownPhoto, ShownQuote
from events.views.public.structured_data import with_offset

_LONGEST = 500


def report_data(
    conference: Conference,
    outcome: Outcome,
    reader: Reader,
    quotes: Sequence[ShownQuote],
    photos: Sequence[ShownPhoto],
) -> dict[str, Any]:
    """Return an outcome page as a schema.org Report about its event."""
    host = conference.organisation
    at = {"organisation": host.slug, "conference": conference.slug}
    page = absolute_url(reverse("outcome", kwargs=at))
    zone = ZoneInfo(conference.time_zone)
    published = outcome.published_at or outcome.updated_at
    home = host.website or absolute_url(reverse("organisation", kwargs={"organisation": host.slug}))
    organisation = {"@type": "Organization", "name": host.name, "url": home}
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Report",
        "@id": page,
        "url": page,
        "headline": reader.text(outcome.headline),
        "inLanguage": reader.tag,
        "datePublished": published.astimezone(zone).isoformat(timespec="seconds"),
        "dateModified": max(published, outcome.updated_at)
        .astimezone(zone)
        .isoformat(timespec="seconds"),
        "author": organisation,
        "publisher": organisation,
        "about": {
            "@type": "Event",
            "@id": absolute_url(reverse("conference", kwargs=at)),
            "name": reader.text(conference.title),
            "startDate": with_offset(conference.starts_at, conference.time_zone),
        },
    }
    optional = {
        "description": reader.text(outcome.summary)[:_LONGEST],
        "hasPart": [_quotation(one, reader) for one in quotes],
        "image": [_image(photo) for photo in photos],
    }
    return data | {name: value for name, value in optional.items() if value}


def _quotation(one: ShownQuote, reader: Reader) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@type": "Quotation",
        "text": reader.text(one.quote.text),
        "inLanguage": reader.tag_of(one.quote.text),
    }
    if one.face is not None:
        person: dict[str, Any] = {"@type": "Person", "name": one.face.name}
        if one.face.position:
            person["jobTitle"] = one.face.position
        if one.face.affiliation:
            person["affiliation"] = {"@type": "Organization", "name": one.face.affiliation}
        data["creator"] = person
    return data


def _image(photo: ShownPhoto) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@type": "ImageObject",
        "contentUrl": absolute_url(photo.url),
        "width": photo.width,
        "height": photo.height,
        "caption": photo.caption or photo.alt,
    }
    return data | ({"creditText": photo.credit} if photo.credit else {})

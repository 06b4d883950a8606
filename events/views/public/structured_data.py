"""schema.org data of public conferences, as JSON-LD inside the page."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from core.links import absolute_url
from events.enums import ConferenceMode, ConferenceState, PartnerKind, SessionState
from events.languages import Reader
from events.models import Conference
from events.programme import Programme, SessionView

_STATUS = {
    ConferenceState.POSTPONED: "https://schema.org/EventPostponed",
    ConferenceState.CANCELLED: "https://schema.org/EventCancelled",
}
_MODE = {
    ConferenceMode.IN_PERSON: "https://schema.org/OfflineEventAttendanceMode",
    ConferenceMode.ONLINE: "https://schema.org/OnlineEventAttendanceMode",
    ConferenceMode.HYBRID: "https://schema.org/MixedEventAttendanceMode",
}
# What could end the script element or start a comment in it, written so that it can not.
_ESCAPES = {
    "<": "\\u003C",
    ">": "\\u003E",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


def json_for_page(data: dict[str, Any]) -> SafeString:
    """Return JSON that is safe inside a script element."""
    text = json.dumps(data, ensure_ascii=False)
    for sign, escaped in _ESCAPES.items():
        text = text.replace(sign, escaped)
    return mark_safe(text)  # noqa: S308 - no < > & is left in it


def with_offset(instant: dt.datetime, zone: str) -> str:
    """Return the local time of an instant with its zone's offset: "2025-02-20T10:00+01:00"."""
    return instant.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")


def event_data(conference: Conference, programme: Programme, reader: Reader) -> dict[str, Any]:
    """Return a conference as a schema.org Event with its sessions beneath it."""
    zone = conference.time_zone
    at = {"organisation": conference.organisation.slug, "conference": conference.slug}
    page = absolute_url(reverse("conference", kwargs=at))
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": page,
        "url": page,
        "name": reader.text(conference.title),
        "startDate": with_offset(conference.starts_at, zone),
        "endDate": with_offset(conference.ends_at, zone),
        "eventStatus": _STATUS.get(
            ConferenceState(conference.state), "https://schema.org/EventScheduled"
        ),
        "eventAttendanceMode": _MODE[ConferenceMode(conference.mode)],
        "inLanguage": conference.languages,
        "location": _locations(conference, page, reader),
        "organizer": _organizers(conference, reader),
    }
    description = reader.text(conference.subtitle) or reader.text(conference.description)
    optional = {
        "description": description[:500],
        "funder": _partners(conference, reader, PartnerKind.FUNDER, PartnerKind.PROJECT),
        "sponsor": _partners(conference, reader, PartnerKind.SUPPORTER),
        "performer": [{"@type": "Person", "name": part.name} for part in programme.speakers()],
        "subEvent": [
            _sub_event(session, zone, at, reader)
            for session in programme.sessions()
            if session.starts_at is not None and session.ends_at is not None
        ],
    }
    return data | {name: value for name, value in optional.items() if value}


def _locations(conference: Conference, page: str, reader: Reader) -> list[dict[str, Any]]:
    places: list[dict[str, Any]] = []
    for row in conference.conference_venues.all():
        venue = row.venue
        address = {
            "@type": "PostalAddress",
            "streetAddress": venue.street,
            "postalCode": venue.postal_code,
            "addressLocality": venue.city,
            "addressCountry": venue.country,
        }
        places.append(
            {
                "@type": "Place",
                "name": reader.text(venue.name),
                "address": {name: value for name, value in address.items() if value},
            }
        )
    if conference.mode != ConferenceMode.IN_PERSON:
        places.append({"@type": "VirtualLocation", "url": page})
    return places


def _organizers(conference: Conference, reader: Reader) -> list[dict[str, Any]]:
    host = conference.organisation
    url = host.website or absolute_url(reverse("organisation", kwargs={"organisation": host.slug}))
    others = _partners(conference, reader, PartnerKind.CO_ORGANISER)
    return [{"@type": "Organization", "name": host.name, "url": url}, *others]


def _partners(conference: Conference, reader: Reader, *kinds: str) -> list[dict[str, Any]]:
    found = []
    for partner in conference.partners.all():
        if partner.kind in kinds:
            one = {"@type": "Organization", "name": reader.text(partner.name)}
            found.append(one | ({"url": partner.url} if partner.url else {}))
    return found


def _sub_event(
    session: SessionView, zone: str, at: dict[str, str], reader: Reader
) -> dict[str, Any]:
    cancelled = session.state == SessionState.CANCELLED
    data: dict[str, Any] = {
        "@type": "Event",
        "name": reader.text(session.title),
        "url": absolute_url(reverse("session", kwargs={**at, "code": session.code})),
        "eventStatus": (
            "https://schema.org/EventCancelled"
            if cancelled
            else "https://schema.org/EventScheduled"
        ),
    }
    if session.starts_at is not None and session.ends_at is not None:
        data["startDate"] = with_offset(session.starts_at, zone)
        data["endDate"] = with_offset(session.ends_at, zone)
    if session.participations:
        data["performer"] = [{"@type": "Person", "name": p.name} for p in session.participations]
    return data

"""schema.org data of public conferences, as JSON-LD inside the page."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.numbers import get_territory_currencies
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from core.links import absolute_url
from core.text import full_name
from events.enums import (
    ConferenceMode,
    ConferenceState,
    PartnerKind,
    SessionKind,
    SessionState,
)
from events.languages import Reader, name_in
from events.models import Conference, Outcome, Venue
from events.programme import ParticipationView, Programme, SessionView
from events.sentences import first_sentences

_SCHEMA = "https://schema.org/"
_STATUS = {
    ConferenceState.POSTPONED: "EventPostponed",
    ConferenceState.CANCELLED: "EventCancelled",
}
_MODE = {
    ConferenceMode.IN_PERSON: "https://schema.org/OfflineEventAttendanceMode",
    ConferenceMode.ONLINE: "https://schema.org/OnlineEventAttendanceMode",
    ConferenceMode.HYBRID: "https://schema.org/MixedEventAttendanceMode",
}
_PAUSES = frozenset({SessionKind.BREAK, SessionKind.RECEPTION})
# Of a large programme so much stands in a page that is read on a phone; the rest has its own pages.
_MOST = 200
_SENTENCES = 4
_LETTERS = 500
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


def event_data(
    conference: Conference,
    programme: Programme,
    reader: Reader,
    *,
    former_days: Sequence[dt.date] = (),
) -> dict[str, Any] | None:
    """Return a conference as a schema.org Event with its sessions beneath it.

    None as long as nobody knows where it is: search engines require a place.

    Arguments:
        former_days: on which it was to start before it was moved.
    """
    here = _Page(conference, reader)
    locations = _locations(conference, here.url("conference"), reader)
    if not locations:
        return None
    data = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": here.url("conference"),
        "url": here.url("conference"),
        "name": reader.text(conference.title),
        "startDate": with_offset(conference.starts_at, conference.time_zone),
        "endDate": with_offset(conference.ends_at, conference.time_zone),
        "eventStatus": _status(conference, former_days),
        "eventAttendanceMode": _MODE[ConferenceMode(conference.mode)],
        "inLanguage": conference.languages,
        "isAccessibleForFree": True,  # nothing is sold here
        "location": locations,
        "organizer": _organizers(conference, reader),
        "image": [here.url("conference-card", lang=reader.tag)],
    }
    description = reader.text(conference.subtitle) or reader.text(conference.description)
    optional = {
        "description": first_sentences(description, _SENTENCES, _LETTERS),
        "previousStartDate": [day.isoformat() for day in former_days],
        "offers": _offers(conference, here),
        "funder": _partners(conference, reader, PartnerKind.FUNDER, PartnerKind.PROJECT),
        "sponsor": _partners(conference, reader, PartnerKind.SUPPORTER),
        "performer": [_person(part, here) for part in programme.speakers()][:_MOST],
        "subEvent": [
            _sub_event(session, data, here)
            for session in programme.sessions()
            if session.starts_at is not None and session.kind not in _PAUSES
        ][:_MOST],
    }
    return data | {name: value for name, value in optional.items() if value}


@dataclass(frozen=True, slots=True)
class _Page:
    """Whose data it is, and in whose language."""

    conference: Conference
    reader: Reader

    def url(self, name: str, *, lang: str = "", **more: str) -> str:
        slugs = {
            "organisation": self.conference.organisation.slug,
            "conference": self.conference.slug,
        }
        query = f"?lang={lang}" if lang else ""
        return absolute_url(reverse(name, kwargs={**slugs, **more}) + query)


def _status(conference: Conference, former_days: Sequence[dt.date]) -> str:
    usual = "EventRescheduled" if former_days else "EventScheduled"
    return f"{_SCHEMA}{_STATUS.get(ConferenceState(conference.state), usual)}"


def _locations(conference: Conference, page: str, reader: Reader) -> list[dict[str, Any]]:
    places = [_place(row.venue, reader) for row in conference.conference_venues.all()]
    if conference.mode == ConferenceMode.ONLINE:
        places = []
    if conference.mode != ConferenceMode.IN_PERSON:
        places.append({"@type": "VirtualLocation", "url": page})
    return places


def _place(venue: Venue, reader: Reader) -> dict[str, Any]:
    address = {
        "@type": "PostalAddress",
        "streetAddress": venue.street,
        "postalCode": venue.postal_code,
        "addressLocality": venue.city,
        "addressCountry": venue.country,
    }
    known = {name: value for name, value in address.items() if value}
    name = reader.text(venue.name)
    # A house of which nobody has written down the street is its own address.
    return {"@type": "Place", "name": name, "address": known if len(known) > 1 else name}


def _organizers(conference: Conference, reader: Reader) -> list[dict[str, Any]]:
    host = conference.organisation
    url = host.website or absolute_url(reverse("organisation", kwargs={"organisation": host.slug}))
    others = _partners(conference, reader, PartnerKind.CO_ORGANISER)
    return [{"@type": "Organization", "name": host.name, "url": url}, *others]


def _offers(conference: Conference, here: _Page) -> dict[str, Any]:
    """Return the place that one may register for; whether there still is one, the form says."""
    if conference.state != ConferenceState.PUBLISHED or conference.ends_at <= timezone.now():
        return {}
    countries = [row.venue.country for row in conference.conference_venues.all()]
    country = next(filter(None, [*countries, conference.organisation.country]), "")
    known = country in get_global("territory_currencies")
    money = get_territory_currencies(country) if known else []
    return {
        "@type": "Offer",
        "url": f"{here.url('conference')}register/",
        "price": "0",
        "priceCurrency": next(iter(money), "EUR"),
    }


def _partners(conference: Conference, reader: Reader, *kinds: str) -> list[dict[str, Any]]:
    found = []
    for partner in conference.partners.all():
        if partner.kind in kinds:
            one = {"@type": "Organization", "name": reader.text(partner.name)}
            found.append(one | ({"url": partner.url} if partner.url else {}))
    return found


def _person(part: ParticipationView, here: _Page) -> dict[str, Any]:
    name = full_name(*name_in(here.reader.tag, part))
    return {"@type": "Person", "name": name, "url": here.url("speaker", code=part.person_code)}


def _sub_event(session: SessionView, whole: dict[str, Any], here: _Page) -> dict[str, Any]:
    """Return a session: by itself it is an event as complete as the conference."""
    zone = here.conference.time_zone
    is_off = session.state == SessionState.CANCELLED
    data: dict[str, Any] = {
        "@type": "Event",
        "name": here.reader.text(session.title),
        "url": here.url("session", code=session.code),
        "eventStatus": f"{_SCHEMA}EventCancelled" if is_off else _status(here.conference, ()),
        "eventAttendanceMode": whole["eventAttendanceMode"],
        "location": _where(session, whole["location"], here),
        "organizer": whole["organizer"],
        "image": whole["image"],
        "isAccessibleForFree": True,
    }
    if session.starts_at is not None and session.ends_at is not None:
        data["startDate"] = with_offset(session.starts_at, zone)
        data["endDate"] = with_offset(session.ends_at, zone)
    optional = {
        "description": first_sentences(here.reader.text(session.abstract), 2, 300),
        "inLanguage": session.language,
        "performer": [_person(part, here) for part in session.participations],
    }
    return data | {name: value for name, value in optional.items() if value}


def _where(session: SessionView, places: list[dict[str, Any]], here: _Page) -> list[dict[str, Any]]:
    """Return the room in its house; without a room, where the conference is."""
    if session.room is None:
        return places
    rows = here.conference.conference_venues.all()
    houses = [row.venue for row in rows if row.venue.code == session.room.venue_code]
    if not houses or here.conference.mode == ConferenceMode.ONLINE:
        return places
    house = _place(houses[0], here.reader)
    name = ", ".join(filter(None, [here.reader.text(session.room.name), house["name"]]))
    return [{**house, "name": name}, *(p for p in places if p["@type"] == "VirtualLocation")]


def outcome_data(conference: Conference, outcome: Outcome, reader: Reader) -> dict[str, Any]:
    """Return an outcome page as a schema.org Report about its event."""
    at = {"organisation": conference.organisation.slug, "conference": conference.slug}
    page = absolute_url(reverse("outcome", kwargs=at))
    published = outcome.published_at or outcome.updated_at
    return {
        "@context": "https://schema.org",
        "@type": "Report",
        "@id": page,
        "url": page,
        "headline": reader.text(outcome.headline),
        "inLanguage": reader.tag,
        "datePublished": published.astimezone(ZoneInfo(conference.time_zone)).isoformat(
            timespec="seconds"
        ),
        "publisher": {"@type": "Organization", "name": conference.organisation.name},
        "about": {
            "@type": "Event",
            "@id": absolute_url(reverse("conference", kwargs=at)),
            "name": reader.text(conference.title),
            "startDate": with_offset(conference.starts_at, conference.time_zone),
        },
    }

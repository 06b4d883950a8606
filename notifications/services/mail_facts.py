"""What mails say about a conference: the same for all its readers of one language.

Kept in the process for a second at most, so that a thousand mails read it once; a move, a new
programme or a changed title is another key and shows at once.
"""

from __future__ import annotations

import time
from typing import Final

from core.links import absolute_url
from core.text import pick_text
from events.enums import ConferenceMode
from events.models import Conference, Venue
from notifications.services import wording
from notifications.services.texts import PLACEHOLDERS
from notifications.services.values import Values, line, lines, paragraphs, sentence, values

FRESH_SECONDS: Final = 1.0
_KEPT: Final = 200
_shared: dict[tuple[object, ...], tuple[float, Values]] = {}


def forget() -> None:
    """Forget what is kept in this process."""
    _shared.clear()


def conference_values(conference: Conference, language: str) -> Values:
    """Return what a mail in `language` may say about the conference."""
    key = (
        conference.uid,
        conference.version,
        conference.plan_revision,
        conference.updated_at,
        language,
    )
    now = time.monotonic()
    kept = _shared.get(key)
    if kept is not None and kept[0] > now:
        return kept[1]
    if len(_shared) >= _KEPT:
        _shared.clear()
    fresh = _conference_values(conference, language)
    _shared[key] = (now + FRESH_SECONDS, fresh)
    return fresh


def _street(venue: Venue) -> str:
    city = " ".join(filter(None, (line(venue.postal_code), line(venue.city))))
    return ", ".join(filter(None, (line(venue.street), city)))


def _place(conference: Conference, language: str) -> dict[str, str]:
    languages = conference.languages
    online = paragraphs(pick_text(conference.online_note, language, languages))
    link = conference.conference_venues.select_related("venue").order_by("order", "id").first()
    if conference.mode == ConferenceMode.ONLINE or link is None:
        is_online = conference.mode != ConferenceMode.IN_PERSON
        return {
            "place": wording.words(language).phrases["online"] if is_online else "",
            "online": online if is_online else "",
        }
    venue = link.venue
    name = line(pick_text(venue.name, language, languages))
    return {
        "venue": name,
        "street": _street(venue),
        "place": lines((name, _street(venue))),
        "entrance": paragraphs(pick_text(venue.entrance, language, languages)),
        "directions": paragraphs(pick_text(venue.directions, language, languages)),
        "access": paragraphs(pick_text(venue.access, language, languages)),
        "online": online if conference.mode == ConferenceMode.HYBRID else "",
    }


def _time(conference: Conference, language: str) -> dict[str, str]:
    start, end = conference.start_local, conference.end_local
    if start is None or end is None:  # the columns are not null; the type of the field is
        return {}
    phrases = wording.words(language).phrases
    doors = conference.doors_local
    return {
        "when": sentence(wording.span(start, end, conference.time_zone, language)),
        "day": sentence(wording.day_date(start.date(), language)),
        "time": wording.clock(start),
        "short_date": wording.short_date(start.date(), language),
        "on_day": wording.on_day(start.date(), language),
        "doors": phrases["from"] % wording.clock(doors) if doors else "",
    }


def _contact(conference: Conference) -> dict[str, str]:
    organisation = conference.organisation
    name = line(conference.contact_name)
    email = line(conference.contact_email or organisation.contact_email)
    phone = line(conference.contact_phone or organisation.contact_phone)
    return {
        "contact_name": name,
        "contact_email": email,
        "contact_phone": phone,
        "contact": ", ".join(filter(None, (name, email, phone))),
    }


def _conference_values(conference: Conference, language: str) -> Values:
    organisation = conference.organisation
    home = absolute_url(f"/{organisation.slug}/")
    page = f"{home}{conference.slug}/"
    return values(
        {
            **dict.fromkeys(PLACEHOLDERS, ""),
            "title": line(pick_text(conference.title, language, conference.languages)),
            "organisation": line(organisation.name),
            "organisation_url": home,
            "conference_url": page,
            "programme_url": f"{page}programme/",
            **_time(conference, language),
            **_place(conference, language),
            **_contact(conference),
        }
    )

"""What mails say about a conference: the same for all its readers of one language.

Kept in the process for a second at most, so that a thousand mails read it once; a move, a new
programme or a changed title is another key and shows at once.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.utils import timezone

from core.colours import twins_of
from core.links import absolute_url
from core.text import pick_text
from events.enums import ConferenceMode
from events.models import Conference, Outcome, Venue
from events.programme import Programme, SessionView
from events.services.schedules import current_programme
from notifications.services import programme_facts, wording
from notifications.services.markup import PLACEHOLDERS
from notifications.services.values import Values, html, line, lines, paragraphs, sentence, values

T = TypeVar("T")
FRESH_SECONDS: Final = 1.0
_KEPT: Final = 400
_kept: dict[tuple[object, ...], tuple[float, Any]] = {}


def forget() -> None:
    """Forget what is kept in this process."""
    _kept.clear()


def shortly(conference: Conference, make: Callable[[], T], *rest: object) -> T:
    """Return what `make` makes, or made within the last second for the same conference."""
    key = (
        conference.uid,
        conference.version,
        conference.plan_revision,
        conference.updated_at,
        *rest,
    )
    now = time.monotonic()
    kept = _kept.get(key)
    if kept is not None and kept[0] > now:
        answer: T = kept[1]
        return answer
    if len(_kept) >= _KEPT:
        _kept.clear()
    fresh = make()
    _kept[key] = (now + FRESH_SECONDS, fresh)
    return fresh


def programme_of(conference: Conference) -> Programme:
    """Return the published programme."""
    return shortly(conference, lambda: current_programme(conference), "programme")


def shared_values(conference: Conference, language: str, session_code: str = "") -> Values:
    """Return what a mail in `language` may say about the conference, or about one session of it.

    Arguments:
        session_code: the session that the mail is about; "" for the whole conference. One that is
            not in the published programme counts as none.
    """

    def make() -> Values:
        return _shared_values(conference, language, session_code)

    return shortly(conference, make, language, session_code)


def _street(venue: Venue) -> str:
    city = " ".join(filter(None, (line(venue.postal_code), line(venue.city))))
    return ", ".join(filter(None, (line(venue.street), city)))


def _place(conference: Conference, session: SessionView | None, language: str) -> dict[str, str]:
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
    room = session.room if session else None
    return {
        "venue": name,
        "street": _street(venue),
        "place": lines(
            (pick_text(room.name, language, languages) if room else "", name, _street(venue))
        ),
        "entrance": paragraphs(pick_text(venue.entrance, language, languages)),
        "directions": paragraphs(pick_text(venue.directions, language, languages)),
        "access": paragraphs(pick_text(venue.access, language, languages)),
        "online": online if conference.mode == ConferenceMode.HYBRID else "",
    }


def _time(start: dt.datetime, end: dt.datetime, zone: str, language: str) -> dict[str, str]:
    return {
        "when": sentence(wording.span(start, end, zone, language)),
        "day": sentence(wording.day_date(start.date(), language)),
        "time": wording.clock(start),
        "short_date": wording.short_date(start.date(), language),
        "on_day": wording.on_day(start.date(), language),
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


def _contact_links(conference: Conference) -> dict[str, str]:
    """Return the contact for HTML, where address and number can be touched."""
    contact = _contact(conference)
    email, phone = html(contact["contact_email"]), html(contact["contact_phone"])
    digits = "".join(char for char in phone if char in "+0123456789")
    colour = twins_of(conference.organisation.accent)[0]
    link = f'<a class="mail-link" href="{{}}" style="color:{colour}">{{}}</a>'.format
    parts = (
        html(contact["contact_name"]),
        link(f"mailto:{email}", email) if email else "",
        link(f"tel:{digits}", phone.replace(" ", "&nbsp;")) if digits else phone,
    )
    return {"contact": ", ".join(filter(None, parts))}


def _outcome_url(conference: Conference, page: str) -> str:
    now = timezone.now()
    published = Outcome.objects.filter(conference=conference, published_at__lte=now).exists()
    return f"{page}outcome/" if published else ""


def _shared_values(conference: Conference, language: str, session_code: str) -> Values:
    organisation, languages = conference.organisation, conference.languages
    programme = programme_of(conference)
    session = programme.sessions_by_code.get(session_code)
    start, end = conference.start_local, conference.end_local
    if session is not None:
        start, end = session.start_local or start, session.end_local or end
    if start is None or end is None:
        raise ValueError("The conference has no time.")
    times = _time(start, end, conference.time_zone, language)
    spoken = programme_facts.held([session] if session else programme.sessions())
    plain, marked_up = programme_facts.speakers(spoken, language)
    home = absolute_url(f"/{organisation.slug}/")
    page = f"{home}{conference.slug}/"
    title = line(pick_text(conference.title, language, languages))
    doors = conference.doors_local if session is None else None
    return values(
        {
            **dict.fromkeys(PLACEHOLDERS, ""),
            "title": line(pick_text(session.title, language, languages)) if session else title,
            "part_of": title if session else "",
            "organisation": line(organisation.name),
            "organisation_url": home,
            "conference_url": page,
            "programme_url": f"{page}programme/" if programme.version else "",
            "outcome_url": _outcome_url(conference, page),
            **times,
            "doors": wording.words(language).phrases["from"] % wording.clock(doors)
            if doors
            else "",
            **_place(conference, session, language),
            "record": programme_facts.record(spoken, language, languages),
            "speakers": plain,
            **_contact(conference),
        },
        {"speakers": marked_up, **_contact_links(conference)},
    )

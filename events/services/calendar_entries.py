"""One entry of a calendar: a session, a conference, or a session that is no more. Pure.

Nothing in it depends on when it is written: an entry that has not changed is the same to the byte.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Event, vCalAddress

from core.calendars import organiser
from core.links import absolute_url
from core.text import full_name
from events import words
from events.enums import ConferenceState, ParticipationRole, SessionKind, SessionState
from events.languages import Reader, name_in
from events.models import Conference, Venue
from events.programme import ParticipationView, RoomView, SessionView
from events.sentences import first_sentences
from events.services.former_sessions import FormerSession, Written

_OFF: Final = (ConferenceState.CANCELLED, ConferenceState.POSTPONED)
# Of what a session is about, so much stands in the entry; the page says the rest.
_SENTENCES: Final = 6
_LETTERS: Final = 600


@dataclass(frozen=True, slots=True)
class Facts:
    """What the entries of one conference have in common.

    Arguments:
        conference: with its organisation, and its venues prefetched.
        changed_at: when its programme or the conference itself last changed.
    """

    conference: Conference
    reader: Reader
    changed_at: dt.datetime

    @property
    def slugs(self) -> dict[str, str]:
        house = self.conference.organisation.slug
        return {"organisation": house, "conference": self.conference.slug}

    @property
    def is_off(self) -> bool:
        """Tell whether nothing of it takes place, as far as anybody knows."""
        return self.conference.state in _OFF

    def url(self, name: str, **more: str) -> str:
        """Return the absolute address of a page, in the language that the reader chose."""
        path = reverse(name, kwargs={**self.slugs, **more})
        return absolute_url(path + self.reader.query)


def sequence_of(conference: Conference, version: int) -> int:
    """Return the SEQUENCE of an entry: it rises with whatever changes it, and never falls.

    Feeds and mails say the same one, because calendar programs refuse an entry that looks older
    than theirs.

    Arguments:
        version: of the session that it is about, or of the conference.
    """
    return conference.plan_revision + version


def conference_entry(facts: Facts, *, is_background: bool) -> Event:
    """Return a conference as one entry.

    Arguments:
        is_background: whether its sessions stand beside it, so that it takes nobody's time.
    """
    row, reader = facts.conference, facts.reader
    entry = _entry(facts, str(row.uid), sequence_of(row, row.version), facts.changed_at)
    _add_time(entry, row.starts_at, row.ends_at, row.time_zone)
    _add_title(entry, facts, reader.text(row.title), cancelled=False)
    about = reader.text(row.subtitle) or reader.text(row.description)
    page = facts.url("conference")
    lines = [first_sentences(about, _SENTENCES, _LETTERS), page]
    entry.add("description", "\n\n".join(line for line in lines if line))
    venues = [link.venue for link in row.conference_venues.all()]
    if venues:
        entry.add("location", _address(venues[0], reader))
        _add_position(entry, venues[0])
    entry.add("url", page)
    entry.add("transp", "TRANSPARENT" if is_background else "OPAQUE")
    return entry


def session_entry(
    facts: Facts, session: SessionView, written: Written, *, called_off: bool = False
) -> Event:
    """Return a session of the published programme as an entry; it needs a time.

    Arguments:
        written: the version of its row, and when that last changed.
        called_off: whether it is not for the readers of this calendar any more.
    """
    if session.starts_at is None or session.ends_at is None:
        raise ValueError("A session without a time has no calendar entry.")
    row, reader = facts.conference, facts.reader
    changed_at = max(facts.changed_at, written.changed_at or facts.changed_at)
    entry = _entry(facts, session.uid, sequence_of(row, written.version), changed_at)
    _add_time(entry, session.starts_at, session.ends_at, row.time_zone)
    is_cancelled = called_off or session.state == SessionState.CANCELLED
    _add_title(entry, facts, reader.text(session.title), cancelled=is_cancelled)
    page = facts.url("session", code=session.code)
    entry.add("description", _about(facts, session, page))
    _add_place(entry, facts, session.room)
    entry.add("url", page)
    entry.add("categories", _categories(session, reader))
    entry.add("related-to", str(row.uid), parameters={"RELTYPE": "PARENT"})
    entry.add("transp", "TRANSPARENT" if session.kind == SessionKind.BREAK else "OPAQUE")
    return entry


def former_entry(facts: Facts, former: FormerSession, written: Written) -> Event:
    """Return a session that readers once saw here as a cancelled entry, where it then stood."""
    row, reader = facts.conference, facts.reader
    changed_at = max(facts.changed_at, former.left_at)
    entry = _entry(facts, former.uid, sequence_of(row, written.version), changed_at)
    _add_time(entry, former.starts_at, former.ends_at, row.time_zone)
    _add_title(entry, facts, reader.text(former.title), cancelled=True)
    entry.add("related-to", str(row.uid), parameters={"RELTYPE": "PARENT"})
    entry.add("transp", "TRANSPARENT")
    return entry


def _entry(facts: Facts, uid: str, sequence: int, changed_at: dt.datetime) -> Event:
    entry = Event()
    entry.add("uid", uid)
    moment = changed_at.astimezone(dt.UTC)
    entry.add("dtstamp", moment)
    entry.add("last-modified", moment)
    entry.add("sequence", sequence)
    entry.add("organizer", organiser_of(facts.conference))
    return entry


def organiser_of(conference: Conference) -> vCalAddress:
    """Return who organises a conference and where to write to."""
    host = conference.organisation
    address = conference.contact_email or host.contact_email or settings.DEFAULT_FROM_EMAIL
    return organiser(address, host.name)


def _add_time(entry: Event, starts_at: dt.datetime, ends_at: dt.datetime, zone: str) -> None:
    here = ZoneInfo(zone)
    entry.add("dtstart", starts_at.astimezone(here))
    if ends_at > starts_at:
        entry.add("dtend", ends_at.astimezone(here))


def _add_title(entry: Event, facts: Facts, title: str, *, cancelled: bool) -> None:
    """Say what it is; programs that know no STATUS read in the title that it is off."""
    off = cancelled or facts.is_off
    if facts.conference.state == ConferenceState.POSTPONED and not cancelled:
        title = _("Postponed: %(title)s") % {"title": title}
    elif off:
        title = _("Cancelled: %(title)s") % {"title": title}
    entry.add("summary", title)
    entry.add("status", "CANCELLED" if off else "CONFIRMED")


def _about(facts: Facts, session: SessionView, page: str) -> str:
    reader = facts.reader
    people = "\n".join(_people(session, reader))
    about = first_sentences(reader.text(session.abstract), _SENTENCES, _LETTERS)
    return "\n\n".join(part for part in (people, about, page) if part)


def _people(session: SessionView, reader: Reader) -> Iterable[str]:
    for part in session.participations:
        role = words.ROLES[ParticipationRole(part.role)]
        yield f"{role}: {_named(part, reader)}"


def _named(part: ParticipationView, reader: Reader) -> str:
    name = full_name(*name_in(reader.tag, part))
    who = f"{part.honorific} {name}" if part.honorific else name
    return ", ".join(text for text in (who, part.position, part.affiliation) if text)


def _categories(session: SessionView, reader: Reader) -> list[str]:
    track = [reader.text(session.track.name)] if session.track else []
    return [str(words.SESSION_KINDS[SessionKind(session.kind)]), *track]


def _add_place(entry: Event, facts: Facts, room: RoomView | None) -> None:
    """Say the room and how to find its house; without a room, where the conference is."""
    reader = facts.reader
    venues = [link.venue for link in facts.conference.conference_venues.all()]
    if room is None:
        place = _address(venues[0], reader) if venues else ""
        venue = venues[0] if venues else None
    else:
        venue = next((one for one in venues if one.code == room.venue_code), None)
        house = _address(venue, reader) if venue else reader.text(room.venue_name)
        place = ", ".join(text for text in (reader.text(room.name), house) if text)
    if place:
        entry.add("location", place)
    if venue is not None:
        _add_position(entry, venue)


def _add_position(entry: Event, venue: Venue) -> None:
    if venue.latitude is not None and venue.longitude is not None:
        entry.add("geo", (float(venue.latitude), float(venue.longitude)))


def _address(venue: Venue, reader: Reader) -> str:
    town = " ".join(part for part in (venue.postal_code, venue.city) if part)
    return ", ".join(part for part in (reader.text(venue.name), venue.street, town) if part)

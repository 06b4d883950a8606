"""Calendars that one subscribes to: of a conference, a room, a person, a host, or one session.

They are made of the published programme and say nothing of when they are read, so that what has not
changed is the same to the byte. METHOD is PUBLISH: nobody is asked for an answer.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Event

from accounts.models import Organisation
from core.calendars import Head, Zone, calendar_object, zones_of
from core.links import absolute_url
from core.text import full_name
from events.languages import Reader, name_in
from events.models import Conference, PersonalSelection
from events.programme import Programme, SessionView
from events.services.calendar_entries import (
    Facts,
    conference_entry,
    former_entry,
    session_entry,
)
from events.services.former_sessions import FormerSession, History, history_of

_METHOD = "PUBLISH"


def calendar_of(
    conference: Conference,
    programme: Programme,
    *,
    reader: Reader,
    codes: Collection[str] | None = None,
    history: History | None = None,
    former: Sequence[FormerSession] | None = None,
    called_off: Collection[str] = (),
    head: Head | None = None,
) -> bytes:
    """Return the calendar of a conference's programme, or of some of its sessions. Pure.

    Without `codes` the conference stands in it, too, as an entry of its own.

    Arguments:
        conference: with its organisation, and its venues prefetched.
        codes: of the sessions that are in it; what left the programme is told of these alone.
        history: what left the programme, and the versions of its rows (`history_of`).
        former: what is told as cancelled instead: what left a room, or a person.
        called_off: codes of sessions that take place, but not for who reads this calendar.
        head: what the calendar says of itself; without one it is that of the whole conference.
    """
    history = history or History()
    with translation.override(reader.catalogue):
        facts = Facts(conference, reader, changed_at(conference, programme))
        gone = history.of_programme(codes) if former is None else former
        wanted = {*codes, *called_off} if codes is not None else None
        sessions = [
            session
            for session in programme.sessions()
            if session.starts_at is not None and (wanted is None or session.code in wanted)
        ]
        entries = [] if codes is not None else [_whole(facts, sessions)]
        entries += [
            session_entry(
                facts, one, history.row(one.code), called_off=_is_off(one, codes, called_off)
            )
            for one in sessions
        ]
        shown = {one.code for one in sessions}
        lost = {one.code: one for one in gone if one.code not in shown}.values()
        entries += [former_entry(facts, one, history.row(one.code)) for one in lost]
        starts = [
            conference.starts_at,
            *(one.starts_at for one in sessions),
            *(one.starts_at for one in lost),
        ]
        zone = conference.time_zone
        return calendar_object(
            entries,
            method=_METHOD,
            zones=zones_of(
                (zone, start.astimezone(ZoneInfo(zone))) for start in starts if start is not None
            ),
            head=head or conference_head(conference, programme, reader),
        )


def _is_off(
    session: SessionView, codes: Collection[str] | None, called_off: Collection[str]
) -> bool:
    return session.code in called_off and (codes is None or session.code not in codes)


def _whole(facts: Facts, sessions: Sequence[SessionView]) -> Event:
    return conference_entry(facts, is_background=bool(sessions))


def changed_at(conference: Conference, programme: Programme) -> dt.datetime:
    """Return when a conference or its published programme last changed."""
    return max(conference.updated_at, programme.published_at or conference.updated_at)


def conference_head(
    conference: Conference,
    programme: Programme,
    reader: Reader,
    *,
    name: str = "",
    page: str = "",
    source: str = "",
    seed: str = "",
) -> Head:
    """Return what a calendar of a conference says of itself.

    Arguments:
        name: before the conference's title: of a room, a person, a selection.
        page, source: paths of the page and of the calendar; without them the conference's.
        seed: what makes it another calendar than the conference's.
    """
    at = {"organisation": conference.organisation.slug, "conference": conference.slug}
    title = reader.text(conference.title)
    query = f"?lang={reader.tag}"
    return Head(
        uid=str(uuid.uuid5(conference.uid, f"calendar {seed}".strip())),
        name=f"{name} · {title}" if name else title,
        description=reader.text(conference.subtitle),
        page=absolute_url((page or reverse("conference", kwargs=at)) + query),
        source=absolute_url((source or reverse("conference-calendar", kwargs=at)) + query),
        changed_at=changed_at(conference, programme),
        zone=conference.time_zone,
    )


def conference_calendar(conference: Conference, programme: Programme, reader: Reader) -> bytes:
    """Return the conference with all its sessions."""
    return calendar_of(conference, programme, reader=reader, history=history_of(conference))


def session_calendar(
    conference: Conference, programme: Programme, reader: Reader, code: str
) -> bytes | None:
    """Return one session; None for one that neither is in the programme nor was lately."""
    history = history_of(conference)
    former = history.of_programme({code})
    session = programme.sessions_by_code.get(code)
    if session is None and not former:
        return None
    title = reader.text(session.title if session else former[0].title)
    at = {"organisation": conference.organisation.slug, "conference": conference.slug}
    return calendar_of(
        conference,
        programme,
        reader=reader,
        codes={code},
        history=history,
        head=conference_head(
            conference,
            programme,
            reader,
            name=title,
            page=reverse("session", kwargs={**at, "code": code}) if session else "",
            source=reverse("session-calendar", kwargs={**at, "code": code}),
            seed=f"session {code}",
        ),
    )


def room_calendar(
    conference: Conference, programme: Programme, reader: Reader, code: str
) -> bytes | None:
    """Return what is in one room; None for a room that the programme does not know."""
    room = next((one for one in programme.rooms if one.code == code), None)
    if room is None:
        return None
    history = history_of(conference)
    at = {"organisation": conference.organisation.slug, "conference": conference.slug}
    return calendar_of(
        conference,
        programme,
        reader=reader,
        codes={one.code for one in programme.sessions() if one.room and one.room.code == code},
        history=history,
        former=history.of_room(code),
        head=conference_head(
            conference,
            programme,
            reader,
            name=reader.text(room.name),
            page=reverse("programme", kwargs=at),
            source=reverse("room-calendar", kwargs={**at, "code": code}),
            seed=f"room {code}",
        ),
    )


def person_calendar(
    conference: Conference, programme: Programme, reader: Reader, code: str
) -> bytes | None:
    """Return where one person speaks; None for who neither is in the programme nor was lately.

    Who has declined since is named no more: what they were announced for is told as cancelled.
    """
    history = history_of(conference)
    parts = programme.sessions_of(code)
    codes = {session.code for session, _part in parts}
    called_off = set(history.announced.get(code, ())) - codes
    former = history.of_person(code)
    if not (parts or called_off or former):
        return None
    at = {"organisation": conference.organisation.slug, "conference": conference.slug}
    page = reverse("speaker", kwargs={**at, "code": code})
    return calendar_of(
        conference,
        programme,
        reader=reader,
        codes=codes,
        history=history,
        former=former,
        called_off=called_off,
        head=conference_head(
            conference,
            programme,
            reader,
            name=full_name(*name_in(reader.tag, parts[0][1])) if parts else "",
            page=page if parts else "",
            source=reverse("person-calendar", kwargs={**at, "code": code}),
            seed=f"person {code}",
        ),
    )


def selection_calendar(
    selection: PersonalSelection,
    conference: Conference,
    programme: Programme,
    reader: Reader,
    page: str,
) -> bytes:
    """Return what one reader has chosen.

    Arguments:
        page: the path of the selection's own page; its calendar stands below it.
    """
    with translation.override(reader.catalogue):
        name = _("Your own selection")
    head = conference_head(
        conference,
        programme,
        reader,
        name=name,
        page=page,
        source=f"{page}calendar.ics",
        seed=f"selection {selection.code}",
    )
    return calendar_of(
        conference,
        programme,
        reader=reader,
        codes=set(selection.sessions),
        history=history_of(conference),
        head=replace(head, changed_at=max(head.changed_at, selection.updated_at)),
    )


def organisation_calendar(organisation: Organisation, reader: Reader) -> bytes:
    """Return the public conferences of a host, an entry each; a few queries."""
    rows = list(
        Conference.objects.listed()
        .filter(organisation=organisation)
        .prefetch_related("conference_venues__venue")
        .order_by("starts_at", "pk")
    )
    at = {"organisation": organisation.slug}
    with translation.override(reader.catalogue):
        entries, starts = [], []
        for row in rows:
            row.organisation = organisation
            facts = Facts(row, reader, row.updated_at)
            entries.append(conference_entry(facts, is_background=False))
            starts.append((row.time_zone, row.starts_at.astimezone(ZoneInfo(row.time_zone))))
        year = organisation.created_at.year
        return calendar_object(
            entries,
            method=_METHOD,
            zones=zones_of(starts) or [Zone(organisation.time_zone, year, year)],
            head=Head(
                uid=str(uuid.uuid5(organisation.uid, "calendar")),
                name=organisation.name,
                description=_("Conferences of %(host)s") % {"host": organisation.name},
                page=absolute_url(reverse("organisation", kwargs=at) + f"?lang={reader.tag}"),
                source=absolute_url(
                    reverse("organisation-calendar", kwargs=at) + f"?lang={reader.tag}"
                ),
                changed_at=max([organisation.updated_at, *(row.updated_at for row in rows)]),
                zone=organisation.time_zone,
            ),
        )

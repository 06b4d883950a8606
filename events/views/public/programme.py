"""The programme: by day, track, room and words; what is on now; who speaks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.text import search_key
from events import dates
from events.enums import ConferenceMode, SessionKind, SessionState
from events.languages import Reader
from events.models import Conference
from events.programme import Programme, SessionView
from events.services.schedules import current_programme
from events.services.stamps import Stamp
from events.views.public.choosing import (
    EVERY_DAY,
    NAMES,
    Choice,
    choose_from,
    tracks_of,
)
from events.views.public.context import conference_context, conference_of
from events.views.public.people import Face, face_of
from events.views.public.serving import Asked, Page, asked_page, public_page
from events.views.public.streams import streams_of
from events.views.public.timetable import timetable
from events.zones import OFFERED

# A programme with more sessions than these is shown without abstracts and can be searched.
MOST_WITH_ABSTRACTS = 60
FEWEST_TO_SEARCH = 8
# How many of what comes next are shown, and how soon it begins.
MOST_NEXT = 40
NEXT_WITHIN = dt.timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Option:
    """One thing of a list to choose from."""

    value: str
    label: str
    url: str
    is_chosen: bool


@asked_page(*NAMES)
def programme_page(stamp: Stamp, reader: Reader, at: dict[str, str], asked: Asked) -> Page:
    """The programme by day and room: all of it, or what the address asks for."""
    conference = conference_of(stamp.pk)
    programme = current_programme(conference)
    choice = choose_from(conference, programme, asked, reverse("programme", kwargs=at))
    if choice is None:
        return None
    days, number = choice.days()
    unscheduled = choice.unscheduled()
    context = conference_context(conference, reader, "programme", at, choice.canonical)
    total = sum(len(day.sessions) for day in programme.days)
    context |= {
        "programme": programme,
        "days": timetable(programme, reader, at, days),
        "main_width": "wide",
        "noindex": context["noindex"] or bool(choice.words) or choice.is_elsewhere,
        "live": True,
        "briefly": total > MOST_WITH_ABSTRACTS,
        "choice": choice,
        "can_search": total >= FEWEST_TO_SEARCH or bool(choice.narrows),
        "unscheduled": unscheduled,
        "found": number + len(unscheduled),
        "found_shown": sum(len(day.sessions) for day in days) + len(unscheduled),
        "asked_for": _asked_for(choice, reader),
        "whole_url": reverse("programme", kwargs=at) + reader.query,
        "day_links": _day_links(choice, reader),
        "tracks": _tracks(choice, reader),
        "rooms": _rooms(choice, reader),
        "shown_zone": choice.zone,
        "zones": _zones(conference, choice, reader),
        "has_speakers": any(session.participations for session in programme.sessions()),
        "streams": streams_of(conference, reader, programme),
    }
    return "events/public/programme.html", context


@public_page
def now_page(stamp: Stamp, reader: Reader, at: dict[str, str]) -> Page:
    """What is on at this minute and what comes next, room by room."""
    conference = conference_of(stamp.pk)
    programme = current_programme(conference)
    context = conference_context(conference, reader, "now", at)
    now = timezone.now()
    here = [s for day in programme.days for s in day.sessions if s.state != SessionState.CANCELLED]
    running = [s for s in here if s.starts_at and s.ends_at and s.starts_at <= now < s.ends_at]
    context |= {
        "programme": programme,
        "running": running,
        "coming": _coming(here, now),
        "time_now": now.astimezone(ZoneInfo(conference.time_zone)),
        "is_running": conference.starts_at <= now < conference.ends_at,
        "streams": streams_of(conference, reader, programme),
        "live": True,
    }
    return "events/public/now.html", context


@asked_page("q")
def speakers_page(stamp: Stamp, reader: Reader, at: dict[str, str], asked: Asked) -> Page:
    """Everybody who speaks, by family name."""
    conference = conference_of(stamp.pk)
    programme = current_programme(conference)
    context = conference_context(conference, reader, "speakers", at)
    wanted = search_key(asked.get("q", "")).split()
    faces = _speakers(programme, reader, at)
    found = [face for face, key in faces if all(word in key for word in wanted)]
    context |= {
        "main_width": "wide",
        "noindex": context["noindex"] or bool(wanted),
        "faces": found,
        "everybody": len(faces),
        "words": asked.get("q", ""),
        "can_search": len(faces) >= FEWEST_TO_SEARCH,
    }
    return "events/public/speakers.html", context


def _speakers(programme: Programme, reader: Reader, at: dict[str, str]) -> list[tuple[Face, str]]:
    """Return everybody with the key by which they are found, in the order of their names."""
    rows = []
    for part in programme.speakers():
        face = face_of(part, SessionKind.DISCUSSION, reader, at)
        names = [name for one in part.names_by_script.values() for name in one.values()]
        key = search_key(
            *(part.given_name, part.family_name, *names, face.name),
            *(part.affiliation, part.position),
        )
        order = (search_key(face.family_name), search_key(face.given_name), part.person_code)
        rows.append((order, face, key))
    rows.sort(key=lambda row: row[0])
    return [(face, key) for _order, face, key in rows]


def _coming(sessions: list[SessionView], now: dt.datetime) -> list[SessionView]:
    """Return what begins next: with the first of it what begins within half an hour."""
    later = [s for s in sessions if s.starts_at is not None and s.starts_at > now]
    if not later:
        return []
    first = min(s.starts_at for s in later if s.starts_at is not None)
    soon = [s for s in later if s.starts_at is not None and s.starts_at < first + NEXT_WITHIN]
    return soon[:MOST_NEXT]


def _asked_for(choice: Choice, reader: Reader) -> list[str]:
    """Return what the programme was narrowed to, in words."""
    words = []
    if choice.words:
        words.append(_("“%(words)s”") % {"words": choice.words})
    track, room = choice.asked.get("track"), choice.asked.get("room")
    words += [reader.text(one.name) for one in choice.programme.tracks if one.slug == track]
    words += [reader.text(one.name) for one in choice.programme.rooms if one.code == room]
    if choice.narrows and choice.date:
        words.append(dates.say_day(dt.date.fromisoformat(choice.date), reader.tag))
    return words


def _day_links(choice: Choice, reader: Reader) -> list[Option]:
    """Return a link for each day and one for all of them; nothing for a conference of one day."""
    if len(choice.all_days) < 2 or choice.narrows:  # noqa: PLR2004 - one day needs no choice
        return []
    links = [
        Option(
            date,
            dates.say_weekday(day.date, reader.tag),
            choice.path + choice.query(reader, day=date),
            choice.date == date,
        )
        for day in choice.all_days
        for date in [day.date.isoformat()]
    ]
    every = EVERY_DAY if choice.is_large else ""
    url = choice.path + choice.query(reader, day=every)
    return [*links, Option(EVERY_DAY, _("All days"), url, not choice.date)]


def _tracks(choice: Choice, reader: Reader) -> list[Option]:
    rows = tracks_of(choice.programme)
    return [
        Option(
            track.slug,
            reader.text(track.name),
            choice.path + choice.query(reader, track=track.slug),
            track.slug == choice.asked.get("track"),
        )
        for track in rows
        if len(rows) > 1
    ]


def _rooms(choice: Choice, reader: Reader) -> list[Option]:
    used = {s.room.code for s in choice.programme.sessions() if s.room is not None}
    rows = [room for room in choice.programme.rooms if room.code in used]
    return [
        Option(
            room.code,
            reader.text(room.name),
            choice.path + choice.query(reader, room=room.code),
            room.code == choice.asked.get("room"),
        )
        for room in rows
        if len(rows) > 1
    ]


def _zones(conference: Conference, choice: Choice, reader: Reader) -> list[Option]:
    """Return on whose clocks the times may be shown; nothing where everybody comes to one place."""
    if conference.mode == ConferenceMode.IN_PERSON and not choice.is_elsewhere:
        return []
    own = conference.time_zone
    names = dict.fromkeys([*OFFERED, own, choice.zone])
    start = conference.starts_at
    offsets = {
        name: start.astimezone(ZoneInfo(name)).utcoffset() or dt.timedelta() for name in names
    }
    ordered = sorted(names, key=lambda name: (offsets[name], name))
    return [
        Option(
            "" if name == own else name,
            f"{dates.zone_city(name, reader.tag)} (UTC{_offset(offsets[name])})",
            "",
            name == choice.zone,
        )
        for name in ordered
    ]


def _offset(offset: dt.timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    if not minutes:
        return ""
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "\N{MINUS SIGN}"
    return f"{sign}{hours}:{rest:02}" if rest else f"{sign}{hours}"

"""What schedule.xml and schedule.json say of a programme, before it is written as either.

Both formats (c3voc, frab, pretalx) know days, rooms and events: a session that has a time, in one
language. A night belongs to the evening before it. What was cancelled is no event, because the
formats have no word for it and their readers would show it as taking place.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.encoding import iri_to_uri

from core.links import absolute_url
from core.text import full_name
from events.dates import span_of
from events.enums import ConferenceState, SessionState
from events.exchange.schedule_parts import (
    Event,
    EventDay,
    Schedule,
    ScheduleLink,
    ScheduleTrack,
    Speaker,
)
from events.languages import Reader, name_in
from events.models import Conference
from events.programme import ParticipationView, Programme, RoomView, SessionView
from events.services.arranging import NIGHT, programme_day

MINUTE: Final = dt.timedelta(minutes=1)
DAY: Final = dt.timedelta(days=1)
# Readers take these names of versions for words of their own.
_RESERVED: Final = frozenset({"", "latest", "wip"})
# What readers get as the version before there is one.
_NOT_YET: Final = "0"
_LEAST: Final = 4
_NO_SIGN: Final = re.compile(r"[^a-z0-9]+")
# The numbers of events fit into 32 bits, because some readers keep them so.
_NUMBERS: Final = 2**31 - 1


def schedule_of(
    conference: Conference,
    programme: Programme,
    reader: Reader,
    links: Sequence[ScheduleLink] = (),
    logo_url: str = "",
) -> Schedule:
    """Return what there is to say of a published programme to this reader.

    Without a published programme, and while no date holds (cancelled, postponed), its days are
    those of the conference and empty: who reads it regularly goes on without an error.
    """
    facts = _Facts(conference, programme, reader, links)
    takes_place = conference.state not in {ConferenceState.CANCELLED, ConferenceState.POSTPONED}
    placed = [s for s in programme.sessions() if s.start_local is not None]
    planned = [s for s in placed if s.state == SessionState.PLANNED and takes_place]
    start, end = span_of(conference)
    return Schedule(
        language=reader.tag,
        version=version_of(programme),
        acronym=acronym_of(conference),
        title=reader.text(conference.title),
        start=facts.moment(conference.starts_at),
        end=facts.moment(conference.ends_at),
        time_zone=conference.time_zone,
        url=facts.page,
        logo_url=logo_url,
        colour=conference.organisation.accent,
        days=facts.days(planned, start.date(), end),
        rooms={name: room.uid for room, name in facts.rooms_in_order()},
        tracks=tuple(
            ScheduleTrack(reader.text(track.name), track.slug, track.colour)
            for track in programme.tracks
        ),
        cancelled=tuple(facts.event(s) for s in placed if s not in planned),
    )


def version_of(programme: Programme) -> str:
    """Return the version's name, which is never empty and no word that readers keep for theirs."""
    if programme.name.lower() in _RESERVED:
        return str(programme.version) if programme.version else _NOT_YET
    return programme.name


def acronym_of(conference: Conference) -> str:
    """Return the conference's slug as both formats allow it: no hyphen, four signs at least."""
    plain = _NO_SIGN.sub("_", conference.slug.lower()).strip("_") or "conference"
    return plain if len(plain) >= _LEAST else f"{plain}_{span_of(conference)[0].year}"


def number_of(code: str) -> int:
    """Return a code as a number, for readers that know no other names."""
    return int(code, 36) % _NUMBERS + 1


class _Facts:
    """Writes sessions of one programme for one reader."""

    def __init__(
        self,
        conference: Conference,
        programme: Programme,
        reader: Reader,
        links: Sequence[ScheduleLink],
    ) -> None:
        self.reader = reader
        self.links = links
        self.zone = ZoneInfo(conference.time_zone)
        self.at = {"organisation": conference.organisation.slug, "conference": conference.slug}
        self.page = absolute_url(reverse("conference", kwargs=self.at))
        self.house: uuid.UUID = conference.organisation.uid
        self.acronym = acronym_of(conference)
        self.rooms = programme.rooms
        self.names = _room_names(programme.rooms, reader)

    def moment(self, instant: dt.datetime) -> str:
        """Return an instant on the clocks there, with their offset on that day."""
        return instant.astimezone(self.zone).isoformat(timespec="seconds")

    def rooms_in_order(self) -> list[tuple[RoomView, str]]:
        return [(room, self.names[room.code]) for room in self.rooms]

    def event(self, session: SessionView) -> Event:
        start, end = session.starts_at, session.ends_at
        local = session.start_local
        if start is None or end is None or local is None:
            raise ValueError("an event has a time")
        return Event(
            session=session,
            number=number_of(session.code),
            date=self.moment(start),
            # What clocks show: a time that a change of clocks leaves out is the one after it.
            start=f"{start.astimezone(self.zone):%H:%M}",
            minutes=int((end - start) / MINUTE),
            room=self.names[session.room.code] if session.room else "",
            slug=f"{self.acronym}-{session.code.lower()}",
            url=absolute_url(reverse("session", kwargs={**self.at, "code": session.code})),
            title=self.reader.text(session.title),
            kind=session.kind.replace("_", " "),
            track=self.reader.text(session.track.name) if session.track else "",
            abstract=self.reader.text(session.abstract),
            speakers=tuple(self._speaker(part) for part in session.participations),
            links=tuple(
                ScheduleLink(link.session_code, link.title, _uri(link.url), link.is_file, link.kind)
                for link in self.links
                if link.session_code == session.code
            ),
        )

    def _speaker(self, part: ParticipationView) -> Speaker:
        page = reverse("speaker", kwargs={**self.at, "code": part.person_code})
        return Speaker(
            part=part,
            name=full_name(*name_in(self.reader.tag, part)),
            # Of nothing private: the format suggests the address, which anybody could then guess.
            guid=str(uuid.uuid5(self.house, part.person_code)),
            number=number_of(part.person_code),
            url=absolute_url(page),
            biography=self.reader.text(part.bio),
            photo_url=absolute_url(reverse("file", args=[part.photo])) if part.photo else "",
        )

    def days(
        self, sessions: Sequence[SessionView], first: dt.date, end: dt.datetime
    ) -> tuple[EventDay, ...]:
        """Return the days that have sessions, or those of the conference when none has any."""
        by_day: dict[dt.date, list[SessionView]] = {}
        for session in sessions:
            if session.start_local is not None:
                by_day.setdefault(programme_day(session.start_local, first), []).append(session)
        if not by_day:
            last = max(programme_day(end, first), first)
            by_day = {first + n * DAY: [] for n in range((last - first).days + 1)}
        return tuple(
            self._day(index, date, by_day[date]) for index, date in enumerate(sorted(by_day), 1)
        )

    def _day(self, index: int, date: dt.date, sessions: Sequence[SessionView]) -> EventDay:
        midnight = dt.datetime.combine(date, dt.time())
        begins, ends = self._local(midnight + NIGHT), self._local(midnight + DAY + NIGHT - MINUTE)
        events = [self.event(session) for session in sessions]
        starts = [session.starts_at for session in sessions if session.starts_at is not None]
        over = [session.ends_at for session in sessions if session.ends_at is not None]
        found: dict[str, list[Event]] = {}
        for _room, name in self.rooms_in_order():
            here = [event for event in events if event.room == name]
            if here:
                found[name] = here
        nowhere = [event for event in events if not event.room]
        if nowhere:
            found[""] = nowhere
        return EventDay(
            index=index,
            date=date,
            start=self.moment(min([begins, *starts])),
            end=self.moment(max([ends, *over])),
            rooms=found,
        )

    def _local(self, local: dt.datetime) -> dt.datetime:
        return local.replace(tzinfo=self.zone).astimezone(dt.UTC)


def _room_names(rooms: Sequence[RoomView], reader: Reader) -> dict[str, str]:
    """Return a name for each room that no other one has: two houses may have a "Hall 1" each."""
    plain = {room.code: reader.text(room.name) for room in rooms}
    names: dict[str, str] = {}
    for room in rooms:
        name = plain[room.code]
        if list(plain.values()).count(name) > 1:
            name = f"{name} ({reader.text(room.venue_name)})"
        if name in names.values() or not name:
            name = f"{name} {room.code}".strip()
        names[room.code] = name
    return names


def _uri(url: str) -> str:
    return absolute_url(url) if url.startswith("/") else iri_to_uri(url)

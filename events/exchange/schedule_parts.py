"""The parts of schedule.xml and schedule.json: days, events, speakers, links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from events.programme import ParticipationView, SessionView


@dataclass(frozen=True, slots=True)
class ScheduleLink:
    """A link or a file of a session; `kind` is a word of the formats: web, slides."""

    session_code: str
    title: str
    url: str
    is_file: bool = False
    kind: str = "web"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody on an event: `name` in the reader's script, `guid` and `number` made of the code."""

    part: ParticipationView
    name: str
    guid: str
    number: int
    url: str
    biography: str
    photo_url: str


@dataclass(frozen=True, slots=True)
class Event:
    """A session with a time, as the formats see one."""

    session: SessionView
    number: int
    date: str
    start: str
    minutes: int
    room: str
    slug: str
    url: str
    title: str
    kind: str
    track: str
    abstract: str
    speakers: tuple[Speaker, ...]
    links: tuple[ScheduleLink, ...]

    @property
    def duration(self) -> str:
        """Return how long it lasts: "01:30"."""
        return f"{self.minutes // 60:02}:{self.minutes % 60:02}"


@dataclass(frozen=True, slots=True)
class EventDay:
    """A day of the programme, from its early morning to that of the next one."""

    index: int
    date: dt.date
    start: str
    end: str
    rooms: Mapping[str, list[Event]]


@dataclass(frozen=True, slots=True)
class ScheduleTrack:
    name: str
    slug: str
    colour: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """A whole schedule in one language.

    Arguments:
        language: in which its texts are, where there are any in it.
        rooms: uids by the names that tell them apart.
        cancelled: events that do not take place; no day holds them.
    """

    language: str
    version: str
    acronym: str
    title: str
    start: str
    end: str
    time_zone: str
    url: str
    logo_url: str
    colour: str
    days: tuple[EventDay, ...]
    rooms: Mapping[str, str]
    tracks: tuple[ScheduleTrack, ...]
    cancelled: tuple[Event, ...] = field(default=())

"""The shape in which a programme is read: by pages, the API, mails, feeds.

Times are local, in the conference's zone, and as instants in UTC. Texts stay objects by language;
whoever shows them picks one. Nothing here knows the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.text import full_name

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RoomView:
    code: str
    uid: str
    name: Texts
    venue_code: str
    venue_name: Texts


@dataclass(frozen=True, slots=True)
class TrackView:
    slug: str
    name: Texts
    colour: str


@dataclass(frozen=True, slots=True)
class ParticipationView:
    """A person on a session in a role: who they were that day, and the name they bear now."""

    code: str
    role: str
    order: int
    minutes: int | None
    state: str
    person_code: str
    honorific: str
    given_name: str
    family_name: str
    names_by_script: Mapping[str, Mapping[str, str]]
    affiliation: str
    position: str
    bio: Texts
    pronunciation: str
    # The uid of a photo that anybody may see, else "".
    photo: str
    photo_alt: Texts = field(default_factory=dict)

    @property
    def name(self) -> str:
        return full_name(self.given_name, self.family_name)


@dataclass(frozen=True, slots=True)
class SessionView:
    """One item of the programme. Without a slot, the four times and the room are None."""

    code: str
    uid: str
    kind: str
    state: str
    title: Texts
    abstract: Texts
    start_local: dt.datetime | None
    end_local: dt.datetime | None
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    room: RoomView | None
    track: TrackView | None
    language: str
    attribution: str
    interpretation: tuple[str, ...]
    recorded: bool
    participations: tuple[ParticipationView, ...]

    def in_role(self, *roles: str) -> tuple[ParticipationView, ...]:
        """Return those on it in one of these roles, in order."""
        return tuple(p for p in self.participations if p.role in roles)


@dataclass(frozen=True, slots=True)
class Day:
    date: dt.date
    sessions: tuple[SessionView, ...]


@dataclass(frozen=True, slots=True)
class Programme:
    """All of it. `version` is 0 where nothing is published yet, and in the draft.

    Arguments:
        days: the sessions with a slot, by day and then by start.
        unscheduled: those without one.
        stamp: changes with everything that this programme shows; for ETags and cache keys.
    """

    version: int
    name: str
    published_at: dt.datetime | None
    time_zone: str
    days: tuple[Day, ...]
    unscheduled: tuple[SessionView, ...]
    rooms: tuple[RoomView, ...]
    tracks: tuple[TrackView, ...]
    sessions_by_code: Mapping[str, SessionView] = field(default_factory=dict)
    stamp: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.sessions_by_code

    def sessions(self) -> Iterator[SessionView]:
        """Return all sessions: those with a slot in order, then the others."""
        for day in self.days:
            yield from day.sessions
        yield from self.unscheduled

    def sessions_of(self, person_code: str) -> list[tuple[SessionView, ParticipationView]]:
        """Return each session of a person, with the part they play in it."""
        return [
            (session, part)
            for session in self.sessions()
            for part in session.participations
            if part.person_code == person_code
        ]

    def speakers(self) -> list[ParticipationView]:
        """Return one view a person, in the order in which the programme first shows them."""
        first: dict[str, ParticipationView] = {}
        for session in self.sessions():
            for part in session.participations:
                first.setdefault(part.person_code, part)
        return list(first.values())


@dataclass(frozen=True, slots=True)
class Change:
    """One way in which the draft differs from what is published.

    Arguments:
        kind: ``added``, ``removed``, ``moved``, ``people``, ``cancelled``, ``changed``.
        code: the session's code; "" where it is about a track or a room.
        sentence: for organisers, in English.
    """

    kind: str
    code: str
    sentence: str

"""What the checks are told, and what they answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Level = Literal["error", "warning", "notice"]
LEVELS: Final[tuple[Level, ...]] = ("error", "warning", "notice")
# People stand about in a break; it is no trouble when it shares a room or runs over.
LOOSE_KINDS: Final = frozenset({"break", "reception"})
DECLINED: Final = "declined"
OFF_THE_PANEL: Final = frozenset({DECLINED, "replaced"})


@dataclass(frozen=True, slots=True)
class Seat:
    """A person (by code) on a session in a role.

    Arguments:
        filled: whether somebody who was asked instead sits there now.
    """

    person: str
    role: str
    state: str
    filled: bool = False

    @property
    def is_taken(self) -> bool:
        return self.state not in OFF_THE_PANEL


@dataclass(frozen=True, slots=True)
class AnySession:
    """A session that takes place: one of the conference, or of another one of the organisation.

    Arguments:
        code: its code; of another conference its slug, a stroke and the code.
        key: what names it in the keys of conflicts; of another conference the session's uid.
        start, end: instants; None while it has no slot.
        conference: the other conference's title; "" for one of this conference.
    """

    code: str
    title: str
    kind: str
    start: dt.datetime | None = None
    end: dt.datetime | None = None
    room: str | None = None
    seats: tuple[Seat, ...] = ()
    conference: str = ""
    key: str = ""

    @property
    def is_own(self) -> bool:
        return not self.conference

    @property
    def name(self) -> str:
        return self.key or self.code

    @property
    def people(self) -> frozenset[str]:
        """Who sits on it, whatever the role."""
        return frozenset(seat.person for seat in self.seats if seat.is_taken)


@dataclass(frozen=True, slots=True)
class Slot:
    """When and where a session would be."""

    start: dt.datetime
    end: dt.datetime
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A room: how many it holds, how long it takes to change over, when it is open.

    Arguments:
        opens, closes: by the conference's clock on any day, or both None; where it closes no later
            than it opens, it closes on the next day.
        venue: the code of its venue.
    """

    code: str
    name: str
    venue: str = ""
    venue_name: str = ""
    capacity: int | None = None
    turnaround_minutes: int = 0
    opens: dt.time | None = None
    closes: dt.time | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """How many of a role a kind of session needs; `maximum` None: any number."""

    minimum: int = 0
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """How many have signed up for a session, and how many places may be given (None: no limit)."""

    signed_up: int
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """A conference's draft, and what it has to keep to.

    Arguments:
        zone: in whose time sentences are told, and rooms open.
        start, end, doors: of the conference; breaks and receptions may begin with the doors.
        sessions: of this and, where they could meet, of the organisation's other conferences;
            none that is cancelled.
        people: the names of those on sessions, by code.
        available: when people can be there, for those who said so.
        precedences: codes of two sessions: the first must be over before the second begins.
        needs: kind of session -> role -> how many.
        demand: session's code -> how many want to be there.
    """

    zone: str
    start: dt.datetime
    end: dt.datetime
    sessions: tuple[AnySession, ...] = ()
    rooms: Mapping[str, Place] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    available: Mapping[str, tuple[tuple[dt.datetime, dt.datetime], ...]] = field(
        default_factory=dict
    )
    precedences: tuple[tuple[str, str], ...] = ()
    needs: Mapping[str, Mapping[str, Need]] = field(default_factory=dict)
    demand: Mapping[str, Demand] = field(default_factory=dict)
    doors: dt.datetime | None = None

    def own(self) -> tuple[AnySession, ...]:
        """Return the conference's own sessions."""
        return tuple(one for one in self.sessions if one.is_own)


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing that is wrong, and all that it is about, by code.

    Arguments:
        key: the same for the same trouble at any time: the kind, and the codes in order.
        sentence: says it to people, in plain English, with titles and times.
        at: when it is, for the order of lists; None where a session has no time yet.
    """

    key: str
    kind: str
    level: Level
    sentence: str
    sessions: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    at: dt.datetime | None = None


def conflict_of(
    kind: str,
    level: Level,
    sentence: str,
    sessions: Iterable[AnySession],
    *,
    people: Iterable[str] = (),
    rooms: Iterable[str] = (),
    words: Iterable[str] = (),
) -> Conflict:
    """Return a conflict with the key that its parts give it; `words` are parts without a row.

    Its sessions stand in the order of time.
    """
    concerned = sorted(sessions, key=in_time)
    starts = [one.start for one in concerned if one.start is not None]
    names = sorted([*(one.name for one in concerned), *people])
    # A room is no part of the key: the same two sessions may meet in another one.
    return Conflict(
        key=f"{kind}:{'+'.join([*names, *words])}",
        kind=kind,
        level=level,
        sentence=sentence,
        sessions=tuple(one.code for one in concerned),
        people=tuple(sorted(people)),
        rooms=tuple(sorted(rooms)),
        at=max(starts, default=None),
    )


_NEVER: Final = dt.datetime.max.replace(tzinfo=dt.UTC)


def in_time(one: AnySession) -> tuple[dt.datetime, dt.datetime, str]:
    """Sort sessions by time, those without a time last."""
    return one.start or _NEVER, one.end or _NEVER, one.code


def in_order(one: Conflict) -> tuple[int, dt.datetime, str, str]:
    """Sort conflicts: errors first, then by time."""
    return LEVELS.index(one.level), one.at or _NEVER, one.kind, one.key

"""The one shape between a programme that somebody gives us and what becomes of it here.

Each format has a reader in events/exchange that returns an `IncomingProgramme`; the services know
only this shape, never a format. Readers know no database and decide nothing: what they are unsure
of they mark, and the person who imports decides. Times are local, in the zone of the conference
into which the programme goes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something in what was read that a person should look at.

    Arguments:
        line: of the file or the pasted text, from 1; 0 where it is about no line.
        level: ``unsure`` (read, but look at it), ``skipped`` (left out), ``broken`` (can not be
            read; nothing of that line comes in).
        field: what of it: ``time``, ``kind``, ``title``, ``role``, ``name``, ``affiliation``, …;
            "" for the whole line.
        sentence: what is the matter, in English.
    """

    line: int
    level: str
    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class IncomingRoom:
    """Arguments:
    ref: by which the file calls it; its name where it has no other.
    """

    ref: str
    name: Texts
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class IncomingTrack:
    """Arguments:
    colour: #rrggbb or "".
    """

    ref: str
    name: Texts
    colour: str = ""


@dataclass(frozen=True, slots=True)
class IncomingPerson:
    """Somebody who speaks. Names are parted as well as the file allows."""

    ref: str
    given_name: str
    family_name: str = ""
    honorific: str = ""
    affiliation: str = ""
    position: str = ""
    email: str = ""
    bio: Texts = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class IncomingPart:
    """A person on a session in a role.

    Arguments:
        person: ref of an IncomingPerson.
        role: a value of events.enums.ParticipationRole.
        confirmed: whether the source shows them as settled; "(tbc)" is not.
        honorific, affiliation, position: who they are that day; "" as their person says.
    """

    person: str
    role: str
    confirmed: bool = True
    honorific: str = ""
    affiliation: str = ""
    position: str = ""
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class IncomingLink:
    """A link of a session: slides, paper, recording."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class IncomingSession:
    """One item of the programme.

    Arguments:
        ref: by which the file calls it, the same in the next version of the file: id, guid, UID.
        kind: a value of events.enums.SessionKind.
        start, end: local times; both None without a slot.
        room, track: refs of an IncomingRoom and IncomingTrack, or "".
        language: BCP 47 tag or "".
        attribution: a value of events.enums.Attribution or "".
        cancelled: whether the source says that it does not take place.
        line: where it stands in the source, from 1; 0 where that means nothing.
    """

    ref: str
    kind: str
    title: Texts
    abstract: Texts = field(default_factory=dict)
    start: dt.datetime | None = None
    end: dt.datetime | None = None
    room: str = ""
    track: str = ""
    language: str = ""
    attribution: str = ""
    recorded: bool = False
    cancelled: bool = False
    parts: tuple[IncomingPart, ...] = ()
    links: tuple[IncomingLink, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class IncomingProgramme:
    """All that a file holds.

    Arguments:
        source: names the file across its versions (its acronym, calendar name, address), so that a
            second import finds what the first one brought; "" where it says nothing of itself.
        title: of the gathering, as the file says it.
        time_zone: in which the times are written, as the file says it; "" where it does not say.
        start, end: of the gathering, local; None where the file does not say.
    """

    source: str
    title: str = ""
    time_zone: str = ""
    start: dt.datetime | None = None
    end: dt.datetime | None = None
    rooms: tuple[IncomingRoom, ...] = ()
    tracks: tuple[IncomingTrack, ...] = ()
    people: tuple[IncomingPerson, ...] = ()
    sessions: tuple[IncomingSession, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What the person who imports says beside the file.

    Arguments:
        first_day: on which an agenda without dates takes place, and the days in a file that says
            none are counted from.
        time_zone: of the conference: instants are turned into its local times.
        language: in which texts without a language are written (BCP 47).
        languages: of the conference; texts in others are left out unless there is nothing else.
    """

    first_day: dt.date
    time_zone: str
    language: str = "en"
    languages: tuple[str, ...] = ("en",)

"""What is known so far of a session while the lines below it are read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from events.enums import Attribution, SessionKind
from events.exchange.agenda.clock import Clock
from events.exchange.agenda.people import Somebody
from events.exchange.agenda.roles import Role
from events.incoming import IncomingLink


@dataclass(slots=True)
class PartDraft:
    """Somebody on a session, with the words they were read from."""

    line: int
    text: str
    somebody: Somebody
    role: Role


@dataclass(slots=True)
class SessionDraft:
    """A session in the making.

    Arguments:
        start, end: minutes since midnight of `day`.
        title_line: where the title was found.
        pending: whether the title so far is only a label ("Panel 1"), so that one may follow.
        open_quote: whether the title began with a quotation mark that is still open.
        block: whether it is called only a session ("Session I").
        own_room: whether the room was said of this session, not of those around it.
    """

    line: int
    day: dt.date
    start: int | None = None
    end: int | None = None
    minutes: int | None = None
    half_days: bool = False
    kind: SessionKind | None = None
    kind_sure: bool = True
    title: str = ""
    title_line: int = 0
    pending: bool = True
    open_quote: bool = False
    room: str = ""
    own_room: bool = False
    block: bool = False
    track: str = ""
    language: str = ""
    attribution: str = ""
    recorded: bool = False
    cancelled: bool = False
    abstract: list[str] = field(default_factory=list)
    parts: list[PartDraft] = field(default_factory=list)
    links: list[IncomingLink] = field(default_factory=list)


@dataclass(slots=True)
class Head:
    """What the first line of a session says.

    Arguments:
        pending: whether the title is only a label.
        block: whether it is called a session and nothing closer ("Session I: …").
        people: the words that name people.
        doubts: pairs of a field and what is doubtful.
    """

    title: str = ""
    kind: SessionKind | None = None
    kind_sure: bool = True
    pending: bool = False
    block: bool = False
    open_quote: bool = False
    people: str = ""
    role: Role | None = None
    room: str = ""
    minutes: int | None = None
    clock: Clock | None = None
    language: str = ""
    attribution: Attribution | None = None
    cancelled: bool = False
    recorded: bool = False
    doubts: tuple[tuple[str, str], ...] = ()

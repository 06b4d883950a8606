"""What a speaker is told before a session. Nothing here knows the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Turn:
    """One step of the running order; without a time where nobody has said how long it takes."""

    who: str
    minutes: int | None = None
    starts: str = ""
    ends: str = ""
    is_reader: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of the table of facts; `lines` are its parts, one below the other."""

    label: str
    lines: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Panellist:
    """Somebody else on the session, as one introduces them."""

    name: str
    role: str
    post: str
    said: str
    introduction: str


@dataclass(frozen=True, slots=True)
class Briefing:
    """All that one person needs to know for one session, in their language.

    Arguments:
        words: the headings and labels that the page and the PDF have in common.
        notice: a sentence about what is not certain yet, else "".
        questions: of guests; only whoever moderates has them.
    """

    language: str
    title: str
    conference: str
    reader: str
    role: str
    when: str
    facts: tuple[Fact, ...]
    turns: tuple[Turn, ...]
    people: tuple[Panellist, ...]
    questions: tuple[str, ...]
    notice: str
    words: dict[str, str] = field(default_factory=dict)


def running_order(
    start: dt.datetime | None,
    end: dt.datetime | None,
    people: Iterable[tuple[str, int | None, bool]],
    discussion: str,
) -> Iterator[Turn]:
    """Yield who speaks when; what is left of the time is for the discussion.

    Clock times go on for as long as everybody before has minutes: behind somebody without, nobody
    can say when the next one begins. What goes beyond the end is still shown: it is too much.

    Arguments:
        people: name, minutes and whether it is the reader, in order.
        discussion: how the rest of the time is called.
    """
    now = start
    for who, minutes, is_reader in people:
        if minutes is None:
            now = None
        if now is None or minutes is None:
            yield Turn(who, minutes, is_reader=is_reader)
            continue
        then = now + dt.timedelta(minutes=minutes)
        yield Turn(who, minutes, f"{now:%H:%M}", f"{then:%H:%M}", is_reader)
        now = then
    if now is not None and end is not None and start is not None and start < now < end:
        minutes = int((end - now).total_seconds() // 60)
        yield Turn(discussion, minutes, f"{now:%H:%M}", f"{end:%H:%M}")

"""Where the reading of an agenda stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from events.exchange.agenda.clock import Clock
from events.exchange.agenda.drafts import SessionDraft
from events.exchange.agenda.lines import Line
from events.exchange.agenda.roles import Role
from events.incoming import Mark


@dataclass(slots=True)
class Reading:
    """Where the reading stands.

    Arguments:
        first_day: of the gathering as far as is known.
        timed: whether any line of the text begins with a time.
        role: of those who are listed now; None when nobody is.
        talking: whether the last line was running text.
        guesses: marks that count only where few lines look like that.
    """

    first_day: dt.date
    day: dt.date
    timed: bool
    lines: list[Line]
    place: int = 0
    title: str = ""
    host: str = ""
    gathering: tuple[dt.date, dt.date] | None = None
    hours: Clock | None = None
    dated: bool = False
    sessions: list[SessionDraft] = field(default_factory=list)
    session: SessionDraft | None = None
    role: Role | None = None
    listed: int = 0
    talking: bool = False
    room: str = ""
    track: str = ""
    attribution: str = ""
    columns: tuple[str, ...] = ()
    marks: list[Mark] = field(default_factory=list)
    guesses: list[Mark] = field(default_factory=list)

    def mark(self, line: int, where: str, sentence: str, level: str = "unsure") -> None:
        """Mark a line for the person who imports."""
        self.marks.append(Mark(line, level, where, sentence))

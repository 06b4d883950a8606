"""What the page of an import shows: the timetable with what is doubtful in yellow, and people."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from core.text import full_name, pick_text
from events.enums import ParticipationRole, SessionKind
from events.forms.importing import NAME_FIELDS
from events.incoming import IncomingPerson, IncomingProgramme, IncomingSession, Mark
from events.services.arranging import first_day
from events.services.importing_decisions import SKIP
from events.services.importing_lines import ADDED, CHANGED, EDITED, LEFT_OUT, UNCHANGED, SessionLine
from events.services.importing_people import Known, PersonLine
from events.services.importing_plan import Plan
from events.services.importing_report import names_of, person_sentences, session_sentences

# A form may have 500 fields; these are for lines, the rest for everything else.
MOST_FIELDS: Final = 420
# With more sessions than these one day is shown at a time.
MANY: Final = 80
MOST_PEOPLE: Final = 300
_OF_PEOPLE: Final = frozenset({"name", "honorific", "position", "affiliation", "role", "tbc"})
VERDICTS: Final = {
    ADDED: ("good", "New"),
    CHANGED: ("warn", "Changes"),
    EDITED: ("off", "Edited here"),
    UNCHANGED: ("", "As it is"),
    LEFT_OUT: ("bad", "Stays out"),
}


@dataclass(slots=True)
class ShownPart:
    """Somebody on a session, as the page shows them."""

    number: int
    name: str
    role: str
    role_name: str
    settled: bool
    skipped: bool
    doubtful: frozenset[str]


@dataclass(slots=True)
class ShownSession:
    """A session as the page shows it."""

    number: int
    line: SessionLine
    title: str
    kind: str
    kind_name: str
    start: dt.datetime | None
    end: dt.datetime | None
    day: dt.date
    shape: str
    label: str
    room: str
    sentences: list[str]
    marks: list[Mark]
    skipped: bool
    takes: bool
    parts: list[ShownPart] = field(default_factory=list)
    has_fields: bool = False

    @property
    def doubtful(self) -> frozenset[str]:
        return frozenset(mark.field or "title" for mark in self.marks)

    @property
    def is_doubtful(self) -> bool:
        return bool(self.marks) or any(part.doubtful for part in self.parts)

    @property
    def can_take(self) -> bool:
        """Tell whether something was edited here that the person may give up."""
        return bool(self.line.edited or self.takes) or any(
            part.verdict == EDITED for part in self.line.parts
        )


@dataclass(slots=True)
class ShownPerson:
    """A person as the page shows them."""

    number: int
    line: PersonLine
    name: str
    chosen: str
    candidates: tuple[Known, ...]
    shape: str
    label: str
    sentences: list[str]
    marks: list[Mark]
    fields: list[dict[str, Any]] = field(default_factory=list)
    has_fields: bool = False


@dataclass(slots=True)
class Page:
    """All that the page shows of a plan.

    Arguments:
        days: the sessions that are shown, by day; the last one may have none.
        tabs: all days with how many sessions each has, where only one of them is shown.
        doubtful: how many sessions and people a person should look at.
    """

    days: list[tuple[dt.date | None, list[ShownSession]]]
    tabs: list[tuple[dt.date | None, int]]
    day: dt.date | None
    people: list[ShownPerson]
    doubtful: int

    @property
    def shown(self) -> str:
        return ",".join(str(one.number) for _day, ones in self.days for one in ones)

    @property
    def shown_people(self) -> str:
        return ",".join(str(one.number) for one in self.people)


def page_of(
    plan: Plan, programme: IncomingProgramme, decisions: Mapping[str, Any], asked: str
) -> Page:
    """Return what the page shows.

    Arguments:
        programme: as it was read, before anybody decided anything.
        asked: the day that is asked for, where there are many sessions.
    """
    marks: dict[int, list[Mark]] = defaultdict(list)
    for mark in programme.marks:
        if mark.level == "unsure" and mark.line:
            marks[mark.line].append(mark)
    people = _people(plan, programme, decisions, marks)
    by_ref = {one.line.incoming.ref: one for one in people}
    names = names_of(plan)
    sessions = [
        _session(plan, programme.sessions[line.number], line, decisions, marks, by_ref, names)
        for line in plan.sessions
    ]
    doubtful = sum(bool(one.marks) for one in sessions) + sum(bool(one.marks) for one in people)
    days: dict[dt.date | None, list[ShownSession]] = defaultdict(list)
    for one in sessions:
        days[one.start.date() if one.start else None].append(one)
    ordered = sorted(days, key=lambda day: (day is None, day or dt.date.min))
    day = next((day for day in ordered if str(day or "none") == asked), None)
    tabs = []
    shown = ordered
    if len(sessions) > MANY and len(ordered) > 1:
        tabs = [(one, len(days[one])) for one in ordered]
        day = day if asked in {str(one or "none") for one in ordered} else ordered[0]
        shown = [day]
    some = [(one, sorted(days[one], key=_time)) for one in shown]
    people = _to_decide(people, everybody=len(sessions) <= MANY)
    _spend_fields([one for _day, ones in some for one in ones], people)
    return Page(some, tabs, day, people, doubtful)


def _time(one: ShownSession) -> tuple[str, int]:
    return (str(one.start or ""), one.number)


def _to_decide(people: list[ShownPerson], *, everybody: bool) -> list[ShownPerson]:
    """Keep whom a person may have to decide about; of a small programme, everybody."""
    if not everybody:
        people = [one for one in people if one.marks or one.candidates or one.chosen]
    return people[:MOST_PEOPLE]


def _spend_fields(sessions: list[ShownSession], people: list[ShownPerson]) -> None:
    """Give fields to the lines that are doubtful, then to others as long as a form has room."""
    left = MOST_FIELDS - sum(bool(one.candidates) for one in people)
    for wanted in (True, False):
        for one in sessions:
            cost = 5 + len(one.parts)
            if one.is_doubtful == wanted and cost <= left:
                one.has_fields = True
                left -= cost
        for person in people:
            cost = len(NAME_FIELDS) + (not person.candidates)
            if bool(person.marks) == wanted and cost <= left:
                person.has_fields = True
                left -= cost


def _session(
    plan: Plan,
    read: IncomingSession,
    line: SessionLine,
    decisions: Mapping[str, Any],
    marks: Mapping[int, list[Mark]],
    people: Mapping[str, ShownPerson],
    names: Mapping[str, str],
) -> ShownSession:
    language = plan.conference.first_language
    incoming = line.incoming
    said = decisions.get("sessions", {}).get(read.ref, {})
    shape, label = VERDICTS[line.verdict]
    here = marks.get(read.line, [])
    own = [mark for mark in here if mark.field not in _OF_PEOPLE or not read.parts]
    room = plan.rooms.get(incoming.room)
    return ShownSession(
        number=line.number,
        line=line,
        title=pick_text(incoming.title, language),
        kind=incoming.kind,
        kind_name=_label(SessionKind, incoming.kind),
        start=incoming.start,
        end=incoming.end,
        day=incoming.start.date() if incoming.start else first_day(plan.conference),
        shape=shape,
        label=label,
        room=pick_text(room.name, language) if room else "",
        sentences=session_sentences(line, names),
        marks=own,
        skipped=bool(said.get("skip")),
        takes=bool(said.get("take")),
        parts=_parts(read, said.get("parts", {}), people),
    )


def _parts(
    read: IncomingSession, said: Mapping[str, Any], people: Mapping[str, ShownPerson]
) -> list[ShownPart]:
    found = []
    for number, part in enumerate(read.parts):
        person = people.get(part.person)
        one = said.get(str(number), {})
        role = one.get("role", part.role)
        found.append(
            ShownPart(
                number=number,
                name=person.name if person else part.person,
                role=SKIP if one.get("skip") else role,
                role_name=_label(ParticipationRole, role),
                settled=part.confirmed,
                skipped=bool(one.get("skip")) or (person is not None and person.chosen == SKIP),
                doubtful=frozenset(mark.field or "name" for mark in person.marks)
                if person
                else frozenset(),
            )
        )
    return found


def _people(
    plan: Plan,
    programme: IncomingProgramme,
    decisions: Mapping[str, Any],
    marks: Mapping[int, list[Mark]],
) -> list[ShownPerson]:
    found = []
    for number, read in enumerate(programme.people):
        line = plan.people.get(read.ref)
        if line is None:
            continue
        said = decisions.get("people", {}).get(read.ref, {})
        shape, label = VERDICTS[line.verdict]
        if line.person is not None:
            label = "Known"
        own = [mark for mark in marks.get(read.line, []) if mark.field in _OF_PEOPLE]
        chosen = str(said.get("is", ""))
        if not chosen and line.by == "name" and line.person is not None:
            chosen = line.person.code
        found.append(
            ShownPerson(
                number=number,
                line=line,
                name=_name(line.incoming),
                chosen=chosen,
                candidates=line.candidates if line.by != "ref" else (),
                shape=shape,
                label=label,
                sentences=person_sentences(line),
                marks=own,
                fields=_fields(line.incoming, own),
            )
        )
    return found


def _fields(row: IncomingPerson, marks: list[Mark]) -> list[dict[str, Any]]:
    doubtful = {mark.field for mark in marks}
    return [
        {
            "name": name,
            "label": label,
            "value": getattr(row, name),
            "longest": longest,
            "doubtful": name in doubtful or ("name" in doubtful and name.endswith("_name")),
        }
        for name, (label, longest) in NAME_FIELDS.items()
    ]


def _name(row: IncomingPerson) -> str:
    return f"{row.honorific} {full_name(row.given_name, row.family_name)}".strip()


def _label(vocabulary: Any, value: str) -> str:
    return str(vocabulary(value).label) if value in vocabulary.values else value

"""What was typed on the page of an import, as settings and decisions; no rule stands here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.http import QueryDict

from events.enums import ParticipationRole, SessionKind
from events.exchange.table_columns import COLUMNS
from events.incoming import IncomingPerson, IncomingProgramme, IncomingSession
from events.services.importing_decisions import NEW, SKIP
from events.services.importing_merge import EVERYTHING

NAME_FIELDS: Final[dict[str, tuple[str, int]]] = {
    "honorific": ("Title", 60),
    "given_name": ("Given name", 120),
    "family_name": ("Family name", 120),
    "position": ("Position", 200),
    "affiliation": ("Affiliation", 200),
}
_PLAIN: Final = ("encoding", "delimiter", "first_day", "language", "people")
_NEW_VENUE: Final = "+"


def settings_of(
    data: QueryDict, programme: IncomingProgramme | None, former: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the form says.

    Arguments:
        programme: as it was read when the page was shown; None when it could not be read.
        former: settings so far: lines that were not on the page keep their decisions.
    """
    found: dict[str, Any] = {name: _said(data, name).strip() for name in _PLAIN if name in data}
    if "column" in data:
        found["columns"] = [name if name in COLUMNS else "" for name in data.getlist("column")]
    if "venue" in data:
        is_new = data["venue"] == _NEW_VENUE
        found["venue"] = "" if is_new else _said(data, "venue")
        found["venue_name"] = _said(data, "venue_name").strip() if is_new else ""
    if "about" in data:  # the part of the form with ticks was on the page
        found["links"] = "links" in data
        found["move"] = "move" in data
        found["vanished"] = data.getlist("vanished")
    if programme is not None and "shown" in data:
        found["decisions"] = _decisions(data, programme, former.get("decisions", {}))
    return found


def _said(data: QueryDict, name: str) -> str:
    return str(data.get(name, ""))


def _decisions(
    data: QueryDict, programme: IncomingProgramme, former: Mapping[str, Any]
) -> dict[str, Any]:
    sessions = dict(former.get("sessions", {}))
    for number in _numbers(_said(data, "shown"), len(programme.sessions)):
        row = programme.sessions[number]
        said = _session(data, row, number, sessions.get(row.ref, {}))
        sessions.pop(row.ref, None)
        if said:
            sessions[row.ref] = said
    people = dict(former.get("people", {}))
    for number in _numbers(_said(data, "shown-people"), len(programme.people)):
        person = programme.people[number]
        people.pop(person.ref, None)
        if told := _person(data, person, number):
            people[person.ref] = told
    return {"sessions": sessions, "people": people}


def _numbers(text: str, most: int) -> list[int]:
    numbers = [int(part) for part in text[:50_000].split(",") if part.isdecimal() and len(part) < 7]  # noqa: PLR2004 - no number of a line is longer
    return [number for number in numbers if number < most]


def _session(
    data: QueryDict, row: IncomingSession, number: int, former: Mapping[str, Any]
) -> dict[str, Any]:
    name = f"s{number}"
    said: dict[str, Any] = {}
    if f"{name}-skip" in data:
        said["skip"] = True
    if f"{name}-take" in data:
        said["take"] = [EVERYTHING]
    if f"{name}-kind" not in data:  # it was shown without its fields
        kept = ("kind", "title", "start", "end", "parts")
        return {**{key: former[key] for key in kept if key in former}, **said}
    kind, title = data[f"{name}-kind"], " ".join(data.get(f"{name}-title", "").split())
    if kind in SessionKind.values and kind != row.kind:
        said["kind"] = kind
    if title and title not in row.title.values():
        said["title"] = title[:300]
    said |= _times(data, row, name)
    if parts := _parts(data, row, name):
        said["parts"] = parts
    return said


def _parts(data: QueryDict, row: IncomingSession, name: str) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for place, part in enumerate(row.parts):
        role = data.get(f"{name}-p{place}-role", "")
        if role == SKIP:
            parts[str(place)] = {"skip": True}
        elif role in ParticipationRole.values and role != part.role:
            parts[str(place)] = {"role": role}
    return parts


def _times(data: QueryDict, row: IncomingSession, name: str) -> dict[str, str]:
    """Return the times that were typed, where they are others than those that were read."""
    day = data.get(f"{name}-day", "")
    try:
        date = dt.date.fromisoformat(day)
        start = _at(date, data.get(f"{name}-start", ""))
        end = _at(date, data.get(f"{name}-end", ""))
    except ValueError:
        return {}
    if start is None:
        return {} if row.start is None else {"start": "", "end": ""}
    if end is not None and end <= start:
        end += dt.timedelta(days=1)
    if end is not None and row.start and row.end and start == row.start:
        # What lasts longer than a day says so only in the source.
        end = row.end if row.end.time() == end.time() else end
    found: dict[str, str] = {}
    if start != row.start:
        found["start"] = start.isoformat(timespec="minutes")
    if end is not None and end != row.end:
        found["end"] = end.isoformat(timespec="minutes")
    return found


def _at(date: dt.date, text: str) -> dt.datetime | None:
    return dt.datetime.combine(date, dt.time.fromisoformat(text)) if text else None


def _person(data: QueryDict, row: IncomingPerson, number: int) -> dict[str, Any]:
    name = f"p{number}"
    said: dict[str, Any] = {}
    chosen = data.get(f"{name}-is", "")
    if chosen in {NEW, SKIP} or chosen.isalnum():
        said["is"] = chosen[:10]
    for field, (_label, longest) in NAME_FIELDS.items():
        if f"{name}-{field}" in data:
            text = " ".join(_said(data, f"{name}-{field}").split())[:longest]
            if text != getattr(row, field) and (text or field != "given_name"):
                said[field] = text
    return said

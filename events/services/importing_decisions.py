"""What the person who imports has decided, line by line, put into what the reader found. Pure.

Decisions are kept under the source's own identifiers, so that they still mean the same line when
the file is read again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from core.cleaning import line
from core.errors import invalid
from events import validators as v
from events.enums import ParticipationRole, SessionKind
from events.incoming import IncomingPart, IncomingPerson, IncomingProgramme, IncomingSession

Decisions = Mapping[str, Any]

MOST: Final = 20_000
_SESSION: Final[Mapping[str, v.Cleaner]] = {
    "skip": v.flag,
    "kind": v.choice(SessionKind),
    "title": v.line(v.MAX_TITLE, required=True),
    "start": v.local_time(required=False),
    "end": v.local_time(required=False),
}
_PART: Final[Mapping[str, v.Cleaner]] = {
    "skip": v.flag,
    "role": v.choice(ParticipationRole),
}
_PERSON: Final[Mapping[str, v.Cleaner]] = {
    "is": line(10),
    "honorific": line(60),
    "given_name": line(120, required=True),
    "family_name": line(120),
    "position": line(200),
    "affiliation": line(200),
}
# What may be decided of a person, besides the code of somebody of the organisation.
NEW: Final = "new"
SKIP: Final = "skip"


def clean_decisions(given: Any) -> dict[str, Any]:
    """Return decisions as they are kept.

    Raises:
        DomainError: ``validation-failed`` for what nobody can decide.
    """
    if not isinstance(given, Mapping) or set(given) - {"sessions", "people"}:
        raise invalid("/decisions", "invalid", "Give decisions about sessions and people.")
    return {
        "sessions": {
            ref: found
            for ref, one in _objects(given.get("sessions", {}), "/decisions/sessions")
            if (found := _session(one, f"/decisions/sessions/{ref}"))
        },
        "people": {
            ref: found
            for ref, one in _objects(given.get("people", {}), "/decisions/people")
            if (found := v.clean(one, _PERSON, prefix=f"/decisions/people/{ref}"))
        },
    }


def _objects(given: Any, pointer: str) -> list[tuple[str, dict[str, Any]]]:
    if not isinstance(given, Mapping) or len(given) > MOST:
        raise invalid(pointer, "invalid", "Give an object of decisions.")
    for one in given.values():
        if not isinstance(one, Mapping):
            raise invalid(pointer, "invalid", "Give an object of decisions.")
    return [(str(ref), dict(one)) for ref, one in given.items()]


def _session(given: dict[str, Any], pointer: str) -> dict[str, Any]:
    take = given.pop("take", [])
    if not isinstance(take, list) or not all(isinstance(name, str) for name in take):
        raise invalid(f"{pointer}/take", "invalid", "Give a list of fields.")
    parts = {
        number: cleaned
        for number, one in _objects(given.pop("parts", {}), f"{pointer}/parts")
        if (cleaned := v.clean(one, _PART, prefix=f"{pointer}/parts/{number}"))
    }
    found = v.clean(given, _SESSION, prefix=pointer)
    for name in ("start", "end"):
        if name in found:
            found[name] = found[name].isoformat(timespec="minutes") if found[name] else ""
    if not found.get("skip", True):
        del found["skip"]
    if take:
        found["take"] = sorted({name[:40] for name in take})[:100]
    if parts:
        found["parts"] = parts
    return found


def with_decisions(
    programme: IncomingProgramme, decisions: Decisions, language: str
) -> IncomingProgramme:
    """Return the programme as the person has corrected it; who is left out stays in it.

    Arguments:
        language: in which a title was typed: the conference's first one.
    """
    sessions, people = decisions.get("sessions", {}), decisions.get("people", {})
    if not sessions and not people:
        return programme
    return replace(
        programme,
        sessions=tuple(
            _decided(row, sessions[row.ref], language) if row.ref in sessions else row
            for row in programme.sessions
        ),
        people=tuple(
            _named(row, people[row.ref]) if row.ref in people else row for row in programme.people
        ),
    )


def skipped(decisions: Decisions, ref: str) -> bool:
    """Tell whether the person leaves this session out."""
    return bool(decisions.get("sessions", {}).get(ref, {}).get("skip"))


def taken(decisions: Decisions, ref: str) -> list[str]:
    """Return of which fields of this session the person takes the source's."""
    found: list[str] = decisions.get("sessions", {}).get(ref, {}).get("take", [])
    return found


def said_to_be(decisions: Decisions, ref: str) -> str:
    """Return who somebody is, as was decided: a code, ``new``, ``skip``; "" for none."""
    return str(decisions.get("people", {}).get(ref, {}).get("is", ""))


def _decided(row: IncomingSession, said: Decisions, language: str) -> IncomingSession:
    values: dict[str, Any] = {}
    if "kind" in said:
        values["kind"] = said["kind"]
    if "title" in said:
        values["title"] = {**row.title, language: said["title"]}
    for name in ("start", "end"):
        if name in said:
            values[name] = dt.datetime.fromisoformat(said[name]) if said[name] else None
    if parts := said.get("parts"):
        values["parts"] = tuple(
            _part(part, parts.get(str(number), {}))
            for number, part in enumerate(row.parts)
            if not parts.get(str(number), {}).get("skip")
        )
    return replace(row, **values)


def _part(part: IncomingPart, said: Decisions) -> IncomingPart:
    return replace(part, role=said["role"]) if "role" in said else part


def _named(row: IncomingPerson, said: Decisions) -> IncomingPerson:
    return replace(row, **{name: value for name, value in said.items() if name != "is"})

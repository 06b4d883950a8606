"""What an import would do or did, line by line, as sentences: one shape for dry run and report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from core.text import LANGUAGES, full_name, pick_text
from events.enums import ParticipationRole, SessionKind
from events.models import Session
from events.services.importing_lines import (
    ADDED,
    CHANGED,
    EDITED,
    LEFT_OUT,
    REMOVED,
    STAYS,
    UNCHANGED,
    PartLine,
    SessionLine,
)
from events.services.importing_merge import FieldChange, is_nothing
from events.services.importing_people import PersonLine
from events.services.importing_plan import Plan, counts, general_marks

MOST_LINES: Final = 5_000
_LABELS: Final = {
    "kind": "Kind",
    "state": "State",
    "start_local": "Start",
    "end_local": "End",
    "room": "Room",
    "track": "Track",
    "language": "Language",
    "recorded": "Recorded",
    "attribution": "Attribution",
    "title": "Title",
    "abstract": "Abstract",
    "bio": "Biography",
    "given_name": "Given name",
    "family_name": "Family name",
    "honorific": "Title of the person",
    "affiliation": "Affiliation",
    "position": "Position",
    "email": "E-mail",
    "role": "Role",
    "minutes": "Minutes",
}
_LONG: Final = 60
_PEOPLE: Final = {
    ADDED: "{name} comes on as {role}.",
    CHANGED: "{name}, {role}: {changes}.",
    REMOVED: "{name} is not on it any more.",
    STAYS: "{name} is not in the source any more, but was asked or has answered, so they stay.",
    EDITED: "{name} as {role} is in the source; it was changed here and stays so.",
}


def report_of(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON: figures, and a line for whatever is not simply unchanged."""
    language = plan.conference.first_language
    names = names_of(plan)
    lines = [
        session_report(line, names, language)
        for line in plan.sessions
        if line.verdict != UNCHANGED or line.notes
    ]
    lines += [
        {
            **_blank("person", one.verdict, one.incoming.line),
            "title": one.name,
            "code": one.person.code if one.person else "",
            "sentences": person_sentences(one),
        }
        for one in plan.people.values()
        if one.verdict != UNCHANGED or one.notes or one.by in {"name", "decision"}
    ]
    for kind, places in (("room", plan.rooms), ("track", plan.tracks)):
        lines += [
            {**_blank(kind, one.verdict, 0), "title": pick_text(one.name, language)}
            for one in places.values()
            if one.verdict == ADDED
        ]
    lines += [vanished_report(row, language) for row in plan.vanished]
    lines += [
        {**_blank("line", mark.level, mark.line), "sentences": [mark.sentence]}
        for mark in general_marks(plan)
    ]
    return {"counts": counts(plan), "notices": plan.notices, "lines": lines[:MOST_LINES]}


def session_report(line: SessionLine, names: Mapping[str, str], language: str) -> dict[str, Any]:
    """Return one session's line."""
    start = line.values.get("start_local") or ""
    return {
        **_blank("session", line.verdict, line.incoming.line),
        "title": pick_text(line.incoming.title, language) or line.incoming.ref[:80],
        "code": line.session.code if line.session is not None else "",
        "start": start,
        "sentences": session_sentences(line, names),
    }


def vanished_report(row: Session, language: str) -> dict[str, Any]:
    start = row.start_local.isoformat(timespec="minutes") if row.start_local else ""
    sentences = ["The source brought it before and does not have it any more. It stays."]
    return {
        **_blank("session", "vanished", 0),
        "title": pick_text(row.title, language),
        "code": row.code,
        "start": start,
        "sentences": sentences,
    }


def session_sentences(line: SessionLine, names: Mapping[str, str]) -> list[str]:
    """Say what becomes of a session and why."""
    if line.verdict == LEFT_OUT:
        return [line.reason]
    found = [] if line.session is None else [change_sentence(one) for one in line.taken]
    if line.verdict != ADDED:
        found += [part_sentence(one, names) for one in line.parts if one.verdict in _PEOPLE]
        if line.order:
            found.append("Its people stand in another order.")
        if line.links:
            found.append(f"Links are added: {len(line.links)}.")
    found += [f"Edited here, stays so: {change_sentence(one, stays=True)}" for one in line.edited]
    return found + line.notes


def person_sentences(one: PersonLine) -> list[str]:
    """Say what becomes of a person and why."""
    if one.verdict == LEFT_OUT:
        return [one.reason]
    found = []
    if one.by == "name":
        found.append("Taken for the person of this name whom you know.")
    elif not one.by and one.candidates:
        found.append("Somebody new, though you know a person of this name.")
    found += [change_sentence(change) for change in one.taken]
    return found + one.notes


def change_sentence(change: FieldChange, *, stays: bool = False) -> str:
    """Say what a field was and is to be."""
    name, _colon, tag = change.name.partition(":")
    label = _LABELS.get(name, name.capitalize())
    if tag:
        label = f"{label} ({LANGUAGES.get(tag, tag)})"
    old, new = said(name, change.old), said(name, change.new)
    if stays:
        return f"{label} {old or 'nothing'}; the source says {new or 'nothing'}."
    if is_nothing(change.old):
        return f"{label}: {new}."
    return f"{label}: {old} → {new or 'nothing'}."


def part_sentence(part: PartLine, names: Mapping[str, str]) -> str:
    name = names.get(part.person, "Somebody")
    if part.row is not None and part.row._state.fields_cache.get("person"):  # noqa: SLF001 - no query
        name = full_name(part.row.person.given_name, part.row.person.family_name)
    changes = "; ".join(change_sentence(one).rstrip(".") for one in part.changes if one.taken)
    role = ParticipationRole(part.role).label.lower()
    return _PEOPLE[part.verdict].format(name=name, role=role, changes=changes)


def names_of(plan: Plan) -> dict[str, str]:
    """Return what people are called, by code or by what stands for one."""
    return {
        (one.person.code if one.person else f"+{ref}"): one.name for ref, one in plan.people.items()
    }


def said(name: str, value: Any) -> str:
    """Return a value as people read it, cut where it is long."""
    if is_nothing(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in {"start_local", "end_local"}:
        moment = dt.datetime.fromisoformat(str(value))
        return f"{moment.day} {moment:%B %H:%M}"
    if name == "kind" and value in SessionKind.values:
        return str(SessionKind(value).label)
    if name == "role" and value in ParticipationRole.values:
        return str(ParticipationRole(value).label)
    text = str(value).removeprefix("+") if name in {"room", "track"} else str(value)
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def _blank(kind: str, what: str, line: int) -> dict[str, Any]:
    return {
        "about": kind, "what": what, "line": line, "title": "", "code": "", "start": "",
        "sentences": [],
    }  # fmt: skip

"""What going back to a version would mean: what readers would get, and what stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from events.enums import OFF_THE_PANEL
from events.models import Conference, Participation, ScheduleVersion, Session
from events.services.documents import Document, build_document
from events.services.schedules import read_document


@dataclass(frozen=True, slots=True)
class Return:
    """What going back to a version means.

    Arguments:
        document: the programme that readers get.
        declined: (person, session) codes of the version's people who have left since by their own
            answer or by another one's coming: they stay off.
        seated: (person, session) codes of who came since and was asked or has answered: they stay
            in the draft.
        unscheduled: codes of sessions that lose their slot in the draft.
        kept: codes of sessions that readers do not see now: they stay in the draft as they are.
    """

    version: ScheduleVersion
    document: Document
    declined: tuple[tuple[str, str], ...] = ()
    seated: tuple[tuple[str, str], ...] = ()
    unscheduled: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    # Rows of the draft, by code.
    sessions: dict[str, Session] = field(default_factory=dict, repr=False)
    parts: dict[str, Participation] = field(default_factory=dict, repr=False)


def plan_return(conference: Conference, version: ScheduleVersion) -> Return:
    """Return what going back to a version of this conference would do; nothing is written."""
    wanted = read_document(version)
    draft = build_document(conference)
    sessions = {row.code: row for row in conference.sessions.select_related("track", "room")}
    rows = Participation.objects.filter(session__conference=conference)
    parts = {row.code: row for row in rows.select_related("person", "session")}
    off = {code for code, row in parts.items() if row.state in OFF_THE_PANEL}
    named = {p["code"] for s in wanted["sessions"] for p in s["participations"]}
    here = {row["code"] for row in wanted["sessions"]}
    last = conference.schedule_versions.first()
    seen = {row["code"] for row in last.document["sessions"]} if last is not None else set()
    document = {
        **draft,
        "rooms": _with_former(draft["rooms"], wanted["rooms"], "code"),
        "tracks": _with_former(draft["tracks"], wanted["tracks"], "slug"),
        "sessions": [_as_answered(row, parts) for row in wanted["sessions"]],
    }
    return Return(
        version=version,
        document=document,
        declined=tuple(
            (p["person"], s["code"])
            for s in wanted["sessions"]
            for p in s["participations"]
            if p["code"] in off
        ),
        seated=tuple(
            (row.person.code, row.session.code)
            for code, row in parts.items()
            if row.session.code in here
            and code not in named
            and code not in off
            and has_something_to_lose(row)
        ),
        unscheduled=tuple(
            code
            for code, row in sessions.items()
            if code not in here and code in seen and row.start_local is not None
        ),
        kept=tuple(code for code in sessions if code not in here and code not in seen),
        sessions=sessions,
        parts=parts,
    )


def _with_former(now: Sequence[Document], then: Sequence[Document], key: str) -> list[Document]:
    """Return what there is now, and what was there then and is no more."""
    known = {row[key] for row in now}
    return [*now, *(row for row in then if row[key] not in known)]


def _as_answered(session: Document, parts: dict[str, Participation]) -> Document:
    """Return a session with its people's answers of today; who is off the panel is not in it."""
    people = []
    for row in session["participations"]:
        part = parts.get(row["code"])
        if part is None:
            people.append(row)
        elif part.state not in OFF_THE_PANEL:
            people.append({**row, "state": part.state})
    return {**session, "participations": people}


def has_something_to_lose(part: Participation) -> bool:
    """Tell whether somebody was asked or has answered, so that they keep their seat."""
    return part.asked_at is not None or part.answered_at is not None

"""What an import would do, line by line, before it does it. Nothing here is written.

The same plan is what the page shows, what the API answers as a dry run, and what is carried out:
it is made anew inside the transaction that carries it out, so it is never older than the draft.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from core.cleaning import Wrong, web_address
from core.errors import DomainError
from events.enums import ProgrammeFormat, RefKind, SessionState
from events.incoming import IncomingProgramme, Mark
from events.models import Conference, ExternalRef, Material, Participation, Session
from events.services.importing_decisions import Decisions, skipped, taken, with_decisions
from events.services.importing_lines import (
    ADDED,
    CHANGED,
    EDITED,
    LEFT_OUT,
    REMOVED,
    UNCHANGED,
    SessionLine,
    ref_key,
)
from events.services.importing_matching import Match
from events.services.importing_merge import differences, digest, digests
from events.services.importing_parts import plan_parts
from events.services.importing_people import PersonLine, plan_people
from events.services.importing_places import PlaceLine, plan_rooms, plan_tracks
from events.services.importing_values import session_as_it_is, session_values

SOURCE_LENGTH: Final = 120
_LINK: Final = "link:"


@dataclass(slots=True)
class Plan:
    """What an import would do.

    Arguments:
        programme: as the person has corrected it.
        vanished: sessions that the source brought before and does not have any more.
        notices: what is to be known of the whole.
        refs: (kind, identifier) -> what the source brought before.
    """

    conference: Conference
    source: str
    programme: IncomingProgramme
    sessions: list[SessionLine]
    people: dict[str, PersonLine]
    rooms: dict[str, PlaceLine]
    tracks: dict[str, PlaceLine]
    vanished: list[Session]
    notices: list[str]
    refs: dict[tuple[str, str], ExternalRef] = field(repr=False)

    @property
    def does_nothing(self) -> bool:
        verdicts = {line.verdict for line in self.sessions}
        verdicts |= {line.verdict for line in self.people.values()}
        return not verdicts & {ADDED, CHANGED}


def make_plan(
    conference: Conference,
    programme: IncomingProgramme,
    *,
    format: str,  # noqa: A002 - as the model calls it
    settings: Mapping[str, Any],
) -> Plan:
    """Return what an import of this programme would do; a constant number of queries."""
    decisions: Decisions = settings.get("decisions", {})
    source = source_of(programme, format)
    programme = with_decisions(programme, decisions, conference.first_language)
    days = _days_to_move(conference, programme) if settings.get("move") else dt.timedelta(0)
    refs = {
        (ref.kind, ref.external_id): ref
        for ref in ExternalRef.objects.filter(conference=conference, source=source)
    }
    lines = _read(conference, programme, decisions, days)
    coming = [line for line in lines if line.comes_in]
    rooms = plan_rooms(
        conference,
        programme,
        _of(refs, RefKind.ROOM),
        {line.incoming.room for line in coming if line.values["start_local"]},
    )
    tracks = plan_tracks(
        conference, programme, _of(refs, RefKind.TRACK), {line.incoming.track for line in coming}
    )
    for line in coming:
        room = rooms.get(line.incoming.room) if line.values["start_local"] else None
        track = tracks.get(line.incoming.track)
        line.values["room"] = room.key if room else None
        line.values["track"] = track.key if track else None
    people = plan_people(
        conference.organisation_id,
        programme.people,
        language=conference.first_language,
        refs=_of(refs, RefKind.PERSON),
        speaking={part.person for line in coming for part in line.incoming.parts},
        decisions=decisions,
    )
    found = Match(conference, refs)
    found.match(coming)
    _compare(conference, coming, people, decisions, links=bool(settings.get("links", True)))
    return Plan(
        conference=conference,
        source=source,
        programme=programme,
        sessions=lines,
        people=people,
        rooms=rooms,
        tracks=tracks,
        vanished=_vanished(found.left, found.brought, lines, format),
        notices=_notices(conference, programme, moved=bool(days)),
        refs=refs,
    )


def source_of(programme: IncomingProgramme, format: str) -> str:  # noqa: A002 - as the model
    """Return under which name identifiers of this programme are kept."""
    return f"{format}:{programme.source}"[:SOURCE_LENGTH] if programme.source else format


def _of(refs: Mapping[tuple[str, str], ExternalRef], kind: str) -> Mapping[str, ExternalRef]:
    return _Refs({external: ref for (one, external), ref in refs.items() if one == kind})


class _Refs(dict[str, ExternalRef]):
    """Found by an identifier however long it is."""

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(ref_key(key), default)


def _read(
    conference: Conference,
    programme: IncomingProgramme,
    decisions: Decisions,
    days: dt.timedelta,
) -> list[SessionLine]:
    lines, seen = [], set[str]()
    for number, row in enumerate(programme.sessions):
        line = SessionLine(number, row)
        lines.append(line)
        try:
            if skipped(decisions, row.ref):
                _leave_out("You left it out.")
            if row.ref in seen:
                _leave_out("Its identifier stands twice in the source.")
            seen.add(row.ref)
            if days and row.start is not None:
                end = row.end + days if row.end else None
                line.incoming = replace(row, start=row.start + days, end=end)
            line.values, line.notes = session_values(line.incoming, conference.first_language)
        except DomainError as refusal:
            line.verdict, line.reason = LEFT_OUT, refusal.detail
    return lines


def _leave_out(reason: str) -> None:
    raise DomainError("validation-failed", reason)


def _compare(
    conference: Conference,
    coming: Sequence[SessionLine],
    people: Mapping[str, PersonLine],
    decisions: Decisions,
    *,
    links: bool,
) -> None:
    parts: dict[int, list[Participation]] = defaultdict(list)
    urls: dict[int, set[str]] = defaultdict(set)
    if any(line.session is not None for line in coming):
        rows = Participation.objects.filter(session__conference=conference)
        for part in rows.select_related("person").order_by("order", "pk"):
            parts[part.session_id].append(part)
        materials = Material.objects.filter(conference=conference, session__isnull=False)
        for session_id, url in materials.values_list("session_id", "url"):
            urls[session_id or 0].add(url)
    for line in coming:
        pk = line.session.pk if line.session is not None else 0
        take = taken(decisions, line.incoming.ref)
        said = dict(line.ref.said) if line.session is not None and line.ref is not None else None
        plan_parts(line, people, parts[pk], said, take)
        if links:
            _plan_links(line, urls[pk], said or {})
        line.said |= digests(line.values)
        if line.session is not None:
            line.changes = differences(session_as_it_is(line.session), line.values, said, take)
            line.verdict = _verdict(line)


def _verdict(line: SessionLine) -> str:
    parts = {part.verdict for part in line.parts}
    if line.taken or line.links or line.order or parts & {ADDED, CHANGED, REMOVED}:
        return CHANGED
    return EDITED if line.edited or EDITED in parts else UNCHANGED


def _plan_links(line: SessionLine, urls: set[str], said: Mapping[str, str]) -> None:
    for link in line.incoming.links:
        try:
            url = str(web_address(link.url))
        except Wrong:
            line.notes.append("One of its links is no web address. It was left out.")
            continue
        key = f"{_LINK}{digest(url)}"
        if not url or key in line.said:
            continue
        line.said[key] = "1"
        if key not in said and url not in urls:
            line.links.append((link.title, url))


def _vanished(
    left: Mapping[int, Session],
    brought: Mapping[Any, ExternalRef],
    lines: Sequence[SessionLine],
    format: str,  # noqa: A002 - as the model calls it
) -> list[Session]:
    rows = [row for row in left.values() if row.state != SessionState.CANCELLED]
    # What the person leaves out now, or what can not be read this time, is not gone there.
    out = {ref_key(line.incoming.ref) for line in lines if not line.comes_in}
    rows = [row for row in rows if brought[row.pk].external_id not in out]
    if format == ProgrammeFormat.AGENDA:
        # The agenda of one day says nothing of the others.
        days = {line.values["start_local"][:10] for line in lines if line.values.get("start_local")}
        rows = [r for r in rows if not r.start_local or f"{r.start_local:%Y-%m-%d}" in days]
    return sorted(rows, key=lambda row: (str(row.start_local or "~"), row.pk))


def _days_to_move(conference: Conference, programme: IncomingProgramme) -> dt.timedelta:
    starts = [row.start for row in programme.sessions if row.start is not None]
    if not starts or conference.start_local is None:
        return dt.timedelta(0)
    return conference.start_local.date() - min(starts).date()


def days_of(programme: IncomingProgramme) -> tuple[dt.date, dt.date] | None:
    """Return the first and the last day on which a session of the programme begins."""
    starts = [row.start.date() for row in programme.sessions if row.start is not None]
    return (min(starts), max(starts)) if starts else None


def is_elsewhen(conference: Conference, programme: IncomingProgramme) -> bool:
    """Tell whether all of the programme lies outside of the conference's days."""
    days = days_of(programme)
    if days is None or conference.start_local is None or conference.end_local is None:
        return False
    return days[1] < conference.start_local.date() or days[0] > conference.end_local.date()


def _notices(conference: Conference, programme: IncomingProgramme, *, moved: bool) -> list[str]:
    found = []
    days = days_of(programme)
    if days and moved:
        found.append("Its days are moved to those of the conference.")
    elif days and is_elsewhen(conference, programme):
        first, last = (f"{day.day} {day:%B %Y}" for day in days)
        when = first if first == last else f"from {first} to {last}"
        found.append(f"It takes place {when}, outside of the conference's days.")
    if programme.time_zone and programme.time_zone != conference.time_zone:
        found.append(
            f"It is written in the time of {programme.time_zone}; "
            f"times are turned into that of {conference.time_zone}."
        )
    return found


def general_marks(plan: Plan) -> list[Mark]:
    """Return what the reader left out or could not read and no session stands for."""
    lines = {line.incoming.line for line in plan.sessions} | {
        line.incoming.line for line in plan.people.values()
    }
    return [
        mark
        for mark in plan.programme.marks
        if mark.level != "unsure" or mark.line not in lines or not mark.line
    ]


def counts(plan: Plan) -> dict[str, dict[str, int]]:
    """Return how many sessions, people, rooms and tracks have which verdict."""
    found = {
        "sessions": Counter(line.verdict for line in plan.sessions),
        "people": Counter(line.verdict for line in plan.people.values()),
        "rooms": Counter(line.verdict for line in plan.rooms.values()),
        "tracks": Counter(line.verdict for line in plan.tracks.values()),
    }
    numbers = {name: dict(sorted(one.items())) for name, one in found.items()}
    numbers["sessions"]["vanished"] = len(plan.vanished)
    return numbers

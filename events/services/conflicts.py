"""What is wrong with a conference's draft, and what of it an organiser accepts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q

from core.actors import Actor
from core.clock import resolve_local
from core.errors import DomainError, FieldError
from core.services import audit
from core.text import full_name, pick_text
from events import validators as v
from events.conflicts import (
    AnySession,
    Conflict,
    Demand,
    Facts,
    Place,
    Seat,
    Slot,
    find_conflicts,
    recheck,
)
from events.conflicts.people import WALK
from events.enums import OFF_THE_PANEL, ConferenceState, SessionState
from events.models import Conference, ConflictOverride, Participation, Person, Room, Session
from events.services.availability import windows_of
from events.services.precedences import pairs_of
from events.services.requirements import needs_of
from events.services.sessions import LONGEST
from events.services.writing import load

Wanted = Mapping[str, Demand | int]
# Nothing takes place then that could meet anything.
_NOT_NOW: Final = (ConferenceState.CANCELLED, ConferenceState.POSTPONED)
_CLEANERS: Final[Mapping[str, v.Cleaner]] = {"reason": v.line(500)}
# A little more than a room takes to be changed over.
_NEAR: Final = dt.timedelta(hours=12)
# Kinds that only who knows the demand can find.
_OF_DEMAND: Final = ("too_small:", "too_many_places:")


@dataclass(frozen=True, slots=True)
class Move:
    """A session's move into a slot (None: out of its slot) that is asked about."""

    session: Session
    slot: Slot | None
    # How long before and after it something could still be in its way.
    slack: dt.timedelta


@dataclass(frozen=True, slots=True)
class Finding:
    """A conflict, and (where an organiser accepts it) with what reason, by whom and when."""

    conflict: Conflict
    override: ConflictOverride | None

    @property
    def is_open(self) -> bool:
        return self.override is None


def facts_of(
    conference: Conference, *, demand: Wanted | None = None, move: Move | None = None
) -> Facts:
    """Return what the checks have to know, in ten queries at most, however large the programme is.

    Arguments:
        demand: session's code -> who has signed up, which apps above know.
        move: only what could meet this one session in its new slot is read.
    """
    pairs = pairs_of(conference)
    own = _sessions(conference, move, pairs)
    others = _sessions_beside(conference, own, move)
    rows = [*own, *others]
    seats, people = _seats(conference, rows, has_all=move is None)
    language = conference.first_language
    sessions = [_session(row, seats, language) for row in own]
    rooms = _rooms(conference, language)
    houses = set(conference.venues.values_list("code", flat=True))
    known = {code for one in sessions for code in one.people}
    for row in others:
        title = pick_text(row["conference__title"], language) or row["conference__slug"]
        other = _session(row, seats, language, of=title)
        place = rooms.get(other.room or "")
        if (place and place.venue in houses) or known & other.people:
            sessions.append(other)
    given = {
        code: one if isinstance(one, Demand) else Demand(one)
        for code, one in (demand or {}).items()
    }
    return Facts(
        zone=conference.time_zone,
        start=conference.starts_at,
        end=conference.ends_at,
        doors=conference.doors_at,
        sessions=tuple(sessions),
        rooms=rooms,
        people=people,
        available=windows_of(conference),
        precedences=pairs,
        needs=needs_of(conference),
        demand=given,
    )


def conflicts_of(conference: Conference, *, demand: Wanted | None = None) -> list[Finding]:
    """Return all that is wrong with the draft, errors first; eleven queries at most."""
    overrides = {row.key: row for row in ConflictOverride.objects.filter(conference=conference)}
    found = find_conflicts(facts_of(conference, demand=demand))
    return [Finding(one, overrides.get(one.key)) for one in found]


def conflicts_after_move(
    conference: Conference,
    *,
    session: Session,
    start_local: dt.datetime | str | None,
    end_local: dt.datetime | str | None,
    room: Room | None,
    demand: Wanted | None = None,
) -> list[Finding]:
    """Return what would be wrong about a session if it had this slot; nothing is written.

    Without a start and an end the slot would be taken away.

    Raises:
        DomainError: ``validation-failed`` for a slot that no session can have; ``wrong-state`` for
            a session that is cancelled.
    """
    slot = _slot(conference, start_local, end_local, room)
    if session.state == SessionState.CANCELLED:
        raise DomainError("wrong-state", "This session is cancelled. It is in nobody's way.")
    overrides = {row.key: row for row in ConflictOverride.objects.filter(conference=conference)}
    slack = max(WALK, dt.timedelta(minutes=room.turnaround_minutes if room else 0))
    facts = facts_of(conference, demand=demand, move=Move(session, slot, slack))
    try:
        found = recheck(facts, session.code, slot)
    except KeyError as error:
        raise DomainError("not-found", "This has been deleted in the meantime.") from error
    return [Finding(one, overrides.get(one.key)) for one in found]


@transaction.atomic
def override_conflict(
    *,
    conference: Conference,
    key: str,
    reason: str,
    by: str,
    actor: Actor,
    demand: Wanted | None = None,
) -> Finding:
    """Accept a conflict, with a reason; it stays listed, and is no trouble for as long as it is so.

    What was accepted and is no conflict any more is forgotten on the way.

    Arguments:
        by: who decides, as pages will name them.

    Raises:
        DomainError: ``validation-failed`` without a reason; ``not-found`` when there is no such
            conflict (any more).
    """
    values = v.clean({"reason": reason}, _CLEANERS)
    if not values["reason"]:
        detail = "Say why this is all right."
        raise DomainError(
            "validation-failed", detail, errors=[FieldError("/reason", "required", detail)]
        )
    root = load(conference)
    found = {one.key: one for one in find_conflicts(facts_of(root, demand=demand))}
    _forget_what_is_gone(root, found.keys(), demand)
    if key not in found:
        raise DomainError("not-found", "There is no such conflict any more.")
    row, _ = ConflictOverride.objects.update_or_create(
        conference=root, key=key, defaults={"reason": values["reason"], "decided_by": by[:200]}
    )
    audit.record(
        verb="override_conflict",
        obj=row,
        organisation_id=root.organisation_id,
        actor=actor,
        facts={"kind": found[key].kind, "level": found[key].level},
    )
    return Finding(found[key], row)


@transaction.atomic
def withdraw_override(*, conference: Conference, key: str, actor: Actor) -> None:
    """Take back that a conflict was accepted: it is open again.

    Raises:
        DomainError: ``not-found`` when it was not accepted.
    """
    root = load(conference)
    row = ConflictOverride.objects.filter(conference=root, key=key).first()
    if row is None:
        raise DomainError("not-found", "This conflict is not among those accepted.")
    audit.record(
        verb="withdraw_override",
        obj=row,
        organisation_id=root.organisation_id,
        actor=actor,
        facts={"kind": key.partition(":")[0]},
    )
    row.delete()


def _forget_what_is_gone(root: Conference, keys: Iterable[str], demand: Wanted | None) -> None:
    gone = ConflictOverride.objects.filter(conference=root).exclude(key__in=list(keys))
    if demand is None:
        for prefix in _OF_DEMAND:
            gone = gone.exclude(key__startswith=prefix)
    gone.delete()


def _slot(
    conference: Conference,
    start_local: dt.datetime | str | None,
    end_local: dt.datetime | str | None,
    room: Room | None,
) -> Slot | None:
    """Return a slot that a session could have, as instants."""
    cleaner = v.local_time(required=False)
    values = v.clean(
        {"start_local": start_local, "end_local": end_local},
        {"start_local": cleaner, "end_local": cleaner},
    )
    start, end = values["start_local"], values["end_local"]
    if start is None and end is None:
        if room is not None:
            raise _wrong("/room", "time", "A room needs a start and an end.")
        return None
    if start is None or end is None:
        lacking = "start_local" if start is None else "end_local"
        raise _wrong(f"/{lacking}", "required", "Give start and end together, or neither.")
    slot = Slot(
        resolve_local(start, conference.time_zone),
        resolve_local(end, conference.time_zone),
        room.code if room is not None else None,
    )
    if slot.end <= slot.start:
        raise _wrong("/end_local", "order", "The end comes after the start.")
    if end - start > LONGEST:
        raise _wrong("/end_local", "range", "A session lasts seven days at the most.")
    return slot


def _wrong(pointer: str, code: str, detail: str) -> DomainError:
    return DomainError("validation-failed", detail, errors=[FieldError(pointer, code, detail)])


_COLUMNS: Final = ("id", "code", "title", "kind", "starts_at", "ends_at", "room__code")
Rows = list[dict[str, Any]]


def _sessions(conference: Conference, move: Move | None, pairs: Iterable[tuple[str, str]]) -> Rows:
    rows = Session.objects.filter(conference=conference).exclude(state=SessionState.CANCELLED)
    if move is not None:
        code = move.session.code
        bound = {one for pair in pairs if code in pair for one in pair}
        near = Q(code__in=[code, *sorted(bound)])
        if move.slot is not None:
            near |= _about(move.slot.start - move.slack, move.slot.end + move.slack)
        rows = rows.filter(near)
    return list(rows.order_by("pk").values(*_COLUMNS))


def _about(start: dt.datetime, end: dt.datetime) -> Q:
    """Return what chooses sessions that are on between two instants, or touch them."""
    return Q(starts_at__lte=end, ends_at__gte=start)


def _sessions_beside(
    conference: Conference, own: Iterable[dict[str, Any]], move: Move | None
) -> Rows:
    """Return what the organisation's other conferences have about that time."""
    if move is not None and move.slot is not None:
        span = (move.slot.start - move.slack, move.slot.end + move.slack)
    else:
        starts = [conference.starts_at, *(row["starts_at"] for row in own if row["starts_at"])]
        ends = [conference.ends_at, *(row["ends_at"] for row in own if row["ends_at"])]
        span = (min(starts) - _NEAR, max(ends) + _NEAR)
    rows = (
        Session.objects.filter(
            _about(*span),
            conference__organisation=conference.organisation_id,
        )
        .exclude(conference=conference)
        .exclude(state=SessionState.CANCELLED)
        .exclude(conference__state__in=_NOT_NOW)
        .order_by("pk")
    )
    return list(rows.values(*_COLUMNS, "uid", "conference__slug", "conference__title"))


def _seats(
    conference: Conference, sessions: Rows, *, has_all: bool
) -> tuple[dict[int, list[Seat]], dict[str, str]]:
    """Return id of a session -> who sits there, and the names by code; three queries.

    Arguments:
        has_all: whether all of the conference's sessions are among these.
    """
    ids = [row["id"] for row in sessions]
    others = [row["id"] for row in sessions if "uid" in row]
    if not has_all:
        here = Q(session__in=ids)
    elif others:
        here = Q(session__conference=conference) | Q(session__in=others)
    else:
        here = Q(session__conference=conference)
    parts = Participation.objects.filter(here)
    instead = set(
        parts.filter(replaces__isnull=False)
        .exclude(state__in=OFF_THE_PANEL)
        .values_list("replaces_id", flat=True)
    )
    # Names by themselves: each person's once, not with every seat.
    rows = list(
        parts.order_by("session_id", "order", "pk").values_list(
            "pk", "session_id", "person_id", "role", "state"
        )
    )
    known = {
        pk: (code, full_name(given, family))
        for pk, code, given, family in _people(conference, {row[2] for row in rows})
    }
    seats: defaultdict[int, list[Seat]] = defaultdict(list)
    for pk, session, person, role, state in rows:
        seats[session].append(Seat(known[person][0], role, state, filled=pk in instead))
    return seats, dict(known.values())


# Above so many ids in one statement, all people of the organisation are quicker and always right.
_MOST_IDS: Final = 5_000


def _people(conference: Conference, ids: set[int]) -> Iterable[tuple[int, str, str, str]]:
    people = Person.objects.filter(organisation=conference.organisation_id)
    if len(ids) <= _MOST_IDS:
        people = people.filter(pk__in=ids)
    return people.values_list("pk", "code", "given_name", "family_name")


def _session(
    row: Mapping[str, Any], seats: Mapping[int, list[Seat]], language: str, *, of: str = ""
) -> AnySession:
    code = f"{row['conference__slug']}/{row['code']}" if of else row["code"]
    return AnySession(
        code=code,
        title=pick_text(row["title"], language),
        kind=row["kind"],
        start=row["starts_at"],
        end=row["ends_at"],
        room=row["room__code"],
        seats=tuple(seats.get(row["id"], ())),
        conference=of,
        key=row["uid"].hex if of else "",
    )


def _rooms(conference: Conference, language: str) -> dict[str, Place]:
    """Return the organisation's rooms by code: people come from other venues, too."""
    rows = Room.objects.filter(venue__organisation=conference.organisation_id).annotate(
        venue_code=F("venue__code"), venue_texts=F("venue__name")
    )
    return {
        row.code: Place(
            code=row.code,
            name=pick_text(row.name, language),
            venue=row.venue_code,
            venue_name=pick_text(row.venue_texts, language),
            capacity=row.capacity,
            turnaround_minutes=row.turnaround_minutes,
            opens=row.opens,
            closes=row.closes,
        )
        for row in rows
    }

"""What is wrong with a conference's draft, and what of it an organiser accepts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import F

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
from events.enums import (
    OFF_THE_PANEL,
    ConferenceState,
    ParticipationState,
    SessionState,
)
from events.models import Conference, ConflictOverride, Participation, Room, Session
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
class Finding:
    """A conflict, and (where an organiser accepts it) with what reason, by whom and when."""

    conflict: Conflict
    override: ConflictOverride | None

    @property
    def is_open(self) -> bool:
        return self.override is None


def facts_of(
    conference: Conference, *, demand: Wanted | None = None, about: Slot | None = None
) -> Facts:
    """Return what the checks have to know, in nine queries at most, however large the programme is.

    Arguments:
        demand: session's code -> who has signed up, which apps above know.
        about: a time outside the programme that is asked about, too.
    """
    own = _sessions(conference)
    others = _sessions_beside(conference, own, about)
    seats, people = _seats(conference, [row["id"] for row in others])
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
        precedences=pairs_of(conference),
        needs=needs_of(conference),
        demand=given,
    )


def conflicts_of(conference: Conference, *, demand: Wanted | None = None) -> list[Finding]:
    """Return all that is wrong with the draft, errors first; ten queries at most."""
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
    facts = facts_of(conference, demand=demand, about=slot)
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


def _sessions(conference: Conference) -> list[dict[str, Any]]:
    rows = Session.objects.filter(conference=conference).exclude(state=SessionState.CANCELLED)
    return list(rows.order_by("pk").values(*_COLUMNS))


def _sessions_beside(
    conference: Conference, own: Iterable[dict[str, Any]], about: Slot | None
) -> list[dict[str, Any]]:
    """Return what the organisation's other conferences have about that time."""
    starts = [conference.starts_at, *(row["starts_at"] for row in own if row["starts_at"])]
    ends = [conference.ends_at, *(row["ends_at"] for row in own if row["ends_at"])]
    if about is not None:
        starts.append(about.start)
        ends.append(about.end)
    rows = (
        Session.objects.filter(
            conference__organisation=conference.organisation_id,
            starts_at__lt=max(ends) + _NEAR,
            ends_at__gt=min(starts) - _NEAR,
        )
        .exclude(conference=conference)
        .exclude(state=SessionState.CANCELLED)
        .exclude(conference__state__in=_NOT_NOW)
        .order_by("pk")
    )
    return list(rows.values(*_COLUMNS, "uid", "conference__slug", "conference__title"))


def _seats(
    conference: Conference, others: Iterable[int]
) -> tuple[dict[int, list[Seat]], dict[str, str]]:
    """Return id of a session -> who sits there, and the names by code; two queries."""
    seats: defaultdict[int, list[Seat]] = defaultdict(list)
    people: dict[str, str] = {}
    columns = ("session_id", "person__code", "role", "state", "replacement__state")
    names = ("person__given_name", "person__family_name")
    parts = Participation.objects.order_by("session_id", "order", "pk")
    for rows in (
        parts.filter(session__conference=conference),
        parts.filter(session__in=list(others)),
    ):
        for session, code, role, state, instead, given, family in rows.values_list(
            *columns, *names
        ):
            filled = state == ParticipationState.DECLINED and (
                instead is not None and instead not in OFF_THE_PANEL
            )
            seats[session].append(Seat(code, role, state, filled=filled))
            if code not in people:
                people[code] = full_name(given, family)
    return seats, people


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

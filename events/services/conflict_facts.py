"""What the checks of a draft have to know, read in as many queries however large it is."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, Q

from core.text import full_name, pick_text
from events.conflicts import AnySession, Demand, Facts, Place, Seat, Slot
from events.enums import OFF_THE_PANEL, ConferenceState, SessionState
from events.models import Conference, Participation, Person, Room, Session
from events.services.availability import windows_of
from events.services.precedences import pairs_of
from events.services.requirements import needs_of

Wanted = Mapping[str, Demand | int]
# Nothing takes place then that could meet anything.
_NOT_NOW: Final = (ConferenceState.CANCELLED, ConferenceState.POSTPONED)
# A little more than a room takes to be changed over.
_NEAR: Final = dt.timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Move:
    """A session's move into a slot (None: out of its slot) that is asked about."""

    session: Session
    slot: Slot | None
    # How long before and after it something could still be in its way.
    slack: dt.timedelta


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

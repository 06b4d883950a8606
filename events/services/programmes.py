"""From a document to the programme that is read: instants from local times, names by code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from core.clock import resolve_local
from core.enums import Visibility
from events.enums import OFF_THE_PANEL, Attribution, ParticipationState
from events.models import Conference, Participation, Person
from events.programme import (
    Day,
    ParticipationView,
    Programme,
    RoomView,
    SessionView,
    TrackView,
)
from events.services.documents import Document, in_present_form
from events.services.merged_codes import kept_codes


def people_in(document: Document) -> list[str]:
    """Return the codes of all people whom a document names."""
    return sorted({p["person"] for s in document["sessions"] for p in s["participations"]})


def _room(data: Mapping[str, Any]) -> RoomView:
    return RoomView(
        code=data["code"],
        uid=data["uid"],
        name=data["name"],
        venue_code=data["venue"],
        venue_name=data["venue_name"],
    )


def _part(data: Mapping[str, Any], person: Person, state: str) -> ParticipationView:
    # Who wishes no picture of them is shown in none, whatever was kept before.
    photo = None if person.no_photo else person.photo
    return ParticipationView(
        code=data["code"],
        role=data["role"],
        order=data["order"],
        minutes=data["minutes"],
        state=state,
        person_code=person.code,
        honorific=data["honorific"],
        given_name=person.given_name,
        family_name=person.family_name,
        names_by_script=person.names_by_script,
        affiliation=data["affiliation"],
        position=data["position"],
        bio=person.bio,
        pronunciation=person.pronunciation,
        photo=str(photo.uid) if photo and photo.visibility == Visibility.PUBLIC else "",
        photo_alt=person.photo_alt,
    )


def _people(organisation_id: int, codes: list[str]) -> dict[str, Person]:
    """Return people by the codes that a document names; who was put into another is that one."""
    rows = Person.objects.select_related("photo").filter(organisation_id=organisation_id)
    found = {person.code: person for person in rows.filter(code__in=codes)}
    missing = [code for code in codes if code not in found]
    if missing:
        others = kept_codes(organisation_id, missing)
        kept = {person.code: person for person in rows.filter(code__in=set(others.values()))}
        found |= {gone: kept[code] for gone, code in others.items() if code in kept}
    return found


def _is_shown(state: str, *, before: bool) -> bool:
    """Tell whether readers see somebody: who has confirmed, or whom the organiser shows before."""
    return state == ParticipationState.CONFIRMED or (before and state not in OFF_THE_PANEL)


class _Reader:
    """Turns one document into views."""

    def __init__(self, conference: Conference, document: Document, *, public: bool) -> None:
        self.zone = conference.time_zone
        self.public = public
        self.document = document = in_present_form(document)
        self.rooms = {row["code"]: _room(row) for row in document["rooms"]}
        self.tracks = {row["slug"]: TrackView(**row) for row in document["tracks"]}
        self.people = _people(conference.organisation_id, people_in(document))
        codes = [p["code"] for s in document["sessions"] for p in s["participations"]]
        # States act at once: who declines leaves the page without a new version.
        rows = Participation.objects.filter(code__in=codes)
        found = list(rows.values_list("code", "state", "shown_unconfirmed"))
        self.states: dict[str, str] = {code: state for code, state, _shown in found}
        self.shown_before = {code for code, _state, shown in found if shown}

    def _parts(self, rows: Iterable[Mapping[str, Any]]) -> Iterable[ParticipationView]:
        seen: set[tuple[int, str]] = set()
        for row in sorted(rows, key=lambda p: p["order"]):
            person = self.people.get(row["person"])
            state = self.states.get(row["code"], row["state"])
            shown = _is_shown(state, before=row["code"] in self.shown_before)
            if person is None or (self.public and not shown):
                continue
            if (person.pk, row["role"]) in seen:  # two people that day, one by now
                continue
            seen.add((person.pk, row["role"]))
            yield _part(row, person, state)

    def session(self, data: Mapping[str, Any]) -> SessionView:
        # What is said behind closed doors is not announced before them either.
        is_closed = data["attribution"] == Attribution.CLOSED
        slot = data["slot"] or {"start": None, "end": None, "room": None}
        start = dt.datetime.fromisoformat(slot["start"]) if slot["start"] else None
        end = dt.datetime.fromisoformat(slot["end"]) if slot["end"] else None
        return SessionView(
            code=data["code"],
            uid=data["uid"],
            kind=data["kind"],
            state=data["state"],
            title=data["title"],
            abstract={} if self.public and is_closed else data["abstract"],
            start_local=start,
            end_local=end,
            starts_at=resolve_local(start, self.zone) if start else None,
            ends_at=resolve_local(end, self.zone) if end else None,
            room=self.rooms.get(slot["room"]),
            track=self.tracks.get(data["track"]),
            language=data["language"],
            attribution=data["attribution"],
            interpretation=tuple(data["interpretation"]),
            recorded=data["recorded"],
            participations=tuple(self._parts(data["participations"])),
        )


def _room_code(session: SessionView) -> str:
    return session.room.code if session.room else ""


def read_programme(
    conference: Conference,
    document: Document,
    *,
    public: bool,
    version: int = 0,
    name: str = "",
    published_at: dt.datetime | None = None,
    stamp: str = "",
) -> Programme:
    """Return the programme that a document says.

    Local times are read in the conference's present zone: a re-zone keeps wall-clock times.

    Arguments:
        public: only who has confirmed, or is shown before; else everybody in it, with their state.
    """
    reader = _Reader(conference, document, public=public)
    sessions = [reader.session(data) for data in reader.document["sessions"]]
    room_order = {code: order for order, code in enumerate(reader.rooms)}

    placed = [(s.start_local, s) for s in sessions if s.start_local is not None]
    placed.sort(key=lambda pair: (pair[0], room_order.get(_room_code(pair[1]), -1)))
    days = groupby(placed, key=lambda pair: pair[0].date())
    return Programme(
        version=version,
        name=name,
        published_at=published_at,
        time_zone=conference.time_zone,
        days=tuple(Day(date, tuple(session for _start, session in rows)) for date, rows in days),
        unscheduled=tuple(s for s in sessions if s.start_local is None),
        rooms=tuple(reader.rooms.values()),
        tracks=tuple(reader.tracks.values()),
        sessions_by_code={s.code: s for s in sessions},
        stamp=stamp,
    )

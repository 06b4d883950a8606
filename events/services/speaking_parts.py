"""All times that people were on a session, at any conference of the organisation; one query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from core.text import pick_text
from events.enums import OFF_THE_PANEL, ConferenceState, SessionState
from events.models import Participation, Session
from events.services.track_record import Part

_NOT_HELD: Final = (ConferenceState.CANCELLED, ConferenceState.POSTPONED)


@dataclass(frozen=True, slots=True)
class KnownPart:
    """A participation as a part of a track record, and what else a person card says of it."""

    row: Participation
    part: Part


def parts_of(person_ids: Collection[int]) -> dict[int, list[KnownPart]]:
    """Return the participations of these people, the latest conference first."""
    rows = (
        Participation.objects.filter(person_id__in=person_ids)
        .select_related("session__conference__organisation")
        .order_by("-session__conference__starts_at", "session__starts_at", "pk")
    )
    found: dict[int, list[KnownPart]] = {pk: [] for pk in person_ids}
    for row in rows:
        found[row.person_id].append(KnownPart(row, as_part(row)))
    return found


def as_part(row: Participation) -> Part:
    """Return a participation as `track_record` counts it."""
    session, conference = row.session, row.session.conference
    return Part(
        state=row.state,
        title=title_of(session),
        conference=pick_text(conference.title, "en", conference.languages),
        ends_at=session.ends_at or conference.ends_at,
        asked_at=row.last_asked_at or row.asked_at,
        answered_at=row.answered_at,
        decline_reason=row.decline_reason,
        took_place=session.state != SessionState.CANCELLED and conference.state not in _NOT_HELD,
    )


def title_of(session: Session) -> str:
    return pick_text(session.title, "en", session.conference.languages)


def clashes(parts: Collection[KnownPart], session: Session) -> list[KnownPart]:
    """Return what somebody is on at the time of a session: here or at another conference."""
    if session.starts_at is None or session.ends_at is None:
        return []
    return [
        known
        for known in parts
        if known.row.session_id != session.pk
        and known.row.state not in OFF_THE_PANEL
        and known.part.took_place
        and _overlap(known.row.session, session.starts_at, session.ends_at)
    ]


def _overlap(other: Session, start: dt.datetime, end: dt.datetime) -> bool:
    return (
        other.starts_at is not None
        and other.ends_at is not None
        and other.starts_at < end
        and start < other.ends_at
    )

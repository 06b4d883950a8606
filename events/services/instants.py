"""Instants of the programme: the `*_at` columns, made from wall-clock times by core.clock alone."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F

from core.actors import Actor
from core.clock import resolve_local, tzdata_version
from core.models import TimeZoneData
from core.services import audit
from events.models import Availability, Conference, Session
from events.services.writing import assign, load, save
from events.signals import ConferenceMoved, conference_moved

_CONFERENCE_TIMES = ("start", "end", "doors", "changes_until", "reply_until")
_INSTANT_NAMES = {"start": "starts_at", "end": "ends_at"}
_CHUNK = 200


def _resolve(local: dt.datetime | None, zone: str) -> dt.datetime | None:
    return None if local is None else resolve_local(local, zone)


def resolve_conference(conference: Conference) -> list[str]:
    """Set the conference's instants in memory; return the names of those that changed."""
    return assign(
        conference,
        {
            _INSTANT_NAMES.get(name, f"{name}_at"): _resolve(
                getattr(conference, f"{name}_local"), conference.time_zone
            )
            for name in _CONFERENCE_TIMES
        },
    )


def resolve_session(session: Session, zone: str) -> list[str]:
    """Set the session's instants in memory; return the names of those that changed."""
    return assign(
        session,
        {
            "starts_at": _resolve(session.start_local, zone),
            "ends_at": _resolve(session.end_local, zone),
        },
    )


def resolve_sessions_of(conference: Conference, moved_by: dt.timedelta = dt.timedelta(0)) -> int:
    """Move the conference's draft slots by `moved_by`, set their instants; return how many.

    Their versions rise: who has an older one open is told.
    """
    changed = []
    for session in conference.sessions.filter(start_local__isnull=False):
        if moved_by and session.start_local and session.end_local:
            session.start_local += moved_by
            session.end_local += moved_by
        if resolve_session(session, conference.time_zone) or moved_by:
            changed.append(session)
    if changed:
        Session.objects.bulk_update(
            changed, ["start_local", "end_local", "starts_at", "ends_at"], batch_size=_CHUNK
        )
        Session.objects.filter(pk__in=[s.pk for s in changed]).update(version=F("version") + 1)
    return len(changed)


def resolve_availability(row: Availability, zone: str) -> list[str]:
    """Set the instants of when somebody can be there; return the names of those that changed.

    One that lies in an hour that clocks skip is a minute long: it stays, and fits nothing.
    """
    start, end = _resolve(row.start_local, zone), _resolve(row.end_local, zone)
    if start is not None and end is not None:
        end = max(end, start + dt.timedelta(minutes=1))
    return assign(row, {"starts_at": start, "ends_at": end})


def resolve_availabilities_of(conference: Conference) -> int:
    """Set the instants of when people can be at a conference; return how many changed.

    Their wall-clock times stay on a move, too: who can come on Thursday can not come on Friday
    because the conference would like to.
    """
    rows = conference.availabilities.all()
    changed = [row for row in rows if resolve_availability(row, conference.time_zone)]
    if changed:
        Availability.objects.bulk_update(changed, ["starts_at", "ends_at"], batch_size=_CHUNK)
    return len(changed)


def raise_plan_revision(conference: Conference) -> None:
    """Make all mail that rules have planned unclaimable until it is planned anew, in O(1)."""
    Conference.objects.filter(pk=conference.pk).update(plan_revision=F("plan_revision") + 1)
    conference.plan_revision += 1


@transaction.atomic
def resolve_again(*, conference: Conference, actor: Actor) -> bool:
    """Set the instants of a conference and its sessions anew; tell whether any changed.

    Wall-clock times stay. A change raises the plan revision and is announced as ``rezoned``.
    """
    row = load(conference)
    changed = resolve_conference(row)
    if changed:
        save(row, changed)
    sessions = resolve_sessions_of(row)
    availabilities = resolve_availabilities_of(row)
    if not changed and not sessions and not availabilities:
        return False
    raise_plan_revision(row)
    audit.record(
        verb="resolve_again",
        obj=row,
        organisation_id=row.organisation_id,
        actor=actor,
        changed=changed,
        facts={"sessions": sessions},
    )
    conference_moved.send(
        sender=Conference,
        event=ConferenceMoved(conference_id=row.pk, reason="rezoned", actor_kind=actor.kind),
    )
    return True


def resolve_all_again(*, actor: Actor) -> int:
    """Set all instants anew if the time-zone data has changed; return how many conferences moved.

    Each conference is a transaction of its own. The data's version is written down last, so that an
    interrupted run begins again; a second run changes nothing.
    """
    version = tzdata_version()
    if TimeZoneData.objects.filter(tzdata=version).exists():
        return 0
    moved = 0
    for conference in Conference.objects.order_by("pk").iterator(chunk_size=_CHUNK):
        moved += resolve_again(conference=conference, actor=actor)
    with transaction.atomic():
        TimeZoneData.objects.all().delete()
        TimeZoneData.objects.create(tzdata=version)
    return moved

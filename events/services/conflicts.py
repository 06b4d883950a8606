"""What is wrong with a conference's draft, and what of it an organiser accepts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from core.actors import Actor
from core.clock import resolve_local
from core.errors import DomainError, FieldError
from core.services import audit
from events import validators as v
from events.conflicts import Conflict, Slot, find_conflicts, recheck
from events.conflicts.people import WALK
from events.enums import SessionState
from events.models import Conference, ConflictOverride, Room, Session
from events.services.conflict_facts import Move, Wanted, facts_of
from events.services.sessions import LONGEST
from events.services.writing import load

_CLEANERS: Final[Mapping[str, v.Cleaner]] = {"reason": v.line(500)}
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

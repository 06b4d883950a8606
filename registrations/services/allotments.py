"""Numbers of places that stand for themselves: shared by kinds of place, sessions and options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from core import cleaning as v
from core.actors import Actor
from core.errors import DomainError
from events.models import Conference
from events.services.writing import assign, load_root, refuse_if_used, save_root
from registrations.models import Allotment, RegistrationType
from registrations.services.capacity import set_capacity
from registrations.services.recording import record
from registrations.services.sharing import differing_types, share_allotment, shut_for_sharing
from registrations.services.types import MAX_CAPACITY

CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "name": v.line(100, required=True),
    "capacity": v.whole_number(0, MAX_CAPACITY, required=False),
}


@transaction.atomic
def create_allotment(
    *, conference: Conference, name: str, actor: Actor, capacity: int | None = None
) -> Allotment:
    """Make a number of places that nothing draws from yet; without `capacity` without limit.

    Raises:
        DomainError: ``validation-failed``.
    """
    given = v.clean({"name": name, "capacity": capacity}, CLEANERS)
    row = Allotment.objects.create(conference=conference, **given)
    record("create_allotment", row, actor, facts={"capacity": row.capacity})
    return row


@transaction.atomic
def change_allotment(
    *,
    allotment: Allotment,
    changes: Mapping[str, Any],
    expected: int | None,
    actor: Actor,
    registration_types: Sequence[RegistrationType] | None = None,
) -> Allotment:
    """Change the name, how many places there are, or which kinds of place draw from them.

    Raises:
        DomainError: ``stale``; ``validation-failed``; ``capacity-below-taken``; and what
            `share_allotment` raises.
    """
    if registration_types is not None:
        # What draws from it is locked before the places are.
        shut_for_sharing(differing_types(allotment, registration_types), [allotment])
    row = _change(allotment, changes, expected, actor)
    if registration_types is None:
        return row
    return share_allotment(
        allotment=row, registration_types=registration_types, expected=None, actor=actor
    )


def _change(
    allotment: Allotment, changes: Mapping[str, Any], expected: int | None, actor: Actor
) -> Allotment:
    row = load_root(allotment, expected, "conference")
    values = v.clean(changes, CLEANERS)
    resize = "capacity" in values and values["capacity"] != row.capacity
    capacity = values.pop("capacity", None)
    changed = assign(row, values)
    if not changed and not resize:
        return row
    save_root(row, changed, expected)
    if changed:
        record("change_allotment", row, actor, changed)
    if resize:
        return set_capacity(allotment=row, capacity=capacity, actor=actor)
    return row


@transaction.atomic
def delete_allotment(*, allotment: Allotment, expected: int | None, actor: Actor) -> None:
    """Delete a number of places that nothing draws from and nobody took.

    Raises:
        DomainError: ``stale``; ``in-use``.
    """
    row = load_root(allotment, expected, "conference")
    detail = "Something draws from these places, or somebody has taken one. Part them first."
    refuse_if_used(row, owned=(), detail=detail)
    if row.registration_types.exists():
        raise DomainError("in-use", detail)
    record("delete_allotment", row, actor)
    row.delete()


@dataclass(frozen=True, slots=True)
class AllotmentLine:
    """An allotment with what draws from it."""

    allotment: Allotment
    types: Sequence[RegistrationType]
    sessions: Sequence[Any]
    options: Sequence[Any]

    @property
    def left(self) -> int | None:
        one = self.allotment
        return None if one.capacity is None else one.capacity - one.taken - one.held

    @property
    def gone(self) -> int:
        """How many are taken or kept."""
        return self.allotment.taken + self.allotment.held

    @property
    def words(self) -> str:
        one = self.allotment
        if one.capacity is None:
            return f"{one.taken} taken, no limit"
        kept = f", {one.held} kept" if one.held else ""
        return f"{one.taken} of {one.capacity} taken{kept}"

    @property
    def is_unused(self) -> bool:
        return not (self.types or self.sessions or self.options or self.gone)


def allotment_lines(conference: Conference) -> list[AllotmentLine]:
    """Return the allotments of a conference with what draws from them; six queries at most."""
    rows = conference.allotments.prefetch_related(
        "registration_types", "sign_up_sessions__session", "options__question"
    ).order_by("pk")
    return [
        AllotmentLine(
            row,
            list(row.registration_types.all()),
            [one.session for one in row.sign_up_sessions.all()],
            list(row.options.all()),
        )
        for row in rows
    ]

"""Places that an organiser keeps back under a name, perhaps until a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from core import cleaning as v
from core.actors import CLOCK, Actor
from core.clock import resolve_local
from core.errors import DomainError, FieldError, invalid
from events.models import Conference
from events.services.writing import assign, load_root, save_root
from registrations.models import Allotment, HoldBack
from registrations.services.capacity import held_for, keep_places_for
from registrations.services.recording import record

MOST: Final = 30_000
CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "name": v.line(200, required=True),
    "count": v.whole_number(0, MOST),
    "release_local": v.local_time(required=False),
}


@transaction.atomic
def create_hold_back(
    *,
    allotment: Allotment,
    name: str,
    count: int,
    actor: Actor,
    release_local: dt.datetime | str | None = None,
) -> HoldBack:
    """Keep back so many places of an allotment: all of them, or it is refused.

    Arguments:
        release_local: when they become anybody's by themselves; without it an organiser says so.

    Raises:
        DomainError: ``validation-failed``; ``sold-out`` when there are too few places.
    """
    given = v.clean({"name": name, "count": count, "release_local": release_local}, CLEANERS)
    number = given.pop("count")
    if number < 1:
        raise invalid("/count", "range", f"Give a whole number from 1 to {MOST}.")
    row = HoldBack(conference=allotment.conference, allotment=allotment, **given)
    _resolve(row)
    row.save(force_insert=True)
    record("create_hold_back", row, actor, facts={"count": number})
    _keep(row, number)
    return row


@transaction.atomic
def change_hold_back(
    *, hold_back: HoldBack, changes: Mapping[str, Any], expected: int | None, actor: Actor
) -> HoldBack:
    """Change the name, the day of release, or how many places are kept from now on.

    Raises:
        DomainError: ``stale``; ``validation-failed``; ``sold-out`` when there are too few places.
    """
    row = load_root(hold_back, expected, "conference", "allotment")
    values = v.clean(changes, CLEANERS)
    now_kept = kept_of(row)
    number = values.pop("count", now_kept)
    changed = assign(row, values)
    if not changed and number == now_kept:
        return row
    if "release_local" in changed:
        changed += _resolve(row)
    save_root(row, changed, expected)
    facts = {"count": number, "before": now_kept}
    more = ["count"] if number != now_kept else []
    record("change_hold_back", row, actor, [*changed, *more], facts)
    _keep(row, number)
    return row


@transaction.atomic
def release_hold_back(*, hold_back: HoldBack, expected: int | None, actor: Actor) -> int:
    """End a hold-back; return how many places anybody can have again.

    Raises:
        DomainError: ``stale``; ``not-found`` when it has been released already.
    """
    return _release(load_root(hold_back, expected, "conference", "allotment"), actor)


def release_due_hold_backs() -> int:
    """Release those whose day has come, each in a transaction of its own; return how many."""
    due = HoldBack.objects.filter(release_at__lte=timezone.now()).order_by("pk")
    return sum(_release_if_due(pk) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _release_if_due(pk: int) -> int:
    row = (
        HoldBack.objects.select_for_update(of=("self",), no_key=True)
        .select_related("conference", "allotment")
        .filter(pk=pk, release_at__lte=timezone.now())
        .first()
    )
    if row is None:
        return 0  # somebody was quicker, or has put it off
    _release(row, CLOCK)
    return 1


def _release(row: HoldBack, actor: Actor) -> int:
    number = kept_of(row)
    record("release_hold_back", row, actor, facts={"count": number})
    keep_places_for(holder=row, wanted={})
    row.delete()
    return number


def kept_of(row: HoldBack) -> int:
    """Return how many places are kept by a hold-back."""
    held = held_for(row).values_list("count", flat=True).first()
    return int(held or 0)


def check_keeps(hold_back: HoldBack, allotments: Collection[int]) -> None:
    """Refuse a hold-back that has no place for a registration that draws from these allotments.

    Raises:
        DomainError: ``validation-failed``.
    """
    if hold_back.allotment_id not in allotments:
        raise invalid(
            "/hold_back", "wrong-type", "This kind of place does not draw from that hold-back."
        )
    if not kept_of(hold_back):
        raise invalid("/hold_back", "used-up", "Nothing is left of that hold-back.")


@dataclass(frozen=True, slots=True)
class HoldBackLine:
    """A hold-back with what is left of it."""

    hold_back: HoldBack
    left: int


def hold_back_lines(conference: Conference) -> list[HoldBackLine]:
    """Return the hold-backs of a conference with what is left of each; one query."""
    rows = (
        HoldBack.objects.filter(conference=conference)
        .select_related("allotment")
        .annotate(left=Coalesce(Sum("held_places__count"), 0))
        .order_by("created_at", "pk")
    )
    return [HoldBackLine(row, row.left) for row in rows]


def resolve_release(row: HoldBack) -> list[str]:
    """Set the release's instant in memory; return its name where it changed."""
    local, zone = row.release_local, row.conference.time_zone
    return assign(row, {"release_at": resolve_local(local, zone) if local is not None else None})


def _resolve(row: HoldBack) -> list[str]:
    changed = resolve_release(row)
    if row.release_at is not None and row.release_at <= timezone.now():
        v.refuse([FieldError("/release_local", "range", "That is over. Give a later time.")])
    return changed


def _keep(row: HoldBack, number: int) -> None:
    if keep_places_for(holder=row, wanted={row.allotment_id: number}) is None:
        return
    detail = f"There are fewer places left in “{row.allotment.name}”. Nothing was changed."
    raise DomainError("sold-out", detail, errors=[FieldError("/count", "too-few", detail)])

"""Places: taking them, keeping them, giving them back, saying how many there are.

The only writer of `Allotment.taken`, `held` and `capacity`. Taking n places is one conditional
UPDATE an allotment, in the order of ids, so that two who want several never wait for each other in
a circle. Call it last: from the first UPDATE to the commit nobody else gets a place of that
allotment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from django.db import connection, transaction
from django.db.models import F, Sum
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError, FieldError
from core.services import audit
from core.services.inserting import insert
from registrations.models import (
    Allotment,
    HeldPlace,
    Invitation,
    Registration,
    RegistrationPlace,
)

# In SQL, because others wait from here on, and putting it together anew takes longer than it runs.
# What was kept for the taker moves from `held` to `taken`; only the rest has to be free.
_TAKE: Final = """
UPDATE registrations_allotment SET taken = taken + %s, held = held - %s, updated_at = %s
WHERE id = %s AND (capacity IS NULL OR capacity >= taken + held + %s)
"""


def take_places(
    *,
    registration: Registration,
    allotments: Iterable[int],
    count: int = 1,
    invitation: Invitation | None = None,
) -> bool:
    """Take `count` places of each allotment for a registration; tell whether there were as many.

    Without them nothing is taken. The caller's transaction makes it true or undoes it.

    Arguments:
        registration: one that has taken nothing of them yet.
        allotments: their ids.
        invitation: whose kept places are used before free ones; the caller has it locked.
    """
    ids = sorted(set(allotments))
    held = {} if invitation is None else _held_for(invitation, ids)
    kept = {pk: min(count, held.get(pk, 0)) for pk in ids}
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    # The rows first: nobody has to wait for them.
    places = [
        RegistrationPlace(registration=registration, allotment_id=pk, count=count) for pk in ids
    ]
    for place in places:
        insert(place)
    for position, pk in enumerate(ids):
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [count, kept[pk], now, pk, count - kept[pk]])
            taken = cursor.rowcount
        if not taken:
            before = ids[:position]
            _put_back(dict.fromkeys(before, count), {pk: kept[pk] for pk in before})
            RegistrationPlace.objects.filter(pk__in=[place.pk for place in places]).delete()
            return False
    if invitation is not None and any(kept.values()):
        _use_up(invitation, held, kept)
    return True


def _held_for(invitation: Invitation, allotments: Collection[int]) -> dict[int, int]:
    rows = HeldPlace.objects.filter(invitation=invitation, allotment_id__in=allotments)
    return dict(rows.values_list("allotment_id", "count"))


def _use_up(invitation: Invitation, held: Mapping[int, int], used: Mapping[int, int]) -> None:
    """Let go of the rows of kept places, whose figures have moved already."""
    rows = HeldPlace.objects.filter(invitation=invitation)
    rows.filter(allotment_id__in=[pk for pk in held if held[pk] <= used[pk]]).delete()
    for pk, number in held.items():
        if number > used[pk] > 0:
            rows.filter(allotment_id=pk).update(count=F("count") - used[pk])


def hold_places(*, wanted: Mapping[int, int], allotments: Iterable[int]) -> set[int]:
    """Keep places of each allotment for invitations, as far as there are any left.

    Who comes first in `wanted` is served first, and gets fewer than wished where only fewer are
    left. From here to the commit others wait, so call it last. The figures change by one
    conditional UPDATE an allotment.

    Arguments:
        wanted: id of an invitation, for which nothing is kept yet -> how many places.
        allotments: their ids; without any there is nothing to keep.

    Returns: the ids of those for whom at least one place of each is kept.
    """
    rows = list(Allotment.objects.select_for_update().filter(pk__in=set(allotments)).order_by("pk"))
    limits = [row.capacity - row.taken - row.held for row in rows if row.capacity is not None]
    left = min(limits) if limits else sum(wanted.values())
    got: dict[int, int] = {}
    for invitation_id, number in wanted.items():
        given = min(number, left)
        if given > 0:
            got[invitation_id] = given
            left -= given
    total = sum(got.values())
    if not rows or not total:
        return set()
    now = timezone.now()
    for row in rows:
        fitting = Allotment.objects.filter(pk=row.pk)
        if row.capacity is not None:
            fitting = fitting.filter(capacity__gte=F("taken") + F("held") + total)
        if not fitting.update(held=F("held") + total, updated_at=now):
            raise RuntimeError("an allotment that was locked has changed")
    HeldPlace.objects.bulk_create(
        HeldPlace(invitation_id=pk, allotment=row, count=number)
        for pk, number in got.items()
        for row in rows
    )
    return set(got)


def release_holds(*, invitations: Collection[int], keep: int = 0) -> int:
    """Keep no more than `keep` places of each allotment for these invitations.

    The caller has the invitations locked.

    Returns: how many places anybody can have again.
    """
    rows = HeldPlace.objects.filter(invitation_id__in=invitations, count__gt=keep)
    sums = rows.order_by().values("allotment_id").annotate(number=Sum(F("count") - keep))
    freed = {row["allotment_id"]: row["number"] for row in sums}
    if not freed:
        return 0
    if keep:
        rows.update(count=keep)
    else:
        rows.delete()
    now = timezone.now()
    for pk in sorted(freed):
        Allotment.objects.filter(pk=pk).update(held=F("held") - freed[pk], updated_at=now)
    return sum(freed.values())


def give_back_places(*, registration: Registration) -> int:
    """Give back what a registration took; return how many places that were."""
    places = RegistrationPlace.objects.filter(registration=registration)
    counts = dict(places.order_by("allotment_id").values_list("allotment_id", "count"))
    _put_back(counts)
    if counts:
        places.delete()
    return sum(counts.values())


def _put_back(counts: Mapping[int, int], held: Mapping[int, int] | None = None) -> None:
    now = timezone.now()
    for pk in sorted(counts):
        again = (held or {}).get(pk, 0)
        Allotment.objects.filter(pk=pk).update(
            taken=F("taken") - counts[pk], held=F("held") + again, updated_at=now
        )


@transaction.atomic
def set_capacity(
    *, allotment: Allotment, capacity: int | None, actor: Actor, pointer: str = "/capacity"
) -> Allotment:
    """Say how many places an allotment has; None is without limit.

    Raises:
        DomainError: ``capacity-below-taken`` when more are taken and held already.
    """
    rows = Allotment.objects.filter(pk=allotment.pk)
    if capacity is not None:
        rows = rows.annotate(used=F("taken") + F("held")).filter(used__lte=capacity)
    if not rows.update(capacity=capacity, updated_at=timezone.now()):
        allotment.refresh_from_db()
        raise _below_taken(allotment, capacity, pointer)
    allotment.refresh_from_db()
    audit.record(
        verb="set_capacity",
        obj=allotment,
        organisation_id=allotment.conference.organisation_id,
        actor=actor,
        changed=["capacity"],
        facts={"capacity": capacity},
    )
    return allotment


def _below_taken(allotment: Allotment, capacity: int | None, pointer: str) -> DomainError:
    used = allotment.taken + allotment.held
    kept = f" and {allotment.held} kept back" if allotment.held else ""
    detail = (
        f"{allotment.taken} places are taken{kept}, so there can not be only {capacity}. "
        f"Give {used} or more, or cancel registrations first. The number was not changed."
    )
    return DomainError(
        "capacity-below-taken", detail, errors=[FieldError(pointer, "below-taken", detail)]
    )

"""The one statement that moves places, and what is made of it for several rows at once.

Only this module and `capacity` write `Allotment.taken` and `held`. Whoever moves places of several
allotments does it in the order of ids.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from django.db import connection, models
from django.utils import timezone

from core.services.inserting import insert_and
from registrations.models import (
    Allotment,
    HeldPlace,
    Registration,
    RegistrationPlace,
    RegistrationType,
)
from registrations.signals import PlacesFreed, places_freed

# In SQL, because others wait from here on, and putting it together anew takes longer than it runs.
# Both figures at once, if what they rise by together is free: a kept place that is taken moves from
# `held` to `taken`, and nothing has to be free for it.
_MOVE: Final = """
UPDATE registrations_allotment SET taken = taken + %s, held = held + %s, updated_at = %s
WHERE id = %s AND (capacity IS NULL OR capacity >= taken + held + %s)
"""


def move(pk: int, *, taken: int = 0, held: int = 0, first: Sequence[models.Model] = ()) -> bool:
    """Raise or lower an allotment's figures, if there are places for it.

    Arguments:
        first: new rows that are written before, and stay whether or not there are.
    """
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    moved = bool(insert_and(first, _MOVE, [taken, held, now, pk, taken + held]))
    if moved and taken + held < 0:
        tell_freed([pk])
    return moved


def tell_freed(allotments: Iterable[int]) -> None:
    """Tell, in this transaction, that places of these can be had again."""
    event = PlacesFreed(tuple(sorted(allotments)))
    places_freed.send(sender=Allotment, event=event)


def exchange_places(
    *, registration: Registration, take: Collection[int], give: Collection[int]
) -> int | None:
    """Take a place of each of these allotments and give one back of each of the others.

    Where one is lacking the caller undoes its transaction.

    Arguments:
        registration: the caller has it locked; it has a place of each of `give`, of `take` none.

    Returns: None, or the id of the first allotment that had no place left.
    """
    rows = RegistrationPlace.objects
    rows.bulk_create(
        RegistrationPlace(registration=registration, allotment_id=pk) for pk in sorted(set(take))
    )
    if give:
        rows.filter(registration=registration, allotment_id__in=give).delete()
    for pk in sorted({*take, *give}):
        if not move(pk, taken=1 if pk in take else -1):
            return pk
    return None


def give_back_of(*, allotment: Allotment, registrations: Collection[int]) -> int:
    """Give back what these registrations took of one allotment; return how many places.

    The caller has them locked.
    """
    rows = RegistrationPlace.objects.filter(allotment=allotment, registration__in=registrations)
    number = sum(rows.values_list("count", flat=True))
    if number:
        move(allotment.pk, taken=-number)
        rows.delete()
    return number


def release_held_of(*, allotment: Allotment, registration_type: RegistrationType) -> int:
    """Release what is kept of one allotment for a type's invitations, which the caller has locked;
    return how many places.
    """
    rows = HeldPlace.objects.filter(
        allotment=allotment, invitation__registration_type=registration_type
    )
    number = sum(rows.values_list("count", flat=True))
    if number:
        move(allotment.pk, held=-number)
        rows.delete()
    return number

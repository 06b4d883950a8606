"""Places: taking them, giving them back, saying how many there are.

The only writer of `Allotment.taken` and `Allotment.capacity`. Taking n places is one conditional
UPDATE an allotment, in the order of ids, so that two who want several never wait for each other in
a circle. Call it last: from the first UPDATE to the commit nobody else gets a place of that
allotment.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError, FieldError
from core.services import audit
from registrations.models import Allotment, Registration, RegistrationPlace

# In SQL, because others wait from here on, and putting it together anew takes longer than it runs.
_TAKE: Final = """
UPDATE registrations_allotment SET taken = taken + %s, updated_at = %s
WHERE id = %s AND (capacity IS NULL OR capacity >= taken + held + %s)
"""


def take_places(*, registration: Registration, allotments: Iterable[int], count: int = 1) -> bool:
    """Take `count` places of each allotment for a registration; tell whether there were as many.

    Without them nothing is taken. The caller's transaction makes it true or undoes it.

    Arguments:
        registration: one that has taken nothing of them yet.
        allotments: their ids.
    """
    ids = sorted(set(allotments))
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    # The rows first: nobody has to wait for them.
    places = RegistrationPlace.objects.bulk_create(
        RegistrationPlace(registration=registration, allotment_id=pk, count=count) for pk in ids
    )
    for position, pk in enumerate(ids):
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [count, now, pk, count])
            taken = cursor.rowcount
        if not taken:
            _put_back(dict.fromkeys(ids[:position], count))
            RegistrationPlace.objects.filter(pk__in=[place.pk for place in places]).delete()
            return False
    return True


def give_back_places(*, registration: Registration) -> int:
    """Give back what a registration took; return how many places that were."""
    places = RegistrationPlace.objects.filter(registration=registration)
    counts = dict(places.order_by("allotment_id").values_list("allotment_id", "count"))
    _put_back(counts)
    if counts:
        places.delete()
    return sum(counts.values())


def _put_back(counts: dict[int, int]) -> None:
    now = timezone.now()
    for pk in sorted(counts):
        Allotment.objects.filter(pk=pk).update(taken=F("taken") - counts[pk], updated_at=now)


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

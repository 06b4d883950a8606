"""Places: taking them, keeping them, giving them back, saying how many there are.

With `place_moves` the only writer of `Allotment.taken`, `held` and `capacity`. Taking n places is
one conditional UPDATE an allotment, in the order of ids, so that two who want several never wait
for each other in a circle. Call it last: from the first UPDATE to the commit nobody else gets a
place of that allotment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import inf
from typing import Final

from django.db import models, transaction
from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError, FieldError
from core.services import audit
from core.services.inserting import insert, new_row
from registrations.enums import TAKING_A_PLACE
from registrations.models import (
    AccessCode,
    Allotment,
    HeldPlace,
    HoldBack,
    Invitation,
    Registration,
    RegistrationPlace,
)
from registrations.services.code_uses import locked_keepers
from registrations.services.place_locks import hold_allotments
from registrations.services.place_moves import move, tell_freed

Holder = Invitation | AccessCode | HoldBack
_HOLDER_FIELDS: Final[Mapping[type[models.Model], str]] = {
    Invitation: "invitation",
    AccessCode: "access_code",
    HoldBack: "hold_back",
}


def held_for(holder: Holder) -> QuerySet[HeldPlace]:
    """Return the rows of places that are kept for a holder."""
    return HeldPlace.objects.filter(**{_HOLDER_FIELDS[type(holder)]: holder})


def take_places(
    *,
    wanted: Mapping[int, Collection[int]],
    holder: Holder | None = None,
    along: Sequence[models.Model] = (),
) -> int | None:
    """Take a place of each allotment that they want for registrations; say what there was none of.

    Without all of them nothing is taken. The caller's transaction makes it true or undoes it.

    A code keeps a place of each of its types for each use that is left: one that is used keeps none
    of the other types' either.

    Arguments:
        wanted: id of a registration, which has taken nothing of them yet -> ids of allotments.
        holder: whose kept places are used before free ones; the caller has it locked.
        along: new rows that are written on the way, whether or not there are places.

    Returns: None, or the id of the first allotment that had too few places left.
    """
    counts = Counter(pk for ids in wanted.values() for pk in set(ids))
    held: dict[int, int] = {}
    if holder is not None:
        rows = held_for(holder)
        if not isinstance(holder, AccessCode):
            rows = rows.filter(allotment_id__in=counts)
        held = dict(rows.values_list("allotment_id", "count"))
    kept = {pk: min(counts.get(pk, len(wanted)), number) for pk, number in held.items()}
    # The rows first: nobody has to wait for them.
    places = [
        new_row(RegistrationPlace, registration_id=registration_id, allotment_id=pk)
        for registration_id, of_one in wanted.items()
        for pk in sorted(set(of_one))
    ]
    first = list(along)
    if len(places) > 1:
        RegistrationPlace.objects.bulk_create(places)
    else:
        first += places
    moved: list[int] = []
    for pk in sorted({*counts, *kept}):
        if not move(pk, taken=counts[pk], held=-kept.get(pk, 0), first=first):
            for done in moved:
                move(done, taken=-counts[done], held=kept.get(done, 0))
            mine = RegistrationPlace.objects.filter(registration__in=wanted)
            mine.filter(allotment__in=counts).delete()
            return pk
        moved.append(pk)
        first = []
    for row in first:
        insert(row)
    if holder is not None:
        _write_held(holder, held, {pk: held[pk] - kept[pk] for pk in held})
    return None


def _write_held(holder: Holder, before: Mapping[int, int], after: Mapping[int, int]) -> None:
    """Let the rows of kept places follow their figures, which have moved already.

    Arguments:
        before, after: id of an allotment -> how many; what `after` does not name stays.
    """
    rows = held_for(holder)
    gone = [pk for pk, number in after.items() if pk in before and number <= 0]
    if gone:
        rows.filter(allotment_id__in=gone).delete()
    field = _HOLDER_FIELDS[type(holder)]
    for pk, number in after.items():
        if number <= 0 or number == before.get(pk):
            continue
        if pk in before:
            rows.filter(allotment_id=pk).update(count=number, updated_at=timezone.now())
        else:
            HeldPlace.objects.create(**{field: holder}, allotment_id=pk, count=number)


def keep_places_for(*, holder: Holder, wanted: Mapping[int, int]) -> int | None:
    """Keep exactly so many places for a holder: more, fewer or none than up to now.

    Without all of them nothing changes. From here to the commit others wait, so call it last.

    Arguments:
        holder: the caller has it locked.
        wanted: id of an allotment -> how many places; of any other none are kept.

    Returns: None, or the id of the first allotment that had too few places left.
    """
    before = dict(held_for(holder).values_list("allotment_id", "count"))
    differences = {
        pk: wanted.get(pk, 0) - before.get(pk, 0)
        for pk in sorted({*wanted, *before})
        if wanted.get(pk, 0) != before.get(pk, 0)
    }
    moved: list[int] = []
    for pk, difference in differences.items():
        if not move(pk, held=difference):
            for done in moved:
                move(done, held=-differences[done])
            return pk
        moved.append(pk)
    _write_held(holder, before, {pk: wanted.get(pk, 0) for pk in differences})
    return None


def hold_places(
    *, wanted: Mapping[int, int], allotments: Iterable[int], of: type[Holder] = Invitation
) -> set[int]:
    """Keep places of each allotment for many holders of one kind, as far as there are any left.

    Who comes first in `wanted` is served first, and gets fewer than wished where only fewer are
    left. From here to the commit others wait, so call it last. The figures change by one
    conditional UPDATE an allotment.

    Arguments:
        wanted: id of a holder, for which nothing is kept yet -> how many places.
        allotments: their ids; without any there is nothing to keep.
        of: what the holders are.

    Returns: the ids of those for whom at least one place of each is kept.
    """
    rows = hold_allotments(allotments)
    limits = [row.capacity - row.taken - row.held for row in rows if row.capacity is not None]
    left = min(limits) if limits else sum(wanted.values())
    got: dict[int, int] = {}
    for holder_id, number in wanted.items():
        given = min(number, left)
        if given > 0:
            got[holder_id] = given
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
        HeldPlace(**{f"{_HOLDER_FIELDS[of]}_id": pk}, allotment=row, count=number)
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
    for pk in sorted(freed):
        move(pk, held=-freed[pk])
    return sum(freed.values())


def count_in(*, allotment: Allotment, registrations: Collection[int]) -> None:
    """Count registrations that have what a new allotment without a limit is made for already."""
    RegistrationPlace.objects.bulk_create(
        (RegistrationPlace(registration_id=pk, allotment=allotment) for pk in registrations),
        batch_size=1000,
    )
    Allotment.objects.filter(pk=allotment.pk).update(
        taken=F("taken") + len(registrations), updated_at=timezone.now()
    )


def give_back_places(*, registration: Registration) -> int:
    """Give back what a registration took; return how many places that were.

    What came out of the places that an access code keeps goes back to it, while the code is in use
    and as far as there are places.
    """
    return give_back_all_places([registration])


def give_back_all_places(
    registrations: Collection[Registration], also: Collection[int] = ()
) -> int:
    """Do so for several, which the caller has locked; the codes first, then the allotments.

    Arguments:
        also: ids of allotments that the caller's transaction moves places of after this.
    """
    places = RegistrationPlace.objects.filter(registration__in=registrations)
    counts: Counter[int] = Counter()
    had: set[int] = set()
    for registration_id, pk, count in places.values_list(
        "registration_id", "allotment_id", "count"
    ):
        counts[pk] += count
        had.add(registration_id)
    came = [row for row in registrations if row.pk in had]
    codes = locked_keepers(came)
    before = {
        pk: dict(held_for(one).values_list("allotment_id", "count")) for pk, one in codes.items()
    }
    after = {pk: _kept_after(one, before[pk], came) for pk, one in codes.items()}
    raised = {pk for figures in after.values() for pk in figures}
    for row in hold_allotments({*counts, *raised, *also}):
        room = inf
        if row.capacity is not None:
            room = row.capacity - row.taken - row.held + counts[row.pk]
        rise = 0
        for code_id, figures in after.items():
            now = before[code_id].get(row.pk, 0)
            more = int(min(figures.get(row.pk, now) - now, room - rise))
            figures[row.pk] = now + more
            rise += more
        if (counts[row.pk] or rise) and not move(row.pk, taken=-counts[row.pk], held=rise):
            raise RuntimeError("an allotment that was locked has changed")
    for pk, code in codes.items():
        _write_held(code, before[pk], after[pk])
    places.delete()
    return sum(counts.values())


def _kept_after(
    code: AccessCode, before: Mapping[int, int], came: Collection[Registration]
) -> dict[int, int]:
    """Return how many places of each allotment a code may keep, of which it keeps more now."""
    number = sum(row.access_code_id == code.pk for row in came)
    most = uses_without_place(code)
    drawn = Allotment.objects.filter(registration_types__access_codes=code).distinct()
    wished = {
        pk: min(most, before.get(pk, 0) + number) for pk in drawn.values_list("pk", flat=True)
    }
    return {pk: count for pk, count in wished.items() if count > before.get(pk, 0)}


def uses_without_place(code: AccessCode) -> int:
    """Return how many of a code's uses have taken no place: for so many it keeps one."""
    taking = code.registrations.filter(status__in=TAKING_A_PLACE).count()
    return max(0, (code.max_uses or 0) - taking)


def trim_kept(code: AccessCode) -> None:
    """Keep no more places for a code than it has uses that have taken none; it is locked."""
    most = uses_without_place(code)
    before = held_for(code).values_list("allotment_id", "count")
    keep_places_for(holder=code, wanted={pk: min(count, most) for pk, count in before})


def keeping_code(registration: Registration) -> AccessCode | None:
    """Return the code that a registration came with, locked, where it keeps places now."""
    if registration.access_code_id is None:
        return None
    return (
        AccessCode.objects.select_for_update(no_key=True)
        .filter(pk=registration.access_code_id)
        .keeping_places()
        .first()
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
    tell_freed([allotment.pk])
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

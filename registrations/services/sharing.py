"""From which allotments a kind of place draws: who has a place already takes one there, or gives
it back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from core.actors import Actor
from core.errors import DomainError, FieldError, stale
from core.services import audit
from core.services.versions import raise_version
from events.services.writing import save_root
from registrations.enums import TAKING_A_PLACE
from registrations.models import (
    AccessCode,
    Allotment,
    HeldPlace,
    Invitation,
    Registration,
    RegistrationPlace,
    RegistrationType,
)
from registrations.services.access_codes import keep_for_uses
from registrations.services.capacity import hold_places, take_places
from registrations.services.place_locks import (
    hold_allotments,
    hold_codes,
    kept_allotments,
    shut,
)
from registrations.services.place_moves import give_back_of, release_held_of, tell_freed

POINTER = "/allotments"


@transaction.atomic
def set_allotments(
    *,
    registration_type: RegistrationType,
    allotments: Sequence[Allotment],
    expected: int | None,
    actor: Actor,
) -> RegistrationType:
    """Let a kind of place draw from these allotments and no others.

    Who has a place takes one of each new allotment with the same commit, and gives back those of
    the others; kept places follow. Where there are too few, nothing changes.

    Raises:
        DomainError: ``stale``; ``validation-failed`` without any allotment; ``sold-out`` when a new
            one has too few places for all who are there.
    """
    shut_for_sharing([registration_type.pk], allotments)
    row = _as_it_is(registration_type, expected)
    if follow_allotments(row, allotments):
        save_root(row, [], expected)
        record_sharing(row, actor)
    return row


@transaction.atomic
def share_allotment(
    *,
    allotment: Allotment,
    registration_types: Sequence[RegistrationType],
    expected: int | None,
    actor: Actor,
) -> Allotment:
    """Let these kinds of place draw from an allotment and no others: all of it, or nothing.

    Raises:
        DomainError: ``stale``; ``validation-failed`` for a kind that would draw from nothing;
            ``sold-out`` when there are too few places for all who are there.
    """
    found = Allotment.objects.filter(pk=allotment.pk)
    if expected is not None and not found.filter(version=expected).exists():
        raise stale()
    wanted = {kind.pk for kind in registration_types}
    differing = differing_types(allotment, registration_types)
    shut_for_sharing(differing, [allotment])
    kinds = RegistrationType.objects.filter(pk__in=differing).order_by("pk")
    for kind in kinds:
        others = [one for one in kind.allotments.all() if one.pk != allotment.pk]
        set_allotments(
            registration_type=kind,
            allotments=[*others, allotment] if kind.pk in wanted else others,
            expected=None,
            actor=actor,
        )
    allotment.refresh_from_db()
    return allotment


def differing_types(allotment: Allotment, wanted: Collection[RegistrationType]) -> set[int]:
    """Return the ids of the types that draw from an allotment and should not, or the reverse."""
    present = set(allotment.registration_types.values_list("pk", flat=True))
    return {kind.pk for kind in wanted} ^ present


def shut_for_sharing(types: Collection[int], allotments: Sequence[Allotment]) -> None:
    """Lock all that changes when these types draw from others, in the order of all.

    Arguments:
        allotments: from which they are to draw; those from which they draw now go without saying.
    """
    if not types:
        return
    held = HeldPlace.objects.filter(invitation__registration_type__in=types).order_by()
    shut(
        types=types,
        registrations=_taking(types),
        invitations=Invitation.objects.filter(pk__in=held.values("invitation_id")),
    )
    codes = AccessCode.objects.filter(registration_types__in=types).values_list("pk", flat=True)
    ids = hold_codes(codes)
    moved = {one.pk for one in allotments}
    moved |= set(
        Allotment.objects.filter(registration_types__in=types).values_list("pk", flat=True)
    )
    moved |= set(
        Allotment.objects.filter(registration_types__access_codes__in=ids).values_list(
            "pk", flat=True
        )
    )
    hold_allotments(moved | kept_allotments(access_code__in=ids))


def follow_allotments(row: RegistrationType, allotments: Sequence[Allotment]) -> bool:
    """Do it for a type whose version the caller raises; tell whether anything changed.

    The caller has called `shut_for_sharing`.

    Raises:
        DomainError: ``validation-failed``; ``sold-out``.
    """
    if not allotments:
        detail = "A kind of place draws from one number of places at least. Add another one first."
        raise DomainError(
            "validation-failed", detail, errors=[FieldError(POINTER, "required", detail)]
        )
    before = {one.pk: one for one in row.allotments.all()}
    after = {one.pk: one for one in allotments}
    new = [after[pk] for pk in sorted(after.keys() - before.keys())]
    gone = [before[pk] for pk in sorted(before.keys() - after.keys())]
    if not new and not gone:
        return False
    rows = HeldPlace.objects.filter(invitation__registration_type=row).order_by()
    held = dict(rows.values_list("invitation_id").annotate(number=Max("count")))
    registrations = list(_taking([row.pk]).order_by("pk").values_list("pk", flat=True))
    row.allotments.add(*new)
    row.allotments.remove(*gone)
    # In the order of ids, as everybody takes and gives back.
    for one in sorted([*new, *gone], key=lambda a: a.pk):
        raise_version(one, None)
        if one.pk in after:
            _take_for_all(one, registrations, held)
        else:
            _give_back_of_all(row, one, registrations)
    for code in row.access_codes.order_by("pk"):
        keep_for_uses(code)
    if gone:
        # Who waited for one that was full waits for fewer things now.
        tell_freed(after)
    return True


def _as_it_is(row: RegistrationType, expected: int | None) -> RegistrationType:
    """Return the type, which the caller has shut."""
    found = RegistrationType.objects.select_related("conference").filter(pk=row.pk).first()
    if found is None:
        raise DomainError("not-found", "This has been deleted in the meantime.")
    if expected is not None and found.version != expected:
        raise stale()
    return found


def _taking(types: Collection[int]) -> QuerySet[Registration]:
    """Return those of these types that have places there; who comes on top has none, whatever
    session they have a place at.
    """
    places = RegistrationPlace.objects.filter(
        registration_id=OuterRef("pk"), allotment__registration_types=OuterRef("registration_type")
    )
    return Registration.objects.filter(
        Exists(places), registration_type__in=types, status__in=TAKING_A_PLACE
    )


def _take_for_all(one: Allotment, registrations: Iterable[int], held: dict[int, int]) -> None:
    # An option or a session may draw from it too.
    places = RegistrationPlace.objects.filter(allotment=one)
    have = set(places.filter(registration__in=registrations).values_list("registration", flat=True))
    wanted = {pk: [one.pk] for pk in registrations if pk not in have}
    keep = dict(held)
    for pk in HeldPlace.objects.filter(allotment=one, invitation__in=held).values_list(
        "invitation_id", flat=True
    ):
        del keep[pk]
    if wanted and take_places(wanted=wanted) is not None:
        raise _too_few(one, len(wanted), sum(keep.values()))
    if keep:
        hold_places(wanted=keep, allotments=[one.pk])
        rows = HeldPlace.objects.filter(allotment=one, invitation__in=keep)
        if sum(rows.values_list("count", flat=True)) < sum(keep.values()):
            raise _too_few(one, len(wanted), sum(keep.values()))


def _give_back_of_all(
    row: RegistrationType, one: Allotment, registrations: Collection[int]
) -> None:
    other_ways = Registration.objects.filter(pk__in=registrations)
    stay = set(other_ways.filter(answers__option__allotment=one).values_list("pk", flat=True))
    stay |= set(
        other_ways.filter(sign_ups__sign_up_session__allotment=one).values_list("pk", flat=True)
    )
    give_back_of(allotment=one, registrations=[pk for pk in registrations if pk not in stay])
    release_held_of(allotment=one, registration_type=row)


def _too_few(one: Allotment, taking: int, kept: int) -> DomainError:
    one.refresh_from_db()
    left = max(0, (one.capacity or 0) - one.taken - one.held)
    people = "1 place is" if taking + kept == 1 else f"{taking + kept} places are"
    detail = (
        f"{people} taken or kept of this kind already, and “{one.name}” has only {left} left. "
        "Nothing was changed."
    )
    return DomainError("sold-out", detail, errors=[FieldError(POINTER, "too-few", detail)])


def record_sharing(row: RegistrationType, actor: Actor) -> None:
    """Write down that a type draws from other allotments."""
    audit.record(
        verb="set_allotments",
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
        changed=["allotments"],
        facts={"allotments": sorted(row.allotments.values_list("code", flat=True))},
    )

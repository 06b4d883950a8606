"""Which allotments a registration draws from: its type's, its chosen options', its sign-ups'."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from registrations.enums import TAKING_A_PLACE
from registrations.models import Allotment, Registration, RegistrationPlace, RegistrationType
from registrations.services import place_locks


def allotments_of(registration: Registration) -> list[int]:
    """Return the ids of all allotments that a registration takes a place of; two queries.

    To the transaction's end nobody changes from which ones its type draws.
    """
    place_locks.hold_types([registration.registration_type_id])
    mine = (
        Q(registration_types=registration.registration_type_id)
        | Q(options__answers__registration=registration)
        | Q(options__sensitive_answers__registration=registration)
        | Q(sign_up_sessions__sign_ups__registration=registration)
    )
    rows = Allotment.objects.filter(mine).order_by("pk").distinct()
    return list(rows.values_list("pk", flat=True))


def hold_types(registrations: Collection[Registration]) -> dict[int, int]:
    """Let nobody change from which allotments the types of these draw, to the transaction's end.

    Returns: id of a type -> its version, which such a change raises.
    """
    return place_locks.hold_types(row.registration_type_id for row in registrations)


def allotments_of_many(registrations: Collection[Registration]) -> dict[int, list[int]]:
    """Return the same for several at once, by registration; four queries."""
    ids = [row.pk for row in registrations]
    needs: dict[int, set[int]] = {pk: set() for pk in ids}
    of_types: dict[int, list[int]] = {}
    through = RegistrationType.allotments.through.objects.filter(
        registrationtype_id__in={row.registration_type_id for row in registrations}
    )
    for type_id, allotment_id in through.values_list("registrationtype_id", "allotment_id"):
        of_types.setdefault(type_id, []).append(allotment_id)
    for row in registrations:
        needs[row.pk].update(of_types.get(row.registration_type_id, ()))
    for path in (
        "options__answers__registration",
        "options__sensitive_answers__registration",
        "sign_up_sessions__sign_ups__registration",
    ):
        rows = Allotment.objects.filter(**{f"{path}__in": ids}).order_by()
        for allotment_id, registration_id in rows.values_list("pk", f"{path}_id"):
            needs[registration_id].add(allotment_id)
    return {pk: sorted(of_one) for pk, of_one in needs.items()}


def comes_on_top() -> Q:
    """Return the condition: it is confirmed, and none of its type's places is taken for it."""
    places = RegistrationPlace.objects.filter(
        registration=OuterRef("pk"), allotment__registration_types=OuterRef("registration_type")
    )
    limited = RegistrationType.allotments.through.objects.filter(
        registrationtype=OuterRef("registration_type")
    )
    return Q(status__in=TAKING_A_PLACE) & ~Q(Exists(places)) & Q(Exists(limited))

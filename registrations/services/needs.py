"""Which allotments a registration draws from: its type's, its chosen options', its sign-ups'."""

from __future__ import annotations

from django.db.models import Q

from registrations.models import Allotment, Registration, RegistrationType


def allotments_of(registration: Registration) -> list[int]:
    """Return the ids of all allotments that a registration takes a place of; two queries.

    To the transaction's end nobody changes from which ones its type draws.
    """
    kind = RegistrationType.objects.select_for_update(no_key=True).order_by()
    kind.filter(pk=registration.registration_type_id).values_list("pk").get()
    mine = (
        Q(registration_types=registration.registration_type_id)
        | Q(options__answers__registration=registration)
        | Q(options__sensitive_answers__registration=registration)
        | Q(sign_up_sessions__sign_ups__registration=registration)
    )
    rows = Allotment.objects.filter(mine).order_by("pk").distinct()
    return list(rows.values_list("pk", flat=True))

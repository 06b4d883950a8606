"""The organiser's yes or no to who asks or waits."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError
from events.services.writing import load_root, save_root
from registrations.enums import RegistrationStatus
from registrations.models import Invitation, Registration
from registrations.services.cancelling import check_conference_takes, confirm, record_status
from registrations.services.code_uses import give_use_back
from registrations.services.registering import tell

# What is told, by what the registration was: a place after a wait is not the same as a yes.
_VERBS: Final = {
    RegistrationStatus.PENDING_APPROVAL: "approved",
    RegistrationStatus.WAITING_LIST: "promoted",
}


def _load(registration: Registration, expected: int | None) -> tuple[Registration, str]:
    row = load_root(registration, expected, "conference")
    verb = _VERBS.get(RegistrationStatus(row.status))
    if verb is None:
        raise DomainError(
            "wrong-state",
            "Only who asks for approval or stands on the waiting list can be decided.",
        )
    return row, verb


@transaction.atomic
def approve_registration(
    *,
    registration: Registration,
    actor: Actor,
    expected: int | None = None,
    invitation: Invitation | None = None,
) -> Registration:
    """Confirm who asked for approval or waits; a place is taken with the same commit.

    Arguments:
        invitation: the yes to it is what confirms; its kept place is taken, or it comes on top.

    Raises:
        DomainError: ``stale``; ``wrong-state``; ``sold-out``, and then nothing has changed.
    """
    row, verb = _load(registration, expected)
    check_conference_takes(row.conference)
    before = row.status
    confirm(row, expected, invitation=invitation)
    record_status("approve_registration", row, before, actor)
    tell(row, verb)
    return row


@transaction.atomic
def reject_registration(
    *, registration: Registration, actor: Actor, expected: int | None = None
) -> Registration:
    """Turn down who asked for approval or waits.

    Raises:
        DomainError: ``stale``; ``wrong-state``.
    """
    row, _verb = _load(registration, expected)
    before = row.status
    row.status = RegistrationStatus.REJECTED
    row.status_at = timezone.now()
    save_root(row, ["status", "status_at"], expected)
    give_use_back(row)
    record_status("reject_registration", row, before, actor)
    tell(row, "rejected")
    return row

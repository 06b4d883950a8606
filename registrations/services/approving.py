"""The organiser's yes, no or not yet to who asks or waits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.cleaning import clean
from core.errors import DomainError
from events.services.writing import load_root, save_root
from registrations.enums import RegistrationStatus
from registrations.models import Invitation, Registration
from registrations.services.cancelling import check_conference_takes, confirm, record_status
from registrations.services.capacity import give_back_places
from registrations.services.code_uses import give_use_back
from registrations.services.filling import fill_freed_places
from registrations.services.handing_on import hand_on
from registrations.services.registration_rows import tell
from registrations.validators import line

MAX_REASON: Final = 500
# What is told, by what the registration was: a place after a wait is not the same as a yes.
TOLD: Final[Mapping[str, str]] = {
    RegistrationStatus.PENDING_APPROVAL: "approved",
    RegistrationStatus.WAITING_LIST: "promoted",
}
TURNED_DOWN_FROM: Final = (*TOLD, RegistrationStatus.OFFERED)


def clean_reason(reason: str) -> str:
    """Return the reason for a decision as it is kept: one line.

    Raises:
        DomainError: ``validation-failed``.
    """
    return str(clean({"reason": reason}, {"reason": line(MAX_REASON)})["reason"])


@transaction.atomic
def approve_registration(
    *,
    registration: Registration,
    actor: Actor,
    expected: int | None = None,
    invitation: Invitation | None = None,
    reason: str = "",
    tell_reason: bool = False,
    or_wait: bool = False,
) -> Registration:
    """Confirm who asked for approval or waits; a place is taken with the same commit.

    Arguments:
        invitation: the yes to it is what confirms; its kept place is taken, or it comes on top.
        reason: kept with the registration.
        tell_reason: whether the guest's mail says the reason.
        or_wait: whether who finds no place left goes to the waiting list, where there is one.

    Raises:
        DomainError: ``stale``; ``wrong-state``; ``validation-failed`` for a reason that is no line
            of text; ``sold-out``, and then nothing has changed.
    """
    why = clean_reason(reason)
    row = load_root(registration, expected, "conference")
    if row.status not in TOLD:
        raise DomainError(
            "wrong-state",
            "Only who asks for approval or stands on the waiting list can be decided.",
        )
    check_conference_takes(row.conference)
    before = row.status
    row.decision_reason = why
    asks = before == RegistrationStatus.PENDING_APPROVAL
    try:
        with transaction.atomic():
            confirm(row, expected, actor, "decision_reason", invitation=invitation)
    except DomainError as refusal:
        may_wait = or_wait and asks and row.registration_type.waiting_list
        if refusal.kind != "sold-out" or not may_wait:
            raise
        return put_on_waiting_list(
            registration=registration,
            actor=actor,
            expected=expected,
            reason=reason,
            tell_reason=tell_reason,
        )
    record_status("approve_registration", row, before, actor)
    tell(row, TOLD[before], with_reason=tell_reason)
    return row


@transaction.atomic
def reject_registration(
    *,
    registration: Registration,
    actor: Actor,
    expected: int | None = None,
    reason: str = "",
    tell_reason: bool = False,
) -> Registration:
    """Turn down who asked for approval, waits or is offered a place, which goes to the next.

    Arguments:
        reason: kept with the registration.
        tell_reason: whether the guest's mail says the reason.

    Raises:
        DomainError: ``stale``; ``wrong-state``; ``validation-failed`` for a reason that is no line
            of text.
    """
    why = clean_reason(reason)
    row = load_root(registration, expected, "conference")
    if row.status not in TURNED_DOWN_FROM:
        raise DomainError(
            "wrong-state",
            "Only who asks for approval, waits or is offered a place can be turned down.",
        )
    before = row.status
    write_decision(row, RegistrationStatus.REJECTED, why, expected)
    hand_on([row], actor)
    give_use_back(row)
    give_back_places(registration=row)
    record_status("reject_registration", row, before, actor)
    tell(row, "rejected", with_reason=tell_reason)
    if before == RegistrationStatus.OFFERED:
        fill_freed_places(conference_id=row.conference_id)
    return row


@transaction.atomic
def put_on_waiting_list(
    *,
    registration: Registration,
    actor: Actor,
    expected: int | None = None,
    reason: str = "",
    tell_reason: bool = False,
) -> Registration:
    """Put who asked for approval at the end of the waiting list.

    Where places are free they are offered one at once, like anybody at the head of the line.

    Arguments:
        reason: kept with the registration.
        tell_reason: whether the guest's mail says the reason.

    Raises:
        DomainError: ``stale``; ``wrong-state``, also for a type without a waiting list;
            ``validation-failed`` for a reason that is no line of text.
    """
    why = clean_reason(reason)
    row = load_root(registration, expected, "conference", "registration_type")
    check_conference_takes(row.conference)
    if row.status != RegistrationStatus.PENDING_APPROVAL:
        raise DomainError(
            "wrong-state", "Only who asks for approval can be put on the waiting list."
        )
    if not row.registration_type.waiting_list:
        raise DomainError("wrong-state", "This kind of place has no waiting list.")
    before = row.status
    write_decision(row, RegistrationStatus.WAITING_LIST, why, expected)
    record_status("put_on_waiting_list", row, before, actor)
    tell(row, "put_on_list", with_reason=tell_reason)
    fill_freed_places(conference_id=row.conference_id)
    row.refresh_from_db(fields=["status", "status_at", "offer_expires_at", "version"])
    return row


def write_decision(row: Registration, status: str, reason: str, expected: int | None) -> None:
    """Write a decision that takes no place."""
    row.status = status
    row.status_at = timezone.now()
    row.decision_reason = reason
    changed = ["status", "status_at", "decision_reason"]
    if status == RegistrationStatus.WAITING_LIST:
        row.waiting_since = row.status_at
        changed.append("waiting_since")
    save_root(row, changed, expected)

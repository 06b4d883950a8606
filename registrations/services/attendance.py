"""Who came: a fact beside the status, which it never changes."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError
from core.services import audit
from events.enums import ConferenceState
from events.models import Conference
from events.services.writing import load_root, save_root
from registrations.enums import RegistrationStatus
from registrations.models import Registration
from registrations.services.registration_rows import tell


@transaction.atomic
def check_in(
    *,
    registration: Registration,
    actor: Actor,
    at: dt.datetime | None = None,
    expected: int | None = None,
) -> Registration:
    """Write down that somebody with a place has come; once more changes nothing.

    Arguments:
        at: when they came; now unless said, and never in the future.

    Raises:
        DomainError: ``stale``; ``wrong-state`` without a confirmed place, or when the conference
            does not take place.
    """
    row = load_root(registration, expected, "conference")
    _check_takes_place(row.conference)
    if row.status != RegistrationStatus.CONFIRMED:
        raise DomainError("wrong-state", "Only who has a confirmed place can be checked in.")
    if row.checked_in_at is not None:
        return row
    _write_arrival(row, actor, at, expected)
    tell(row, "checked_in")
    return row


@transaction.atomic
def undo_check_in(
    *, registration: Registration, actor: Actor, expected: int | None = None
) -> Registration:
    """Take back that somebody has come; once more changes nothing.

    Raises:
        DomainError: ``stale``.
    """
    row = load_root(registration, expected, "conference")
    if row.checked_in_at is None:
        return row
    row.checked_in_at = None
    save_root(row, ["checked_in_at"], expected)
    _record("undo_check_in", row, actor)
    tell(row, "check_in_undone")
    return row


def _check_takes_place(conference: Conference) -> None:
    if conference.state not in {ConferenceState.PUBLISHED, ConferenceState.ARCHIVED}:
        word = ConferenceState(conference.state).label.lower()
        raise DomainError("wrong-state", f"The conference is {word}: nobody can have come.")


def _write_arrival(
    row: Registration, actor: Actor, at: dt.datetime | None, expected: int | None
) -> None:
    now = timezone.now()
    row.checked_in_at = min(at or now, now)
    save_root(row, ["checked_in_at"], expected)
    _record("check_in", row, actor)


def _record(verb: str, row: Registration, actor: Actor) -> None:
    audit.record(
        verb=verb,
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
        changed=["checked_in_at"],
    )

"""Changing who a registration is for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.cleaning import Cleaner, clean
from core.errors import DomainError
from core.models import AuditEntry
from core.services import audit
from core.text import email_key, full_name
from events.services.writing import assign, load_root, save_root
from registrations import validators
from registrations.enums import RegistrationSource
from registrations.models import Registration
from registrations.services.cancelling import check_guest_may_change
from registrations.services.doors import AlreadyRegisteredError
from registrations.services.registration_rows import set_keys, tell

# A guest's new address is mailed: so often a day, lest a personal link mails strangers.
NEW_ADDRESSES_A_DAY: Final = 3


@transaction.atomic
def change_registration(
    *,
    registration: Registration,
    changes: Mapping[str, Any],
    expected: int | None,
    actor: Actor,
    by_guest: bool = False,
) -> Registration:
    """Change names, address, affiliation, position, phone or language of a live registration.

    A new address ends the personal links that went to the old one.

    Arguments:
        changes: model field names.
        by_guest: whether the guest does it, who may until the conference's deadline and keeps an
            address.

    Raises:
        DomainError: ``stale``; ``validation-failed``; ``already-registered`` for an address that
            somebody else has registered; ``wrong-state`` when it is not live, or too late for a
            guest; ``throttled`` for one new address after the other.
    """
    row = load_root(registration, expected, "conference", "booking")
    values = clean(changes, _cleaners(row, by_guest=by_guest))
    if not row.is_live:
        raise DomainError("wrong-state", _("This registration is over, so it is not changed."))
    if by_guest:
        check_guest_may_change(row.conference)
    old_email = row.email
    changed = assign(row, values)
    if not changed:
        return row
    also: list[str] = []
    if "email" in changed:
        if by_guest:
            check_new_addresses(row)
        row.email_key = email_key(row.email) if row.email else None
        row.link_generation += 1
        row.link_sent_at = None
        also += ["email_key", "link_generation", "link_sent_at"]
    if {"email", "given_name", "family_name"} & set(changed):
        row.sequence += 1
        also.append("sequence")
    save_details(row, [*changed, *also], expected, old_email, by_guest=by_guest)
    audit.record(
        verb="change_registration",
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
        changed=changed,
    )
    tell(row, "changed", by_guest=by_guest)
    return row


def _cleaners(row: Registration, *, by_guest: bool) -> Mapping[str, Cleaner]:
    # Who comes along may have no address, and no name yet.
    is_nameless = not (row.given_name or row.family_name)
    if not row.email and (by_guest or is_nameless or row.lead_id is not None):
        return validators.COMPANION_DETAILS
    if by_guest:
        return validators.PUBLIC_DETAILS
    if row.person_id is not None:
        return validators.KNOWN_DETAILS
    return validators.DETAILS


def check_new_addresses(row: Registration) -> None:
    """Refuse a guest one new address after the other.

    Raises:
        DomainError: ``throttled``.
    """
    recent = AuditEntry.objects.filter(
        object_type=row._meta.label_lower,
        object_uid=str(row.uid),
        verb__in=("change_registration", "substitute"),
        at__gt=timezone.now() - dt.timedelta(days=1),
    ).values_list("changed", flat=True)
    tries = sum("email" in changed for changed in recent)
    if settings.THROTTLE and tries >= NEW_ADDRESSES_A_DAY:
        raise DomainError(
            "throttled",
            _("The address was changed several times today. Try again tomorrow."),
            retry_after=86400,
        )


def save_details(
    row: Registration,
    changed: Collection[str],
    expected: int | None,
    old_email: str,
    *,
    by_guest: bool,
) -> None:
    """Write who a registration is for, with what lists search by, and let its booking follow.

    Raises:
        DomainError: ``stale``; ``already-registered`` for an address that somebody else has.
    """
    set_keys(row)
    try:
        with transaction.atomic():
            save_root(row, [*changed, "search_key", "sort_key"], expected)
    except IntegrityError as error:
        raise AlreadyRegisteredError(
            RegistrationSource.FORM if by_guest else RegistrationSource.ORGANISER
        ) from error
    _follow_contact(row, old_email)


def _follow_contact(row: Registration, old_email: str) -> None:
    """Keep a booking's contact with its only registration, or with who leads all others."""
    booking = row.booking
    others = booking.registrations.exclude(pk=row.pk).exclude(lead=row)
    if booking.contact_email != old_email or others.exists():
        return
    booking.contact_name = full_name(row.given_name, row.family_name)
    booking.contact_email = row.email
    booking.contact_email_key = row.email_key or ""
    booking.language = row.language
    booking.save()

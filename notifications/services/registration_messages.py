"""One message to a registration, or none where nobody is to read it or it is about the past."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.utils import timezone

from core.text import email_key
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services.outbox import new_message
from notifications.services.recipients import Contact, registration_contact
from registrations.enums import RegistrationSource, RegistrationStatus
from registrations.models import Registration
from registrations.services.still_coming import has_answered, open_round_of
from registrations.signals import Former

_KIND_OF_STATUS: Final = {
    RegistrationStatus.CONFIRMED: MessageKind.CONFIRMATION,
    RegistrationStatus.PENDING_APPROVAL: MessageKind.PENDING,
    RegistrationStatus.WAITING_LIST: MessageKind.WAITING_LIST,
    RegistrationStatus.CANCELLED: MessageKind.CANCELLATION,
    RegistrationStatus.REJECTED: MessageKind.REJECTION,
}
# What is said again to somebody at a new address.
SAID_TO_THEM: Final = (
    *_KIND_OF_STATUS.values(),
    MessageKind.OFFER,
    MessageKind.STILL_COMING,
)


def farewell(
    registration: Registration, contact: Contact | None, former: Former | None
) -> Message | None:
    """Return what tells somebody who comes in their place; none to the address of who does."""
    if former is None or registration.conference.ends_at <= timezone.now():
        return None
    if contact is not None and email_key(contact.email) == email_key(former.email):
        return None
    return new_message(
        key=f"{MessageKind.SUBSTITUTED}:{registration.code}:{registration.link_generation}",
        kind=MessageKind.SUBSTITUTED,
        conference=registration.conference,
        contact=Contact(former.email, former.name, former.language),
        registration=registration,
    )


def for_new_address(registration: Registration) -> Iterator[Message | None]:
    """Yield what somebody at a new address has to know and did not get."""
    suffix = f".{registration.link_generation}"
    if registration.status == RegistrationStatus.OFFERED:
        occasion = f"{registration.status_at:%Y%m%dT%H%M%S%f}{suffix}"
        ends = registration.offer_expires_at
        yield message_to(registration, MessageKind.OFFER, not_after=ends, occasion=occasion)
    yield status_message(registration, [], suffix=suffix)
    asked = open_round_of(registration)
    if asked is not None and not has_answered(registration):
        yield question(registration, asked.code, suffix)


def question(registration: Registration, code: str, suffix: str = "") -> Message | None:
    """Return what asks whether somebody still comes.

    A round's end can be moved, so whether it is of use is looked at when it goes (fitness).
    """
    return message_to(
        registration,
        MessageKind.STILL_COMING,
        not_after=registration.conference.starts_at,
        facts={"round": code},
        occasion=f"{code}{suffix}",
    )


def message_to(
    registration: Registration, kind: MessageKind, *, occasion: str = "", **more: Any
) -> Message | None:
    """Return a mail of a kind to a registration; None without an address, or about the past."""
    contact = registration_contact(registration)
    if contact is None or registration.conference.ends_at <= timezone.now():
        return None
    when = occasion or f"{registration.status_at:%Y%m%dT%H%M%S%f}"
    return new_message(
        key=f"{kind}:{registration.code}:{when}",
        kind=kind,
        conference=registration.conference,
        contact=contact,
        registration=registration,
        **more,
    )


def status_message(
    registration: Registration,
    merged: Sequence[str],
    suffix: str = "",
    *,
    with_reason: bool = False,
) -> Message | None:
    """Return the mail that says what a registration is; none about the past, and none for imports.

    Its key names the moment of the status, so that a second confirmation after a cancellation is
    a mail of its own.
    """
    kind = _KIND_OF_STATUS.get(RegistrationStatus(registration.status))
    contact = registration_contact(registration)
    is_import = registration.source == RegistrationSource.IMPORT and registration.version == 1
    if kind is None or contact is None or is_import:
        return None
    if registration.conference.ends_at <= timezone.now():
        return None
    return new_message(
        key=f"{kind}:{registration.code}:{registration.status_at:%Y%m%dT%H%M%S%f}{suffix}",
        kind=kind,
        conference=registration.conference,
        contact=contact,
        registration=registration,
        facts={
            **({"merged": list(merged)} if merged else {}),
            **({"reason": True} if with_reason else {}),
        },
    )

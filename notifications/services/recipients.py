"""Who gets a mail, and where it goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from core.text import full_name
from events.models import Conference, Person
from notifications.enums import Audience, MessageKind
from notifications.models import Message, ReminderRule
from notifications.services.instants import NOTHING, Own
from notifications.services.kinds import TO_FORMER
from registrations.enums import RegistrationKind, RegistrationStatus
from registrations.models import Registration

CHUNK: Final = 1000
# Audiences that are registrations, and the status that belongs to them.
STATUS_OF: Final = {
    Audience.ATTENDEES: RegistrationStatus.CONFIRMED,
    Audience.WAITING_LIST: RegistrationStatus.WAITING_LIST,
    Audience.CHECKED_IN: RegistrationStatus.CONFIRMED,
    Audience.NO_SHOWS: RegistrationStatus.CONFIRMED,
}


@dataclass(frozen=True, slots=True)
class Contact:
    """Where mail about somebody goes, which may be to an assistant or to a booking's contact."""

    email: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """One of an audience.

    Arguments:
        code: names the recipient in keys.
        since: when the recipient came into the audience; None where nobody wrote it down.
        sessions: codes of the sessions that a rule about sessions means for this recipient.
        own: what rules count from and is this recipient's own.
        speaks: whether they have their place because they speak.
        nudges: (rule, occurrence) -> when, of each nudge that went out to an invited guest.
    """

    code: str
    contact: Contact
    since: dt.datetime | None = None
    sessions: tuple[str, ...] = ()
    registration_id: int | None = None
    person_id: int | None = None
    participation_id: int | None = None
    invitation_id: int | None = None
    own: Own = NOTHING
    speaks: bool = False
    nudges: Mapping[tuple[int, str], dt.datetime] = field(default_factory=dict)


def registration_contact(registration: Registration) -> Contact | None:
    """Return where mail to a registration goes: its own address, else its booking's contact."""
    email = registration.email or registration.booking.contact_email
    if not email:
        return None
    return Contact(email, reader_name(registration), registration.language)


def reader_name(registration: Registration) -> str:
    """Return who reads mail to a registration: for a companion without an address, and where names
    follow later, the booking's contact.
    """
    name = full_name(registration.given_name, registration.family_name)
    is_for_contact = not registration.email and (registration.lead_id is not None or not name)
    return registration.booking.contact_name if is_for_contact else name


def person_contacts(person: Person, conference: Conference) -> list[Contact]:
    """Return where mail to a person goes: to the assistant where there is one, and then to the
    person only if a copy is wished.
    """
    language = person.language or conference.first_language
    own = Contact(person.email, full_name(person.given_name, person.family_name), language)
    assistant = next(iter(person.assistants.all()), None)
    if assistant is None:
        return [own] if own.email else []
    first = Contact(assistant.email, assistant.name, language)
    return [first, own] if assistant.copy_to_principal and own.email else [first]


def contact_of(message: Message) -> Contact | None:
    """Return where a message goes by what is known now; None when nobody it is for is left."""
    if message.kind in TO_FORMER:
        return Contact(message.to_email, message.to_name, message.language)
    if message.registration is not None and message.participation_id is None:
        return registration_contact(message.registration)
    if message.person is not None:
        contacts = person_contacts(message.person, message.conference)
        known = [contact for contact in contacts if contact.email == message.to_email]
        # Who has the copy has it still, at another address perhaps.
        others = contacts[1:] if message.key.endswith(".copy") else contacts
        return next(iter(known or others), None)
    return None


def readdress(message: Message) -> None:
    """Let a person's mail go where it goes now, to an assistant that they have by now perhaps.

    Mail to registrations follows their changes at once (services.registration_mail).
    """
    is_planned = message.plan_revision is not None
    asks = (
        message.invitation_id is not None
        or message.participation_id is not None
        or message.kind == MessageKind.QUOTE_ASK
    )
    if message.person is None or not (is_planned or asks):
        return
    contact = contact_of(message)
    if contact is not None and contact.email != message.to_email:
        message.to_email, message.to_name = contact.email, contact.name[:250]
        Message.objects.filter(pk=message.pk).update(
            to_email=message.to_email, to_name=message.to_name
        )


def as_recipient(registration: Registration, rule: ReminderRule) -> Recipient | None:
    """Return a registration as one of a rule's audience; None for whom another one's mail is."""
    contact = registration_contact(registration)
    if contact is None or registration.is_spoken_for:
        return None
    confirmed = registration.status == RegistrationStatus.CONFIRMED
    since = registration.confirmed_at if confirmed else registration.status_at
    return Recipient(
        code=registration.code,
        contact=contact,
        since=since,
        sessions=(rule.session.code,) if rule.session is not None else (),
        registration_id=registration.pk,
        own=Own(registered_at=since),
        speaks=registration.registration_type.kind == RegistrationKind.SPEAKER,
    )

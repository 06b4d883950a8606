"""Who gets a mail, and where it goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from core.text import full_name
from events.enums import ParticipationState, SessionState
from events.models import Conference, Person
from events.programme import Programme, SessionView
from notifications.enums import Audience
from notifications.models import Message, ReminderRule
from registrations.enums import RegistrationStatus
from registrations.models import Registration

CHUNK: Final = 1000
# Audiences that are registrations, and the status that belongs to them.
STATUS_OF: Final = {
    Audience.ATTENDEES: RegistrationStatus.CONFIRMED,
    Audience.WAITING_LIST: RegistrationStatus.WAITING_LIST,
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
    """

    code: str
    contact: Contact
    since: dt.datetime | None = None
    sessions: tuple[str, ...] = ()
    registration_id: int | None = None
    person_id: int | None = None
    participation_id: int | None = None


def registration_contact(registration: Registration) -> Contact | None:
    """Return where mail to a registration goes: its own address, else its booking's contact."""
    email = registration.email or registration.booking.contact_email
    if not email:
        return None
    name = full_name(registration.given_name, registration.family_name)
    return Contact(email, name, registration.language)


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
    if message.person is None or not (is_planned or message.invitation_id is not None):
        return
    contact = contact_of(message)
    if contact is not None and contact.email != message.to_email:
        message.to_email, message.to_name = contact.email, contact.name[:250]
        Message.objects.filter(pk=message.pk).update(
            to_email=message.to_email, to_name=message.to_name
        )


def registrations_with(conference_id: int, status: str, *, after: int = 0) -> list[Registration]:
    """Return the next thousand registrations of a status, by id."""
    return list(
        Registration.objects.filter(conference_id=conference_id, status=status, pk__gt=after)
        .select_related("booking")
        .order_by("pk")[:CHUNK]
    )


def as_recipient(registration: Registration, rule: ReminderRule) -> Recipient | None:
    """Return a registration as one of a rule's audience."""
    contact = registration_contact(registration)
    if contact is None:
        return None
    confirmed = registration.status == RegistrationStatus.CONFIRMED
    return Recipient(
        code=registration.code,
        contact=contact,
        since=registration.confirmed_at if confirmed else registration.status_at,
        sessions=(rule.session.code,) if rule.session is not None else (),
        registration_id=registration.pk,
    )


def chunks_of(
    rule: ReminderRule, conference: Conference, programme: Programme | None
) -> Iterator[list[Recipient]]:
    """Yield a rule's whole audience, a thousand at most at a time."""
    status = STATUS_OF.get(Audience(rule.audience))
    if status is None:
        yield _speakers(rule, conference, programme) if programme is not None else []
        return
    after = 0
    while found := registrations_with(conference.pk, status, after=after):
        yield [r for row in found if (r := as_recipient(row, rule)) is not None]
        after = found[-1].pk


def _speakers(rule: ReminderRule, conference: Conference, programme: Programme) -> list[Recipient]:
    """Return the confirmed people of the published programme, each with their own sessions."""
    parts: dict[str, list[str]] = {}
    sessions: dict[str, list[str]] = {}
    for session in _sessions(rule, programme):
        for part in session.participations:
            if part.state == ParticipationState.CONFIRMED and rule.role in {"", part.role}:
                parts.setdefault(part.person_code, []).append(part.code)
                sessions.setdefault(part.person_code, []).append(session.code)
    people = Person.objects.filter(
        organisation_id=conference.organisation_id, code__in=parts
    ).prefetch_related("assistants", "participations")
    places = _places(conference, parts)
    found = []
    for person in people.order_by("pk"):
        ids = {p.code: p.pk for p in person.participations.all()}
        part_id = next((ids[code] for code in parts[person.code] if code in ids), None)
        for number, contact in enumerate(person_contacts(person, conference)):
            found.append(
                Recipient(
                    code=f"{person.code}.copy" if number else person.code,
                    contact=contact,
                    sessions=tuple(dict.fromkeys(sessions[person.code])),
                    registration_id=places.get(person.pk),
                    person_id=person.pk,
                    participation_id=part_id,
                )
            )
    return found


def _sessions(rule: ReminderRule, programme: Programme) -> list[SessionView]:
    wanted = rule.session.code if rule.session is not None else None
    return [
        session
        for session in programme.sessions()
        if session.state != SessionState.CANCELLED and wanted in {None, session.code}
    ]


def _places(conference: Conference, codes: Collection[str]) -> dict[int, int]:
    """Return person id -> id of their confirmed registration."""
    rows = Registration.objects.filter(
        conference=conference,
        status=RegistrationStatus.CONFIRMED,
        person__organisation_id=conference.organisation_id,
        person__code__in=codes,
    )
    return {person_id: pk for person_id, pk in rows.values_list("person_id", "pk") if person_id}

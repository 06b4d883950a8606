"""The demo's registration types, rules and registrations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db.models import F

from console.demo.asking import Asked
from core.actors import ANONYMOUS, SYSTEM
from events.models import Conference, Person
from notifications.services.rules import create_reminder_rule
from registrations.enums import RegistrationSource, RegistrationStatus
from registrations.models import Booking, Registration
from registrations.services.approving import approve_registration, reject_registration
from registrations.services.cancelling import cancel_registration
from registrations.services.parts import Part
from registrations.services.registering import register
from registrations.services.types import create_registration_type

Facts = Mapping[str, Any]
_CLOSES: Final = dt.timedelta(hours=1)
_DECIDED_AFTER: Final = dt.timedelta(hours=20)


def make_types(conference: Conference, types: Sequence[Facts], opened: dt.datetime) -> None:
    """Make the kinds of place; they close an hour before the start."""
    start = conference.start_local
    closes = start - _CLOSES if start else None
    for row in types:
        create_registration_type(
            conference=conference, opens_local=opened, closes_local=closes, actor=SYSTEM, **row
        )


def make_rules(conference: Conference, rules: Sequence[Facts]) -> None:
    """Add reminder rules beside the plan that every conference begins with."""
    for row in rules:
        create_reminder_rule(conference=conference, values=row, actor=SYSTEM)


def register_people(
    conference: Conference,
    people: Sequence[tuple[Facts, Person]],
    now: dt.datetime,
    asked: Asked,
) -> int:
    """Register those whose facts say so, the earliest first; return how many.

    Those who fill in the form answer what is asked there.
    """
    rows = [(row, person) for row, person in people if "registration" in row]
    rows.sort(key=lambda pair: -pair[0]["registration"]["ago"])
    for index, (row, person) in enumerate(rows):
        facts = row["registration"]
        is_guest = facts["via"] == RegistrationSource.FORM
        parts = asked.parts_of(index, facts["as"]) if is_guest else []
        registration = _register(conference, facts, person, parts)
        registration = _then(registration, facts.get("then"))
        _date_back(registration, now - dt.timedelta(days=facts["ago"], minutes=index * 37 % 600))
    return len(rows)


def _register(
    conference: Conference, facts: Facts, person: Person, parts: Sequence[Part]
) -> Registration:
    source = RegistrationSource(facts["via"])
    is_guest = source == RegistrationSource.FORM
    return register(
        conference=conference,
        type_slug=facts["as"],
        honorific=person.honorific,
        given_name=person.given_name,
        family_name=person.family_name,
        email=person.email,
        affiliation=person.affiliation,
        position=person.position,
        language=person.language,
        source=source,
        # Who fills in the form is not known to be this person, whatever the address.
        person=None if is_guest else person,
        actor=ANONYMOUS if is_guest else SYSTEM,
        parts=parts,
    )


def _then(registration: Registration, then: str | None) -> Registration:
    match then:
        case "approved":
            return approve_registration(registration=registration, actor=SYSTEM)
        case "rejected":
            return reject_registration(registration=registration, actor=SYSTEM)
        case "cancelled":
            return cancel_registration(registration=registration, actor=ANONYMOUS, by_guest=True)
        case _:
            return registration


def _date_back(registration: Registration, at: dt.datetime) -> None:
    """Let a registration be as old as the demo says.

    No service makes anything in the past, so the stamps (and nothing else) are written here.
    """
    waited = registration.status not in {
        RegistrationStatus.CONFIRMED,
        RegistrationStatus.WAITING_LIST,
        RegistrationStatus.PENDING_APPROVAL,
    }
    decided = at + _DECIDED_AFTER if waited else at
    rows = Registration.objects.filter(pk=registration.pk)
    rows.update(created_at=at, status_at=decided)
    rows.filter(confirmed_at__isnull=False).update(confirmed_at=F("created_at"))
    rows.filter(cancelled_at__isnull=False).update(cancelled_at=decided)
    Booking.objects.filter(pk=registration.booking_id).update(created_at=at)

"""Everybody of a rule's audience, a thousand at a time: the same few queries for each thousand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence

from django.db.models import Q, QuerySet

from events.enums import ParticipationState, SessionState
from events.models import Conference, Person
from events.programme import Programme, SessionView
from events.services.needs import open_needs_by_person
from notifications.enums import SPEAKING, Audience, Step
from notifications.models import ReminderRule
from notifications.services import recipients
from notifications.services.needs_facts import ASKS_FOR_NEEDS
from notifications.services.nudging import asked_of, asked_recipients, invited_recipients
from notifications.services.recipients import (
    STATUS_OF,
    Recipient,
    as_recipient,
    person_contacts,
)
from registrations.enums import RegistrationStatus
from registrations.models import Invitation, Registration


def chunks_of(
    rule: ReminderRule,
    conference: Conference,
    programme: Programme | None,
    now: dt.datetime,
) -> Iterator[list[Recipient]]:
    """Yield a rule's whole audience, a thousand at most at a time."""
    audience = Audience(rule.audience)
    if audience in SPEAKING:
        yield from _speakers(rule, conference, programme) if programme is not None else ()
    elif audience is Audience.UNANSWERED:
        yield from _silent(conference)
    elif audience is Audience.ASKED:
        yield from _asked(conference)
    else:
        rows = registrations_of(rule, conference, now)
        for found in _by_id(rows.select_related("booking", "registration_type", "lead")):
            yield [r for row in found if (r := as_recipient(row, rule)) is not None]


def registrations_of(
    rule: ReminderRule, conference: Conference, now: dt.datetime
) -> QuerySet[Registration]:
    """Return the registrations that a rule about registrations means at this moment."""
    rows = Registration.objects.spoken_to().filter(
        conference=conference, status=STATUS_OF[Audience(rule.audience)]
    )
    came = Q(checked_in_at__isnull=False)
    over = conference.ends_at <= now
    if rule.audience == Audience.CHECKED_IN:
        # Where nobody stood at the door, everybody with a place is thanked.
        alone = rule.step == Step.THANKS and over and not somebody_came(conference.pk)
        return rows if alone else rows.filter(came)
    if rule.audience == Audience.NO_SHOWS:
        # Nobody is missing before the end, nor where nobody looked.
        return rows.exclude(came) if over and somebody_came(conference.pk) else rows.none()
    return rows


def somebody_came(conference_id: int) -> bool:
    """Tell whether anybody was checked in, so that the others can be said to be missing."""
    return Registration.objects.filter(
        conference_id=conference_id,
        status=RegistrationStatus.CONFIRMED,
        checked_in_at__isnull=False,
    ).exists()


def _by_id(rows: QuerySet[Registration]) -> Iterator[list[Registration]]:
    after = 0
    while found := list(rows.filter(pk__gt=after).order_by("pk")[: recipients.CHUNK]):
        yield found
        after = found[-1].pk


def _silent(conference: Conference) -> Iterator[list[Recipient]]:
    rows = (
        Invitation.objects.silent()
        .filter(conference=conference)
        .select_related("person")
        .prefetch_related("person__assistants")
        .order_by("pk")
    )
    after = 0
    while found := list(rows.filter(pk__gt=after)[: recipients.CHUNK]):
        yield invited_recipients(found, conference)
        after = found[-1].pk


def _asked(conference: Conference) -> Iterator[list[Recipient]]:
    after = 0
    rows = asked_of(conference)
    while found := list(rows.filter(pk__gt=after)[: recipients.CHUNK]):
        yield asked_recipients(found, conference)
        after = found[-1].pk


def _speakers(
    rule: ReminderRule, conference: Conference, programme: Programme
) -> Iterator[list[Recipient]]:
    """Yield the confirmed people of the published programme, each with their own sessions."""
    parts: dict[str, list[str]] = {}
    sessions: dict[str, list[str]] = {}
    for session in _sessions(rule, programme):
        for part in session.participations:
            if part.state == ParticipationState.CONFIRMED and rule.role in {"", part.role}:
                parts.setdefault(part.person_code, []).append(part.code)
                sessions.setdefault(part.person_code, []).append(session.code)
    codes = sorted(parts)
    for first in range(0, len(codes), recipients.CHUNK):
        some = codes[first : first + recipients.CHUNK]
        people = Person.objects.filter(
            organisation_id=conference.organisation_id, code__in=some
        ).prefetch_related("assistants", "participations")
        places = _places(conference, some)
        found: list[Recipient] = []
        for person in _who_still_gives(rule, conference, list(people.order_by("pk"))):
            found += _speaker(person, conference, parts[person.code], sessions[person.code], places)
        yield found


def _who_still_gives(
    rule: ReminderRule, conference: Conference, people: list[Person]
) -> list[Person]:
    """Return those of whom something is still needed, for a rule that asks for it; else all."""
    if rule.template != ASKS_FOR_NEEDS:
        return people
    waiting = open_needs_by_person(conference, [person.pk for person in people])
    return [person for person in people if person.pk in waiting]


def _speaker(
    person: Person,
    conference: Conference,
    parts: Sequence[str],
    sessions: Sequence[str],
    places: dict[int, int],
) -> list[Recipient]:
    ids = {p.code: p.pk for p in person.participations.all()}
    part_id = next((ids[code] for code in parts if code in ids), None)
    return [
        Recipient(
            code=f"{person.code}.copy" if number else person.code,
            contact=contact,
            sessions=tuple(dict.fromkeys(sessions)),
            registration_id=places.get(person.pk),
            person_id=person.pk,
            participation_id=part_id,
            speaks=True,
        )
        for number, contact in enumerate(person_contacts(person, conference))
    ]


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

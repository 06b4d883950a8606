"""Who speaks has a place: one registration a person, outside the guests' places."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import transaction

from core.actors import Actor
from core.errors import DomainError
from core.text import email_key
from events.enums import ParticipationState, SessionState
from events.models import Conference, Participation, Person
from registrations.enums import RegistrationKind, RegistrationSource, RegistrationStatus
from registrations.models import Registration, RegistrationType
from registrations.services.cancelling import cancel_registration, uncancel_registration
from registrations.services.contacts import address_of
from registrations.services.place_locks import hold_for_several
from registrations.services.registering import live_with_address, register
from registrations.services.types import create_registration_type

_SLUG: Final = "speakers"
_NAME: Final = {
    "en": "Speakers",
    "sr-Latn": "Govornici",
    "sr-Cyrl": "Говорници",
    "ru": "Выступающие",
}
# By this a registration that the programme took back is told from one that an organiser cancelled.
OFF_THE_PROGRAMME: Final = "No longer on the programme"


@transaction.atomic
def follow_participations(
    *, conference: Conference, person_ids: Collection[int], actor: Actor
) -> None:
    """Give a place to each of these people who has confirmed a session, and take it back otherwise.

    Who has a live registration that is known to be theirs keeps that one. A place that an organiser
    cancelled by hand stays cancelled.
    """
    if len(person_ids) > 1:
        theirs = Registration.objects.filter(conference=conference, person_id__in=person_ids)
        hold_for_several(
            conference_id=conference.pk, registrations=theirs.values_list("pk", flat=True)
        )
    confirmed = _confirmed(conference, person_ids)
    rows: dict[int | None, list[Registration]] = {}
    for row in Registration.objects.filter(conference=conference, person_id__in=person_ids):
        rows.setdefault(row.person_id, []).append(row)
    for person in Person.objects.filter(pk__in=person_ids).order_by("pk"):
        mine = rows.get(person.pk, [])
        given = [r for r in mine if r.source == RegistrationSource.PARTICIPATION]
        part = confirmed.get(person.pk)
        if part is None:
            for row in given:
                if row.is_live:
                    cancel_registration(registration=row, actor=actor, reason=OFF_THE_PROGRAMME)
        elif not any(row.is_live for row in mine):
            _give(conference, person, part, given, actor)


def _confirmed(conference: Conference, person_ids: Collection[int]) -> dict[int, Participation]:
    parts = (
        Participation.objects.filter(
            session__conference=conference,
            person_id__in=person_ids,
            state=ParticipationState.CONFIRMED,
        )
        .exclude(session__state=SessionState.CANCELLED)
        .order_by("-pk")
    )
    return {part.person_id: part for part in parts}


def _give(
    conference: Conference,
    person: Person,
    part: Participation,
    given: list[Registration],
    actor: Actor,
) -> None:
    taken_back = [r for r in given if r.cancel_reason == OFF_THE_PROGRAMME]
    if taken_back and taken_back[-1].status == RegistrationStatus.CANCELLED:
        uncancel_registration(registration=taken_back[-1], actor=actor)
        return
    if given:
        return
    contact = address_of(person)
    free = contact and not live_with_address(conference, email_key(contact))
    register(
        conference=conference,
        type_slug=speaker_type(conference, actor).slug,
        honorific=part.honorific,
        given_name=person.given_name,
        family_name=person.family_name,
        # An address that a guest has already registered does not join the two; mail still goes
        # there.
        email=contact if free else "",
        contact_email=contact,
        affiliation=part.affiliation,
        position=part.position,
        language=person.language or conference.first_language,
        source=RegistrationSource.PARTICIPATION,
        person=person,
        actor=actor,
    )


def speaker_type(conference: Conference, actor: Actor) -> RegistrationType:
    """Return the conference's type for speakers without a limit, made when it is first needed."""
    types = conference.registration_types
    unlimited = types.filter(kind=RegistrationKind.SPEAKER).exclude(
        allotments__capacity__isnull=False
    )
    found = unlimited.first()
    if found is not None:
        return found
    slug, number = _SLUG, 2
    while types.filter(slug=slug).exists():
        slug, number = f"{_SLUG}-{number}", number + 1
    try:
        return create_registration_type(
            conference=conference,
            slug=slug,
            name=_NAME,
            kind=RegistrationKind.SPEAKER,
            waiting_list=False,
            public=False,
            actor=actor,
        )
    except DomainError:
        # Another one was confirmed at the same moment, and its transaction was quicker.
        return unlimited.get()

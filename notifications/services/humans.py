"""The people of a conference as mail knows them: found by a code, or by a part of a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import F, Q

from core.errors import not_found
from core.text import full_name, search_key
from events.enums import ParticipationState, SessionState
from events.models import Conference, Participation, Person
from events.programme import Programme
from notifications.services.audience_reasons import Human
from registrations.enums import LIVE
from registrations.models import Invitation, Registration

MOST_FOUND: Final = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be meant.

    Arguments:
        kind: registration, invitation or person.
        code: by which that is found.
    """

    kind: str
    code: str
    name: str
    detail: str


def find_human(
    conference: Conference,
    programme: Programme | None,
    registration: str,
    invitation: str,
    person: str,
) -> Human:
    """Return who is meant by the first code that is given.

    Raises:
        DomainError: ``not-found``, also for what belongs to another conference.
    """
    registrations = Registration.objects.filter(conference=conference).select_related(
        "booking", "registration_type"
    )
    invitations = Invitation.objects.filter(conference=conference)
    row = guest = known = None
    if registration:
        row = registrations.filter(code=registration).first()
        person_id = row.person_id if row is not None else None
    elif invitation:
        guest = invitations.filter(code=invitation).first()
        person_id = guest.person_id if guest is not None else None
    else:
        person_id = (
            Person.objects.filter(
                _of_conference(conference), organisation=conference.organisation, code=person
            )
            .values_list("pk", flat=True)
            .first()
        )
    if row is None and person_id is None:
        raise not_found()
    if person_id is not None:
        known = Person.objects.prefetch_related("assistants").get(pk=person_id)
        mine = list(registrations.filter(person_id=person_id))
        others = invitations.filter(person_id=person_id)
        guest = others.order_by(F("withdrawn_at").desc(nulls_first=True), "-pk").first()
        if guest is not None:
            guest.person = known
    else:
        mine = [row] if row is not None else []
    mine.sort(key=lambda r: (r != row, r.status not in LIVE, -r.pk))
    name = full_name(known.given_name, known.family_name) if known is not None else ""
    if row is not None:
        name = full_name(row.given_name, row.family_name)
    roles = _roles(programme, known.code) if known is not None else []
    asked = _asked(conference, known) if known is not None else []
    return Human(name, known, mine, guest, roles, asked)


def _asked(conference: Conference, person: Person) -> list[Participation]:
    rows = Participation.objects.filter(person=person, session__conference=conference)
    found = list(rows.select_related("session").order_by("-asked_at", "-pk"))
    for row in found:
        row.person = person
        row.session.conference = conference
    return sorted(found, key=lambda row: row.asked_at is None)


def _of_conference(conference: Conference) -> Q:
    """Return what finds people who have to do with a conference."""
    return (
        Q(
            pk__in=Registration.objects.filter(conference=conference, person__isnull=False).values(
                "person_id"
            )
        )
        | Q(pk__in=Invitation.objects.filter(conference=conference).values("person_id"))
        | Q(participations__session__conference=conference)
    )


def _roles(programme: Programme | None, code: str) -> list[tuple[str, str]]:
    sessions = programme.sessions() if programme is not None else ()
    return [
        (session.code, part.role)
        for session in sessions
        if session.state != SessionState.CANCELLED
        for part in session.participations
        if part.person_code == code and part.state == ParticipationState.CONFIRMED
    ]


def candidates(conference: Conference, typed: str) -> list[Candidate]:
    """Return who is found by a part of a name or address, in whichever script; three queries."""
    text = typed.replace("\x00", "").strip()[:200]
    key = search_key(text)
    if not key:
        return []
    rows = Registration.objects.filter(
        Q(search_key__contains=key) | Q(email__icontains=text), conference=conference
    ).order_by("sort_key", "pk")[:MOST_FOUND]
    guests = (
        Invitation.objects.filter(
            Q(search_key__contains=key) | Q(person__email__icontains=text), conference=conference
        )
        .select_related("person")
        .order_by("sort_key", "pk")[:MOST_FOUND]
    )
    people = (
        Person.objects.filter(
            Q(search_key__contains=key) | Q(email__icontains=text),
            organisation=conference.organisation,
            participations__session__conference=conference,
        )
        .distinct()
        .order_by("sort_key", "pk")[:MOST_FOUND]
    )
    found: list[Candidate] = []
    seen: set[int] = set()
    for row in rows:
        name = full_name(row.given_name, row.family_name)
        found.append(Candidate("registration", row.code, name, row.get_status_display()))
        seen.add(row.person_id or 0)
    for guest in guests:
        if guest.person_id not in seen:
            answer = guest.get_response_display() or "No answer"
            found.append(Candidate("invitation", guest.code, _name(guest.person), answer))
            seen.add(guest.person_id)
    found += [
        Candidate("person", person.code, _name(person), "Speaks")
        for person in people
        if person.pk not in seen
    ]
    return found[:MOST_FOUND]


def _name(person: Person) -> str:
    return full_name(person.given_name, person.family_name)

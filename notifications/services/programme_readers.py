"""What the database says of those whom a change of the programme may concern."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from django.db.models import Q
from django.utils import timezone

from core.clock import to_local
from events.models import Conference, Participation, Person, PersonMerge
from events.services.differences import SessionDifference, rooms_in
from events.services.documents import Document
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services.programme_humans import Facts, Human
from notifications.services.recipients import person_contacts, registration_contact
from registrations.models import Registration, SignUp

_CHUNK: Final = 500
# Of a person, by far the most is not needed here.
_READ: Final = ("code", "given_name", "family_name", "names_by_script", "email", "language")


def read_facts(
    conference: Conference,
    documents: Sequence[Document],
    differences: Sequence[SessionDifference],
    since: dt.datetime | None,
) -> Facts:
    """Return the facts about everybody whom these differences may concern.

    Arguments:
        documents: the one before and the one after.
        since: when the one before was published.
    """
    people = _people(conference, {part["person"] for part in _parts(differences)})
    signed_up = _signed_up(conference, [one.code for one in differences], people, Q())
    return _facts(conference, documents, differences, people, signed_up, since)


def read_facts_of_one(
    conference: Conference,
    documents: Sequence[Document],
    differences: Sequence[SessionDifference],
    since: dt.datetime | None,
    *,
    person: Person | None,
    registration: Registration | None,
) -> tuple[Facts, list[SessionDifference]]:
    """Return the facts about one human, and the differences that may concern them."""
    codes = [one.code for one in differences]
    own: dict[str, Human] = {}
    if person is not None:
        gone = person.merges.filter(undone_at__isnull=True).values_list("gone_code", flat=True)
        human = human_of(person, conference)
        own = dict.fromkeys((person.code, *gone), human)
        only = Q(registration__person=person) | Q(registration__lead__person=person)
    else:
        only = Q(registration=registration) | Q(registration__lead=registration)
    signed_up = _signed_up(conference, codes, own, only)
    mine = [
        one
        for one in differences
        if one.code in signed_up or any(part["person"] in own for part in _parts([one]))
    ]
    people = _people(conference, {part["person"] for part in _parts(mine)})
    return _facts(conference, documents, mine, people, signed_up, since), mine


def _facts(
    conference: Conference,
    documents: Sequence[Document],
    differences: Sequence[SessionDifference],
    people: Mapping[str, Human],
    signed_up: Mapping[str, Sequence[Human]],
    since: dt.datetime | None,
) -> Facts:
    return Facts(
        now=to_local(timezone.now(), conference.time_zone).replace(tzinfo=None),
        languages=conference.languages,
        rooms=rooms_in(*documents),
        people=people,
        states=_states({part["code"] for part in _parts(differences)}),
        signed_up=signed_up,
        released=_released(conference, people, since),
    )


def _parts(differences: Iterable[SessionDifference]) -> Iterator[Document]:
    for one in differences:
        for document in (one.before, one.after):
            if document is not None:
                yield from document["participations"]


def _chunks(values: Collection[str]) -> Iterable[list[str]]:
    every = sorted(values)
    for start in range(0, len(every), _CHUNK):
        yield every[start : start + _CHUNK]


def _people(conference: Conference, codes: Collection[str]) -> dict[str, Human]:
    """Return people by the codes in documents; who was put into another one is that one."""
    rows = Person.objects.filter(organisation_id=conference.organisation_id).only(*_READ)
    found = {
        person.code: person
        for chunk in _chunks(codes)
        for person in rows.filter(code__in=chunk).prefetch_related("assistants")
    }
    missing = set(codes) - found.keys()
    if missing:
        merges = PersonMerge.objects.filter(
            organisation_id=conference.organisation_id,
            gone_code__in=missing,
            undone_at__isnull=True,
        ).select_related("kept")
        found |= {merge.gone_code: merge.kept for merge in merges}
    return {code: human_of(person, conference) for code, person in found.items()}


def human_of(person: Person, conference: Conference) -> Human:
    """Return a person as somebody who can be told."""
    return Human(
        code=person.code,
        given_name=person.given_name,
        family_name=person.family_name,
        language=person.language or conference.first_language,
        contacts=tuple(person_contacts(person, conference)),
        names_by_script=person.names_by_script,
        person_id=person.pk,
    )


def _guest(registration: Registration) -> Human:
    contact = registration_contact(registration)
    return Human(
        code=registration.code,
        given_name=registration.given_name,
        family_name=registration.family_name,
        language=registration.language,
        contacts=(contact,) if contact is not None else (),
        registration_id=registration.pk,
    )


def _states(codes: Collection[str]) -> dict[str, str]:
    return {
        code: state
        for chunk in _chunks(codes)
        for code, state in Participation.objects.filter(code__in=chunk).values_list("code", "state")
    }


def _signed_up(
    conference: Conference, codes: Collection[str], people: Mapping[str, Human], only: Q
) -> dict[str, list[Human]]:
    """Return who has signed up for sessions, by their codes; companions are told by their lead."""
    by_person = {human.person_id: human for human in people.values()}
    found: dict[str, list[Human]] = {}
    rows = SignUp.objects.filter(only, sign_up_session__conference=conference).select_related(
        "registration__booking",
        "registration__lead__booking",
        "sign_up_session__session",
    )
    for chunk in _chunks(codes):
        for row in rows.filter(sign_up_session__session__code__in=chunk).order_by("pk"):
            registration = row.registration
            if not registration.is_live:
                continue
            if registration.is_spoken_for and registration.lead is not None:
                registration = registration.lead
            human = by_person.get(registration.person_id or 0) or _guest(registration)
            mine = found.setdefault(row.sign_up_session.session.code, [])
            if all(human.code != other.code for other in mine):
                mine.append(human)
    return found


def _released(
    conference: Conference, people: Mapping[str, Human], since: dt.datetime | None
) -> frozenset[str]:
    """Return the codes of people who were told since then that they are not needed."""
    rows = Message.objects.filter(conference=conference, kind=MessageKind.SPEAKER_RELEASED)
    if since is not None:
        rows = rows.filter(created_at__gte=since)
    told = set(rows.values_list("person_id", flat=True))
    return frozenset(code for code, human in people.items() if human.person_id in told)

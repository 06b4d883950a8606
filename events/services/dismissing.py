"""Two people who look like one and are two: nobody is asked about them again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.models import Organisation
from core.actors import Actor
from core.errors import DomainError, invalid
from core.services import audit
from core.text import full_name
from events.models import DoubleDismissal, Person

Pair = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Dismissed:
    """Two people who were said to be two, by code and name."""

    first: str
    second: str
    first_name: str
    second_name: str


@transaction.atomic
def dismiss_double(*, first: Person, second: Person, actor: Actor) -> DoubleDismissal:
    """Say that two people are two. Saying it again changes nothing.

    Raises:
        DomainError: ``validation-failed`` for one person twice, or one of another organisation.
    """
    pair = _pair(first, second)
    row, made = DoubleDismissal.objects.get_or_create(
        organisation_id=first.organisation_id, first_uid=pair[0], second_uid=pair[1]
    )
    if made:
        _record("dismiss_double", row, actor)
    return row


@transaction.atomic
def recall_double(*, first: Person, second: Person, actor: Actor) -> None:
    """Let two people be suggested as one again.

    Raises:
        DomainError: ``validation-failed``; ``not-found`` when nobody had said that they are two.
    """
    pair = _pair(first, second)
    row = DoubleDismissal.objects.filter(
        organisation_id=first.organisation_id, first_uid=pair[0], second_uid=pair[1]
    ).first()
    if row is None:
        raise DomainError("not-found", "Nobody has said that these are two people.")
    _record("recall_double", row, actor)
    row.delete()


def dismissed_pairs(organisation_id: int, uids: Collection[UUID] | None = None) -> set[Pair]:
    """Return the pairs that were said to be two.

    Arguments:
        uids: only pairs with one of these people.
    """
    rows = DoubleDismissal.objects.filter(organisation_id=organisation_id)
    if uids is not None:
        rows = rows.filter(Q(first_uid__in=uids) | Q(second_uid__in=uids))
    return set(rows.values_list("first_uid", "second_uid"))


def dismissed_of(organisation: Organisation, most: int = 50) -> list[Dismissed]:
    """Return who was said to be two, the latest first; pairs of whom one is gone are left out."""
    pairs = list(
        DoubleDismissal.objects.filter(organisation=organisation)
        .order_by("-pk")
        .values_list("first_uid", "second_uid")[:most]
    )
    uids = {uid for pair in pairs for uid in pair}
    people = {
        row.uid: row for row in Person.objects.filter(organisation=organisation, uid__in=uids)
    }
    return [
        Dismissed(
            *(people[uid].code for uid in pair),
            *(full_name(people[uid].given_name, people[uid].family_name) for uid in pair),
        )
        for pair in pairs
        if all(uid in people for uid in pair)
    ]


def as_pair(one: UUID, other: UUID) -> Pair:
    """Return two people's uids in the one order in which a pair is kept."""
    return (one, other) if one < other else (other, one)


def _pair(first: Person, second: Person) -> Pair:
    if first.organisation_id != second.organisation_id:
        raise invalid("/second", "unknown", "There is no such person.")
    if first.pk == second.pk:
        raise invalid("/second", "same", "This is one person. Name two.")
    return as_pair(first.uid, second.uid)


def _record(verb: str, row: DoubleDismissal, actor: Actor) -> None:
    audit.record(verb=verb, obj=row, organisation_id=row.organisation_id, actor=actor)

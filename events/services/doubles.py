"""Who may be one and the same: people of one address, or of one name in whatever script."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from django.db.models import Q

from accounts.models import Organisation
from core.text import email_key, full_name, search_key
from events.models import Person
from events.services.dismissing import as_pair, dismissed_pairs

# So many behind one address are an office's mailbox, so many of one name are namesakes.
_MOST_IN_A_GROUP: Final = 8
# So many uids are named in one query.
_MOST_NAMED: Final = 200
_ADDRESS: Final = "mail"
_NAME: Final = "name"
_REASONS: Final = {
    frozenset({_ADDRESS, _NAME}): "Same name and same address",
    frozenset({_NAME}): "Same name",
    frozenset({_ADDRESS}): "Same address",
}
_FIELDS: Final = ("pk", "uid", "code", "given_name", "family_name", "names_by_script", "email")


@dataclass(frozen=True, slots=True)
class Double:
    """Two people who may be one; the one who was known first comes first.

    Arguments:
        reason: why, as people say it.
        weight: the more, the likelier.
    """

    first: str
    second: str
    first_name: str
    second_name: str
    reason: str
    weight: int


def find_doubles(organisation: Organisation) -> list[Double]:
    """Return pairs of people who may be one, the likeliest first; two queries.

    Two may share a mailbox or a name and be two: a suggestion never merges anybody, and who was
    said to be two is not suggested again.
    """
    rows = list(
        Person.objects.filter(organisation=organisation).order_by("pk").values(*_FIELDS).iterator()
    )
    return _pairs(rows, organisation.pk)


def doubles_of(person: Person) -> list[Double]:
    """Return who may be the same as this person; two queries at the most."""
    like = Q(pk=person.pk)
    if person.email:
        like |= Q(email__iexact=person.email)
    for words in _name_words(vars(person)):
        named = Q()
        for word in words:
            named &= Q(search_key__contains=word)
        like |= named
    rows = Person.objects.filter(like, organisation_id=person.organisation_id).order_by("pk")
    pairs = _pairs(list(rows.values(*_FIELDS)[:200]), person.organisation_id)
    return [pair for pair in pairs if person.code in {pair.first, pair.second}]


def _pairs(rows: list[dict[str, Any]], organisation_id: int) -> list[Double]:
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        for key in set(_keys(row)):
            groups[key].append(index)
    shared: dict[tuple[int, int], set[str]] = defaultdict(set)
    for (kind, _), members in groups.items():
        if len(members) <= _MOST_IN_A_GROUP:
            for pair in combinations(members, 2):
                shared[pair].add(kind)
    if not shared:
        return []
    alike = {rows[index]["uid"] for pair in shared for index in pair}
    # Many pairs name many people: then all that were dismissed are read.
    known = dismissed_pairs(organisation_id, alike if len(alike) <= _MOST_NAMED else None)
    found = [
        _double(rows[a], rows[b], kinds)
        for (a, b), kinds in shared.items()
        if as_pair(rows[a]["uid"], rows[b]["uid"]) not in known
    ]
    return sorted(found, key=lambda one: (-one.weight, one.first_name, one.first, one.second))


def _double(first: Mapping[str, Any], second: Mapping[str, Any], kinds: set[str]) -> Double:
    return Double(
        first=first["code"],
        second=second["code"],
        first_name=full_name(first["given_name"], first["family_name"]),
        second_name=full_name(second["given_name"], second["family_name"]),
        reason=_REASONS[frozenset(kinds)],
        weight=2 * (_NAME in kinds) + (_ADDRESS in kinds),
    )


def _keys(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if row["email"]:
        yield _ADDRESS, email_key(row["email"])
    for words in _name_words(row):
        yield _NAME, " ".join(sorted(words))


def _name_words(row: Mapping[str, Any]) -> Iterable[list[str]]:
    """Return the words of each of somebody's names; a single word alone says too little."""
    names = [(row["given_name"], row["family_name"])]
    names += [
        (name.get("given_name", ""), name.get("family_name", ""))
        for name in row["names_by_script"].values()
    ]
    for given, family in names:
        words = search_key(given, family).replace("-", " ").split()
        if len(words) > 1:
            yield words

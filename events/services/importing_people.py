"""Whom a source means: somebody whom it has brought before, somebody known by name, or a new one.

A name decides nothing by itself: where one person of the organisation has exactly it, that one is
meant until the person who imports says otherwise; where several have it, a new one is made, and
the page says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from core.errors import DomainError
from core.text import email_key, full_name, search_key
from events.incoming import IncomingPerson
from events.models import ExternalRef, Person
from events.services.importing_decisions import NEW, SKIP, Decisions, said_to_be
from events.services.importing_merge import FieldChange, differences
from events.services.importing_values import Values, person_as_they_are, person_values

_FIELDS: Final = (
    *("pk", "code", "given_name", "family_name", "names_by_script", "affiliation", "email"),
)
_MOST_SHOWN: Final = 5


class Known(NamedTuple):
    """Somebody of the organisation, as far as a name can be compared."""

    pk: int
    code: str
    name: str
    affiliation: str
    email: str

    @property
    def label(self) -> str:
        return ", ".join(part for part in (self.name, self.affiliation) if part)


@dataclass(slots=True)
class PersonLine:
    """Somebody in the source, and what becomes of them.

    Arguments:
        verdict: ``added``, ``changed``, ``unchanged``, ``left_out``.
        person: who they are here; None for a new one.
        candidates: who else has exactly this name here.
        by: how they were found: ``ref``, ``name``, ``decision``; "" for a new one.
    """

    incoming: IncomingPerson
    verdict: str = "added"
    person: Person | None = None
    candidates: tuple[Known, ...] = ()
    by: str = ""
    values: Values = field(default_factory=dict)
    changes: list[FieldChange] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    reason: str = ""
    ref: ExternalRef | None = None

    @property
    def name(self) -> str:
        return full_name(self.incoming.given_name, self.incoming.family_name)

    @property
    def taken(self) -> list[FieldChange]:
        return [change for change in self.changes if change.taken]


def name_key(given_name: str, family_name: str) -> str:
    """Return what two people of exactly one name share, whichever part stands first."""
    words = search_key(given_name, family_name).replace("-", " ").split()
    return " ".join(sorted(words))


def plan_people(
    organisation_id: int,
    people: Iterable[IncomingPerson],
    *,
    language: str,
    refs: Mapping[str, ExternalRef],
    speaking: set[str],
    decisions: Decisions,
) -> dict[str, PersonLine]:
    """Return what becomes of each person in the source, by ref; two queries at the most.

    Arguments:
        refs: what the source brought before, by its own identifiers.
        speaking: refs of those who are on a session that comes in.
    """
    rows = list({row.ref: row for row in people}.values())
    names = _names(organisation_id) if rows else {}
    lines: dict[str, PersonLine] = {}
    for row in rows:
        line = lines[row.ref] = PersonLine(row)
        try:
            line.values, line.notes = person_values(row, language)
        except DomainError as refusal:
            line.verdict, line.reason = "left_out", refusal.detail
            continue
        if row.ref not in speaking:
            line.verdict, line.reason = "left_out", "They are on no session that comes in."
            continue
        if said_to_be(decisions, row.ref) == SKIP:
            line.verdict, line.reason = "left_out", "You left them out."
            continue
        line.ref = refs.get(row.ref)
        key = name_key(line.values["given_name"], line.values["family_name"])
        line.candidates = tuple(names.get(key, ())[:_MOST_SHOWN])
    wanted = {row.ref: _meant(lines[row.ref], decisions) for row in rows}
    found = Person.objects.in_bulk([pk for pk in wanted.values() if pk])
    for row in rows:
        line = lines[row.ref]
        line.person = found.get(wanted[row.ref] or 0)
        if line.person is not None and line.verdict != "left_out":
            said: Any = line.ref.said if line.ref is not None else None
            there = dict(line.values)
            if line.by == "name":  # a name alone gives nobody an address
                there.pop("email", None)
            line.changes = differences(person_as_they_are(line.person), there, said)
            line.verdict = "changed" if line.taken else "unchanged"
    return lines


def _meant(line: PersonLine, decisions: Decisions) -> int | None:
    if line.verdict == "left_out":
        return None
    if line.ref is not None:
        line.by = "ref"
        return line.ref.person_id
    said = said_to_be(decisions, line.incoming.ref)
    if said == NEW:
        return None
    chosen = next((one for one in line.candidates if one.code == said), None)
    if chosen is not None:
        line.by = "decision"
        return chosen.pk
    likely = _likely(line)
    if likely is None:
        return None
    line.by = "name"
    return likely.pk


def _likely(line: PersonLine) -> Known | None:
    """Return the one of exactly this name, or of several the one with the same address or post."""
    if len(line.candidates) == 1:
        return line.candidates[0]
    email, house = line.values["email"], search_key(line.values["affiliation"])
    same = [
        one
        for one in line.candidates
        if (email and one.email and email_key(one.email) == email_key(email))
        or (house and search_key(one.affiliation) == house)
    ]
    return same[0] if len(same) == 1 else None


def _names(organisation_id: int) -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = defaultdict(list)
    rows = Person.objects.filter(organisation_id=organisation_id).order_by("pk").values(*_FIELDS)
    for row in rows.iterator(chunk_size=2000):
        given, family = row["given_name"], row["family_name"]
        name = full_name(given, family)
        known = Known(row["pk"], row["code"], name, row["affiliation"], row["email"])
        keys = {name_key(given, family)}
        for names in row["names_by_script"].values():
            keys.add(name_key(names.get("given_name", ""), names.get("family_name", "")))
        for key in keys - {""}:
            found[key].append(known)
    return found

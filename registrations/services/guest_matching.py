"""Whom a row of a list means: somebody new, somebody known, or somebody to be chosen by a person.

Known is who has the row's code, or both its address and its name; without an address on either side
also the same affiliation. The same address with another name, or the same name with another
address, is never decided here: two diplomats share a mailbox, and two people a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from core.text import email_key, full_name, search_key
from events.models import Person
from registrations.services.guest_rows import GuestRow

NEW: Final = "new"
KNOWN: Final = "known"
DOUBLE: Final = "double"
REPEATED: Final = "repeated"
WRONG: Final = "wrong"
# What may be chosen for a possible double, besides the code of one of the people.
SKIP: Final = "skip"


class Known(NamedTuple):
    """Somebody whom the organisation knows, as far as a row can be compared."""

    pk: int
    code: str
    given_name: str
    family_name: str
    email: str
    affiliation: str

    @property
    def name(self) -> str:
        return full_name(self.given_name, self.family_name)

    @property
    def label(self) -> str:
        """Return enough to tell them from somebody else."""
        return ", ".join(part for part in (self.name, self.affiliation, self.email) if part)


@dataclass(frozen=True, slots=True)
class Line:
    """A row and what would become of it."""

    row: GuestRow
    verdict: str
    person: Known | None = None
    candidates: tuple[Known, ...] = ()
    first_line: int = 0

    @property
    def sentences(self) -> list[str]:
        """Say what is wrong or to be decided."""
        if self.verdict == REPEATED:
            return [f"The same person stands in line {self.first_line}."]
        return [
            f"{problem.sentence} (“{problem.value}”)" if problem.value else problem.sentence
            for problem in self.row.problems
        ]


@dataclass(slots=True)
class _Index:
    by_code: dict[str, Known] = field(default_factory=dict)
    by_email: dict[str, list[Known]] = field(default_factory=dict)
    by_name: dict[str, list[Known]] = field(default_factory=dict)


def match_rows(
    organisation_id: int, rows: Sequence[GuestRow], choices: Mapping[str, str] | None = None
) -> list[Line]:
    """Return what would become of each row; one query.

    Arguments:
        choices: by line number what a person decided of a possible double: ``new``, ``skip`` or a
            candidate's code.
    """
    index = _index(organisation_id)
    seen: dict[Any, int] = {}
    lines = []
    for row in rows:
        line = _match(row, index, dict(choices or {}).get(str(row.number), ""))
        if line.verdict in {NEW, KNOWN}:
            key = line.person.pk if line.person else _identity(row)
            if key in seen:
                line = Line(row, REPEATED, line.person, first_line=seen[key])
            else:
                seen[key] = row.number
        lines.append(line)
    return lines


def _match(row: GuestRow, index: _Index, choice: str) -> Line:
    if row.problems:
        return Line(row, WRONG)
    if row.code and row.code in index.by_code:
        return Line(row, KNOWN, index.by_code[row.code])
    same_email = index.by_email.get(email_key(row.email), []) if row.email else []
    same_name = index.by_name.get(search_key(row.name), [])
    both = [one for one in same_name if _is_same(row, one)]
    if len(both) == 1:
        return Line(row, KNOWN, both[0])
    candidates = tuple(dict.fromkeys([*both, *same_email, *same_name]))
    if not candidates or choice == NEW:
        return Line(row, NEW, candidates=candidates)
    chosen = next((one for one in candidates if one.code == choice), None)
    if chosen is not None:
        return Line(row, KNOWN, chosen, candidates)
    return Line(row, DOUBLE, candidates=candidates)


def _is_same(row: GuestRow, one: Known) -> bool:
    if row.email or one.email:
        return email_key(row.email) == email_key(one.email)
    return search_key(str(row.facts.get("affiliation", ""))) == search_key(one.affiliation)


def _identity(row: GuestRow) -> tuple[str, str, str]:
    where = "" if row.email else search_key(str(row.facts.get("affiliation", "")))
    return (search_key(row.name), email_key(row.email), where)


def _index(organisation_id: int) -> _Index:
    index = _Index()
    rows = Person.objects.filter(organisation_id=organisation_id).order_by("pk")
    for values in rows.values_list(*Known._fields).iterator():
        one = Known(*values)
        index.by_code[one.code] = one
        if one.email:
            index.by_email.setdefault(email_key(one.email), []).append(one)
        index.by_name.setdefault(search_key(one.name), []).append(one)
    return index

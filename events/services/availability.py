"""When people can be at a conference. Who says nothing can always be there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import transaction

from core.actors import Actor
from core.errors import FieldError, invalid
from core.services import audit
from core.services.versions import raise_version
from events import validators as v
from events.models import Availability, Conference, Person
from events.services.instants import resolve_availability
from events.services.writing import load, load_root

MOST: Final = 20
CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "start_local": v.local_time(),
    "end_local": v.local_time(),
    "note": v.line(200),
}


@transaction.atomic
def set_availability(
    *,
    conference: Conference,
    person: Person,
    windows: Sequence[Mapping[str, Any]],
    expected: int | None,
    actor: Actor,
) -> list[Availability]:
    """Say when a person can be at a conference, in place of what was said so far.

    Arguments:
        windows: `start_local`, `end_local` and perhaps `note` of each; none: always.
        expected: the conference's version.

    Raises:
        DomainError: ``stale``; ``validation-failed``, also for a person of another organisation.
    """
    root = load_root(conference, expected)
    if person.organisation_id != root.organisation_id:
        raise invalid("/person", "unknown", "There is no such person.")
    who = load(person)
    if len(windows) > MOST:
        raise invalid("/windows", "too_many", f"Give {MOST} times at the most.")
    rows = [_window(root, who, given, n) for n, given in enumerate(windows)]
    before = list(Availability.objects.filter(conference=root, person=who))
    if [_facts(row) for row in before] == sorted(map(_facts, rows)):
        return before
    Availability.objects.filter(conference=root, person=who).delete()
    for row in rows:
        row.save(force_insert=True)
    raise_version(root, expected)
    audit.record(
        verb="set_availability",
        obj=who,
        organisation_id=root.organisation_id,
        actor=actor,
        changed=["availabilities"],
        facts={"conference": str(root.uid), "windows": len(rows)},
    )
    return sorted(rows, key=_facts)


def availabilities_of(conference: Conference) -> list[tuple[Person, list[Availability]]]:
    """Return who said when they can be there, by name; one query."""
    rows = Availability.objects.filter(conference=conference).select_related("person")
    found: dict[int, tuple[Person, list[Availability]]] = {}
    for row in rows.order_by("person__sort_key", "person_id", "starts_at", "pk"):
        found.setdefault(row.person_id, (row.person, []))[1].append(row)
    return list(found.values())


def windows_of(conference: Conference) -> dict[str, tuple[tuple[dt.datetime, dt.datetime], ...]]:
    """Return code of a person -> when they can be there, for the checks; one query."""
    rows = Availability.objects.filter(conference=conference).order_by("starts_at", "pk")
    found: dict[str, list[tuple[dt.datetime, dt.datetime]]] = {}
    for code, start, end in rows.values_list("person__code", "starts_at", "ends_at"):
        found.setdefault(code, []).append((start, end))
    return {code: tuple(windows) for code, windows in found.items()}


def _window(root: Conference, who: Person, given: Mapping[str, Any], n: int) -> Availability:
    prefix = f"/windows/{n}"
    missing = [
        FieldError(f"{prefix}/{name}", "required", "Give start and end.")
        for name in ("start_local", "end_local")
        if not given.get(name)
    ]
    v.refuse(missing)
    row = Availability(
        conference=root, person=who, **v.clean({"note": "", **given}, CLEANERS, prefix=prefix)
    )
    start, end = row.start_local, row.end_local
    if start is None or end is None or end <= start:
        raise invalid(f"{prefix}/end_local", "order", "The end comes after the start.")
    resolve_availability(row, root.time_zone)
    return row


def _facts(row: Availability) -> tuple[Any, ...]:
    return row.starts_at, row.start_local, row.end_local, row.note


def windows_from(rows: Iterable[Availability]) -> list[dict[str, Any]]:
    """Return windows as `set_availability` takes them."""
    return [
        {"start_local": row.start_local, "end_local": row.end_local, "note": row.note}
        for row in rows
    ]

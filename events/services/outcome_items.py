"""Findings and points of an outcome, one at a time. They are counted from 1, as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core.actors import Actor
from core.errors import DomainError
from core.services import audit
from core.services.versions import raise_version
from events.models import Conference, Outcome, OutcomeItem
from events.services.outcomes import MOST_ITEMS, checked_item, load_outcome
from events.services.writing import put_in_order


@transaction.atomic
def save_outcome_item(
    *,
    conference: Conference,
    number: int | None,
    values: Mapping[str, Any],
    expected: int | None,
    actor: Actor,
) -> OutcomeItem:
    """Write a finding or a point: a new one after the others, or in place of the one that stands.

    Arguments:
        number: of the one that is there; None for a new one.
        values: `kind`, `topic`, `text`, `person`, `session`.
        expected: the outcome's version.

    Raises:
        DomainError: ``stale``; ``validation-failed``; ``not-found``.
    """
    root, outcome = load_outcome(conference, expected)
    row = checked_item(values, root, complete=outcome.published_at is not None)
    rows = list(outcome.items.all())
    if number is None:
        if len(rows) >= MOST_ITEMS:
            detail = f"An outcome has {MOST_ITEMS} points at the most."
            raise DomainError("wrong-state", detail)
        row.outcome, row.order = outcome, len(rows)
        row.save(force_insert=True)
    else:
        former = _numbered(rows, number)
        row.pk, row.created_at = former.pk, former.created_at
        row.outcome, row.order = outcome, former.order
        row.save(force_update=True)
    _finish("save_outcome_item", outcome, expected, actor)
    return row


@transaction.atomic
def move_outcome_item(
    *, conference: Conference, number: int, to: int, expected: int | None, actor: Actor
) -> Outcome:
    """Put a finding or point at another place among all of them.

    Raises:
        DomainError: ``stale``; ``not-found``.
    """
    _root, outcome = load_outcome(conference, expected)
    rows = list(outcome.items.all())
    row = _numbered(rows, number)
    rows.remove(row)
    rows.insert(max(0, min(to - 1, len(rows))), row)
    put_in_order(rows)
    _finish("move_outcome_item", outcome, expected, actor)
    return outcome


@transaction.atomic
def remove_outcome_item(
    *, conference: Conference, number: int, expected: int | None, actor: Actor
) -> Outcome:
    """Take a finding or point off the outcome.

    Raises:
        DomainError: ``stale``; ``not-found``.
    """
    _root, outcome = load_outcome(conference, expected)
    rows = list(outcome.items.all())
    row = _numbered(rows, number)
    rows.remove(row)
    row.delete()
    put_in_order(rows)
    _finish("remove_outcome_item", outcome, expected, actor)
    return outcome


def _numbered(rows: list[OutcomeItem], number: int) -> OutcomeItem:
    if not 1 <= number <= len(rows):
        raise DomainError("not-found", "This has been taken off in the meantime.")
    return rows[number - 1]


def _finish(verb: str, outcome: Outcome, expected: int | None, actor: Actor) -> None:
    raise_version(outcome, expected)
    audit.record(
        verb=verb,
        obj=outcome,
        organisation_id=outcome.conference.organisation_id,
        actor=actor,
        changed=["items"],
    )

"""Raising a root's version: the one place where a stale change is refused."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from core.errors import stale
from core.models import VersionedModel


def raise_version(row: VersionedModel, expected: int | None = None) -> None:
    """Raise `row.version` in the database and in memory.

    Arguments:
        expected: the version on which the change was made; None where nobody could have seen one.

    Raises:
        DomainError: ``stale`` when the row has moved on (the caller's transaction must roll back).
    """
    rows = type(row)._default_manager.filter(pk=row.pk)
    if expected is not None:
        rows = rows.filter(version=expected)
    if not rows.update(version=F("version") + 1, updated_at=timezone.now()):
        raise stale()
    row.version = (
        expected
        if expected is not None
        else type(row)._default_manager.values_list("version", flat=True).get(pk=row.pk) - 1
    ) + 1

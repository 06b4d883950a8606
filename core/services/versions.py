"""Raising a root's version: the one place where a stale change is refused."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from core.errors import stale
from core.models import VersionedModel


def raise_version(row: VersionedModel, expected: int | None = None) -> None:
    """Raise `row.version` in the database and in memory; the row is locked until the commit.

    Arguments:
        expected: the version on which the change was made; None where nobody could have seen one.

    Raises:
        DomainError: ``stale`` when the row has moved on (the caller's transaction must roll back).
    """
    rows = type(row)._default_manager.filter(pk=row.pk)
    fresh = rows if expected is None else rows.filter(version=expected)
    if not fresh.update(version=F("version") + 1, updated_at=timezone.now()):
        raise stale()
    row.refresh_from_db(fields=["version", "updated_at"])

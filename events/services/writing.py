"""What every verb of the programme does around its own rule: load, compare, save."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction

from core.errors import DomainError, FieldError, stale
from core.models import VersionedModel
from core.services.versions import raise_version
from core.text import LANGUAGES

Row = TypeVar("Row", bound=models.Model)
Root = TypeVar("Root", bound=VersionedModel)


def load(row: Row, *related: str) -> Row:
    """Return the row as it is now, locked to the transaction's end (SQLite has one writer anyway).

    The caller's own object stays as it was: a refusal leaves no trace on it either.

    Raises:
        DomainError: ``not-found`` when it has been deleted meanwhile.
    """
    rows = type(row)._default_manager.select_for_update(of=("self",), no_key=True)
    found = rows.select_related(*related).filter(pk=row.pk).first()
    if found is None:
        raise DomainError("not-found", "This has been deleted in the meantime.")
    return found


def load_root(row: Root, expected: int | None, *related: str) -> Root:
    """Return the row as it is now, locked.

    Raises:
        DomainError: ``stale`` when it is not at the version `expected`; ``not-found``.
    """
    found = load(row, *related)
    if expected is not None and found.version != expected:
        raise stale()
    return found


def assign(row: models.Model, values: Mapping[str, Any]) -> list[str]:
    """Set what differs on the row, in memory, and return the names of those fields."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def save(row: models.Model, changed: Collection[str]) -> None:
    """Write these fields and the row's stamp, and nothing else."""
    row.save(update_fields=sorted({*changed, "updated_at"}))


def save_root(row: VersionedModel, changed: Collection[str], expected: int | None) -> None:
    """Write these fields of a root and raise its version."""
    raise_version(row, expected)
    save(row, changed)


@contextmanager
def taken_as(pointer: str, detail: str) -> Iterator[None]:
    """Turn the database's refusal of a second one into a sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise taken(pointer, detail) from error


def taken(pointer: str, detail: str) -> DomainError:
    """Return the refusal of a value that something else already has."""
    return DomainError("conflict", detail, errors=[FieldError(pointer, "taken", detail)])


def missing_text(field: str, texts: Mapping[str, str], language: str) -> list[FieldError]:
    """Return the error of a text that has none in its first language, else nothing."""
    if texts.get(language):
        return []
    name = LANGUAGES.get(language, language)
    return [FieldError(f"/{field}", "required", f"Give this in {name}, the first language.")]


def refuse_if_used(row: models.Model, *, owned: Collection[str], detail: str) -> None:
    """Refuse to delete what something else stands on, whichever app that is in.

    Arguments:
        owned: names of models (``events.participation``) that are parts of the row and go with it.

    Raises:
        DomainError: ``in-use``.
    """
    for relation in row._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or relation.many_to_many:
            continue
        model = relation.related_model
        if not isinstance(model, type) or model._meta.auto_created:
            continue
        if model._meta.label_lower in owned:
            continue
        if model._default_manager.filter(**{relation.field.name: row}).exists():
            raise DomainError("in-use", detail)


def put_in_order(rows: Sequence[Row], changed_at: Sequence[str] = ("updated_at",)) -> list[Row]:
    """Give the rows the orders 0 to n-1 as they stand, save those that differ and return them."""
    moved = []
    for order, row in enumerate(rows):
        if row.order != order:  # type: ignore[attr-defined]  # all that have an order
            row.order = order  # type: ignore[attr-defined]
            row.save(update_fields=["order", *changed_at])
            moved.append(row)
    return moved

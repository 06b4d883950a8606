"""Rows as JSON, exactly, so that they can stand again as they were."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.apps import apps
from django.db import models

Dump = dict[str, Any]


def dump_row(row: models.Model, only: Collection[str] | None = None) -> Dump:
    """Return a row's own columns by name, with its model; instants keep their microseconds.

    Arguments:
        only: names of fields; all without it.
    """
    fields = [f for f in row._meta.concrete_fields if only is None or f.name in only]
    values = {f.attname: _plain(getattr(row, f.attname)) for f in fields}
    return {"model": row._meta.label_lower, "values": values}


def values_of(dump: Mapping[str, Any]) -> Dump:
    """Return the values of a dump as Python's."""
    model = apps.get_model(dump["model"])
    return {name: _read(model, name, value) for name, value in dump["values"].items()}


def row_again(dump: Mapping[str, Any]) -> models.Model | None:
    """Write a dumped row anew under its own id, and return it.

    What it pointed to and is gone is left empty where it may be; where it may not, the row has no
    place any more and None is returned.
    """
    model = apps.get_model(dump["model"])
    row: models.Model = model(**values_of(dump))
    for field in model._meta.concrete_fields:
        pointer = getattr(row, field.attname)
        if not field.is_relation or pointer is None:
            continue
        target: Any = field.related_model
        if target._default_manager.filter(pk=pointer).exists():
            continue
        if not field.null:
            return None
        setattr(row, field.attname, None)
    # Raw: stamps stay what they were.
    row.save_base(raw=True, force_insert=True)
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def _read(model: type[models.Model], name: str, value: Any) -> Any:
    field: Any = next(f for f in model._meta.concrete_fields if f.attname == name)
    if isinstance(field, models.JSONField) or value is None:
        return value
    return (field.target_field if field.is_relation else field).to_python(value)

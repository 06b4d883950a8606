"""Rows of models from SQL of our own, on the way that guests wait for.

What `Model.objects.raw` does, without finding out anew each time which column is which field and
how its values are read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from core.database.prepared import prepared_cursor

Row = TypeVar("Row", bound=models.Model)


# Of statements that come again: making a description of each column takes the driver as long as
# reading a row. They name their columns, so it is always the same.
_names: dict[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a row of values becomes a row of a model.

    Arguments:
        extra: attribute -> position of each column that is no field.
        readers: position -> the functions that turn the database's value into ours.
    """

    names: tuple[str, ...]
    positions: tuple[int, ...]
    extra: dict[str, int]
    readers: tuple[tuple[int, Sequence[Callable[..., Any]], Any], ...]


def raw_rows(
    model: type[Row], sql: str, params: Sequence[Any], *, comes_again: bool = True
) -> list[Row]:
    """Return rows of a model, each with the further columns of the query as attributes.

    Arguments:
        sql: selects every column of the model's table (`columns`), and others under other names.
        comes_again: whether the same text does, so that its plan is worth keeping.
    """
    with prepared_cursor() if comes_again else connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchall()
        if not found:
            return []
        names = _names.get(sql)
        if names is None:
            names = tuple(column[0] for column in cursor.description)
            if comes_again:
                _names[sql] = names
    here = connections[DEFAULT_DB_ALIAS]  # itself, not what stands for it: it is asked often
    layout = _layout(model, names, here.vendor)
    return [_row(model, layout, list(values), here) for values in found]


def columns(model: type[models.Model], table: str) -> str:
    """Return all columns of a model as a SELECT names them.

    Arguments:
        table: the name that its table has there.
    """
    fields: Any = model._meta.concrete_fields  # each with a column
    return ", ".join(f'{table}."{field.column}"' for field in fields)


def _row(model: type[Row], layout: _Layout, values: list[Any], here: Any) -> Row:
    for position, readers, column in layout.readers:
        for read in readers:
            values[position] = read(values[position], column, here)
    row = model.from_db(here.alias, layout.names, [values[p] for p in layout.positions])
    for name, position in layout.extra.items():
        setattr(row, name, values[position])
    return row


@lru_cache(maxsize=32)
def _layout(model: type[models.Model], columns: tuple[str, ...], vendor: str) -> _Layout:
    del vendor  # values are read differently
    place = {column: position for position, column in enumerate(columns)}
    fields: Any = model._meta.concrete_fields  # each with a column
    readers = []
    for field in fields:
        column = field.get_col(model._meta.db_table)
        found = [
            *connection.ops.get_db_converters(column),
            *field.get_db_converters(connection),
        ]
        if found:
            readers.append((place[field.column], found, column))
    names = {field.column for field in fields}
    return _Layout(
        names=tuple(field.attname for field in fields),
        positions=tuple(place[field.column] for field in fields),
        extra={column: position for column, position in place.items() if column not in names},
        readers=tuple(readers),
    )

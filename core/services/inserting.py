"""New rows on the way that guests wait for.

Django puts an INSERT together anew for each row, which takes three times as long as running it.
Here its columns are named once a model; fields say what goes in, as they do for Django.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

# What one statement takes, on either engine, however many columns there are.
MOST = 20


def insert(row: models.Model) -> None:
    """Write a new row and set its primary key, as `row.save(force_insert=True)` does.

    No model here has signals, parents or a `save` that does more; a row whose class has an own
    `save` is none for this.
    """
    sql, params = _insert([row])
    returns = connection.features.can_return_columns_from_insert
    with connection.cursor() as cursor:
        if returns:
            key: Any = row._meta.pk
            column = connection.ops.quote_name(key.column)
            cursor.execute(f"{sql} RETURNING {column}", params)
            (row.pk,) = cursor.fetchone()
        else:
            cursor.execute(sql, params)
            row.pk = cursor.lastrowid
    row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 - as Django does


def insert_missing(rows: Sequence[models.Model]) -> None:
    """Write new rows of one model, at most MOST; those that a unique key knows already stay.

    Which ones were new nobody is told, so primary keys are not set.
    """
    if rows:
        sql, params = _insert(rows)
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} ON CONFLICT DO NOTHING", params)


def _insert(rows: Sequence[models.Model]) -> tuple[str, list[Any]]:
    here = connections[DEFAULT_DB_ALIAS]  # itself, not what stands for it: it is asked often
    head, fields = _head(type(rows[0]), here.vendor)
    values, params = [], []
    for row in rows:
        places = []
        for field in fields:
            value = field.pre_save(row, add=True)
            if hasattr(value, "resolve_expression"):
                place, given = getattr(value, f"as_{here.vendor}")(None, here)
                params += given
            else:
                place = "%s"
                params.append(field.get_db_prep_save(value, here))
            places.append(place)
        values.append(f"({', '.join(places)})")
    return f"{head} VALUES {', '.join(values)}", params


@lru_cache(maxsize=32)
def _head(model: type[models.Model], vendor: str) -> tuple[str, tuple[Any, ...]]:
    del vendor  # quotes and columns may differ
    meta, quote = model._meta, connection.ops.quote_name
    fields: tuple[Any, ...] = tuple(
        field for field in meta.local_concrete_fields if not isinstance(field, models.AutoField)
    )
    columns = ", ".join(quote(field.column) for field in fields)
    return f"INSERT INTO {quote(meta.db_table)} ({columns})", fields

"""New rows on the way that guests wait for.

Django puts an INSERT together anew for each row, which takes three times as long as running it.
Here its columns are named once a model; fields say what goes in, as they do for Django.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from core.database.prepared import prepared_cursor

Row = TypeVar("Row", bound=models.Model)
# What one statement takes, on either engine, however many columns there are.
MOST = 20
# Fields and values of which Django's way to the database changes nothing.
_PLAIN = (models.CharField, models.TextField, models.BooleanField, models.IntegerField)
_ON_THE_WAY = ("pre_save", "get_prep_value", "get_db_prep_value", "get_db_prep_save")
_PAIR = """
WITH first AS ({one} RETURNING {key} AS key), second AS ({two} RETURNING {other} AS key)
SELECT first.key, second.key, asked.* FROM first, second, ({question}) AS asked
"""
# The key of the row that a statement writes first.
_FIRST = "(SELECT key FROM first)"
# The wait is limited before the row is written and no longer once it is. NULL is what the setting
# would be without us.
_ONE_THAT_WAITS = """
{head} SELECT {values} WHERE set_config('lock_timeout', '{seconds}s', true) IS NOT NULL
ON CONFLICT DO NOTHING RETURNING {column}, set_config('lock_timeout', NULL, true)
"""
_WAIT_AGAIN = "SET LOCAL lock_timeout TO DEFAULT"
_NOTHING = frozenset({type(None)})
_TEXTS_AND_NUMBERS = frozenset({str, int, bool}) | _NOTHING


def new_row(model: type[Row], **values: Any) -> Row:
    """Return `model(**values)`, a row that is not in the database yet, for a quarter of the time.

    No model here has signals or an `__init__` of its own; one that does is none for this.

    Arguments:
        values: by field or, for a foreign key, by the name of its column.
    """
    row = model.__new__(model)
    state = row.__dict__
    always, anew = _beginning(model)
    state["_state"] = models.base.ModelState()
    state.update(always)
    for name, make in anew:
        if name not in values:
            state[name] = make()
    for name, value in values.items():
        if isinstance(value, models.Model):
            setattr(row, name, value)  # a foreign key
        elif name in state:
            state[name] = value
        else:
            setattr(row, name, value)
    return row


@lru_cache(maxsize=32)
def _beginning(
    model: type[models.Model],
) -> tuple[dict[str, Any], tuple[tuple[str, Callable[[], Any]], ...]]:
    """Return what every new row begins with, and what is made for each."""
    fields: Any = model._meta.concrete_fields
    anew = {f.attname: f.default for f in fields if f.has_default() and callable(f.default)}
    always = {f.attname: None if f.attname in anew else f.get_default() for f in fields}
    return always, tuple(anew.items())


def insert(row: models.Model) -> None:
    """Write a new row and set its primary key, as `row.save(force_insert=True)` does.

    No model here has signals, parents or a `save` that does more; a row whose class has an own
    `save` is none for this.
    """
    sql, params = _insert([row])
    returns = connection.features.can_return_columns_from_insert
    with prepared_cursor() as cursor:
        if returns:
            column = connection.ops.quote_name(_key_of(row).column)
            cursor.execute(f"{sql} RETURNING {column}", params)
            (row.pk,) = cursor.fetchone()
        else:
            cursor.execute(sql, params)
            row.pk = cursor.lastrowid
    _is_written(row)


def insert_pair(
    first: models.Model,
    second: models.Model,
    link: str,
    asking: tuple[str, Sequence[Any]] | None = None,
) -> tuple[Any, ...] | None:
    """Write two new rows and set their primary keys: the second one points to the first.

    Arguments:
        link: name of the second one's foreign key to the first.
        asking: a SELECT of at most one row that is asked on the way; it does not see the new rows.

    Returns: the row that was asked for; None if there is none, and then the caller has to undo its
    transaction.
    """
    if connection.vendor != "postgresql":
        found = ask(*asking) if asking is not None else ()
        insert(first)
        setattr(second, link, first)
        insert(second)
        return found
    # One round trip.
    setattr(second, f"{link}_id", _KeyOfFirst())
    (one, of_one), (two, of_two) = _insert([first]), _insert([second])
    key, other = (connection.ops.quote_name(_key_of(row).column) for row in (first, second))
    question, of_question = asking or ("SELECT", [])
    sql = _PAIR.format(one=one, key=key, two=two, other=other, question=question)
    found = ask(sql, [*of_one, *of_two, *of_question])
    if found is None:
        return None
    first.pk, second.pk, *answer = found
    setattr(second, link, first)
    for row in (first, second):
        _is_written(row)
    return tuple(answer)


def ask(sql: str, params: Sequence[Any]) -> Any:
    """Return the first row that a statement answers; None without one."""
    with prepared_cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()


def insert_and(rows: Sequence[models.Model], sql: str, params: Sequence[Any]) -> int:
    """Write new rows and run a statement about others; return how many rows that one changed.

    On PostgreSQL it is one round trip, and the statement does not see the new rows. Primary keys
    are not set.
    """
    written = [_insert([row]) for row in rows]
    if written and connection.vendor == "postgresql":
        before = ", ".join(f"row_{n} AS ({one})" for n, (one, _given) in enumerate(written))
        given = [value for _one, values in written for value in values]
        written, sql, params = [], f"WITH {before} {sql}", [*given, *params]
    with prepared_cursor() as cursor:
        for one, given in written:
            cursor.execute(one, given)
        cursor.execute(sql, params)
        return int(cursor.rowcount)


class _KeyOfFirst:
    """Stands for the key of the row that the statement writes first."""

    def resolve_expression(self) -> None:
        """Be told from a value."""

    def as_postgresql(self, _compiler: Any, _connection: Any) -> tuple[str, list[Any]]:
        return _FIRST, []


def insert_unless_there(row: models.Model, *, most_seconds: int) -> bool:
    """Write a new row and set its primary key; tell whether there was none with its unique key.

    Where somebody else is writing one it waits for their end: on PostgreSQL so many seconds at
    most, then the database gives up. SQLite's writers queue before they begin.
    """
    sql, params = _insert([row])
    column = connection.ops.quote_name(_key_of(row).column)
    waits = connection.vendor == "postgresql"
    if waits:  # what follows in this transaction may wait as long as it likes
        sql = _ONE_THAT_WAITS.format(
            head=_head(type(row), connection.vendor)[0],
            values=_typed_places(type(row)),
            seconds=most_seconds,
            column=column,
        )
    else:
        sql = f"{sql} ON CONFLICT DO NOTHING RETURNING {column}"
    with prepared_cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchone()
        if waits and found is None:
            cursor.execute(_WAIT_AGAIN)
    if found is None:
        return False
    row.pk = found[0]
    _is_written(row)
    return True


@lru_cache(maxsize=32)
def _typed_places(model: type[models.Model]) -> str:
    """Return the places of a row's values where they stand in a SELECT: each with its type, without
    a length, so that what is too long is refused and not cut.
    """
    _start, columns = _head(model, connection.vendor)
    types = [str(field.db_type(connection)) for _name, field, _kinds, _is_made in columns]
    return ", ".join(f"%s::{kind.partition('(')[0]}" for kind in types)


def insert_missing(rows: Sequence[models.Model]) -> None:
    """Write new rows of one model, at most MOST; those that a unique key knows already stay.

    Which ones were new nobody is told, so primary keys are not set.
    """
    if rows:
        sql, params = _insert(rows)
        with prepared_cursor() as cursor:
            cursor.execute(f"{sql} ON CONFLICT DO NOTHING", params)


def _key_of(row: models.Model) -> Any:
    return row._meta.pk


def _is_written(row: models.Model) -> None:
    row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 - as Django does


def _insert(rows: Sequence[models.Model]) -> tuple[str, list[Any]]:
    here = connections[DEFAULT_DB_ALIAS]  # itself, not what stands for it: it is asked often
    head, columns = _head(type(rows[0]), here.vendor)
    values: list[str] = []
    params: list[Any] = []
    usual = f"({', '.join(['%s'] * len(columns))})"
    for row in rows:
        state, places = row.__dict__, [usual]
        for number, (name, field, as_they_are, is_made) in enumerate(columns):
            value = field.pre_save(row, add=True) if is_made else state[name]
            kind = type(value)
            if kind in as_they_are:
                params.append(value)
            elif kind is dt.datetime and value.tzinfo is dt.UTC:
                params.append(here.ops.adapt_datetimefield_value(value))
            elif hasattr(value, "resolve_expression"):
                if places[0] is usual:
                    places = ["%s"] * len(columns)
                places[number], given = getattr(value, f"as_{here.vendor}")(None, here)
                params += given
            else:
                params.append(field.get_db_prep_save(value, here))
        values.append(usual if places[0] is usual else f"({', '.join(places)})")
    return f"{head} VALUES {', '.join(values)}", params


@lru_cache(maxsize=32)
def _head(
    model: type[models.Model], vendor: str
) -> tuple[str, tuple[tuple[str, Any, frozenset[type], bool], ...]]:
    """Return how the statement begins, and of each column attribute, field, types of values that
    the database gets as they are, and whether the field itself says what goes in.
    """
    del vendor  # quotes and columns may differ
    meta, quote = model._meta, connection.ops.quote_name
    fields: list[Any] = [
        field for field in meta.local_concrete_fields if not isinstance(field, models.AutoField)
    ]
    columns = ", ".join(quote(field.column) for field in fields)
    return (
        f"INSERT INTO {quote(meta.db_table)} ({columns})",
        tuple((field.attname, field, _as_they_are(field), _is_made(field)) for field in fields),
    )


def _is_made(field: Any) -> bool:
    """Tell whether a field puts in something else than what stands in the row."""
    if isinstance(field, models.DateField):
        return field.auto_now or field.auto_now_add
    return type(field).pre_save is not models.Field.pre_save


def _as_they_are(field: Any) -> frozenset[type]:
    if isinstance(field, models.AutoField):
        return _TEXTS_AND_NUMBERS
    if isinstance(field, models.ForeignKey):
        return _as_they_are(field.target_field)
    if isinstance(field, models.DateField) and not (field.auto_now or field.auto_now_add):
        return _NOTHING
    is_plain = any(
        isinstance(field, plain)
        and all(getattr(type(field), name) is getattr(plain, name) for name in _ON_THE_WAY)
        for plain in _PLAIN
    )
    return _TEXTS_AND_NUMBERS if is_plain else frozenset()

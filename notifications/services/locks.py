"""Two locks of PostgreSQL that the ORM has no word for. SQLite has one writer and needs neither."""

from __future__ import annotations

from django.db import connection, models


def hold_still(model: type[models.Model], pk: int) -> None:
    """Let nobody change the row until this transaction ends; others may hold it still, too."""
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR SHARE", [pk])  # noqa: S608 - a table of ours


def try_alone(what: int, pk: int) -> bool:
    """Tell whether this transaction alone is at work on `what` (a number of ours) of `pk`."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [what, pk % 2**31])
        (answer,) = cursor.fetchone()
    return bool(answer)

"""The database's clock: the only one by which mail is due, leased and given up.

Senders may run on several machines whose clocks differ; they all ask this one.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateTimeField, Func


class DatabaseNow(Func):
    """The present moment, or one that many seconds from now, as the database counts.

    On SQLite it is text in the very form in which Django stores an instant (with microseconds), so
    that comparing texts compares instants.
    """

    output_field = DateTimeField()

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = float(seconds)
        super().__init__()

    def as_sqlite(
        self, compiler: Any, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        del compiler, connection, extra_context
        return (
            "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f000', 'NOW', %s)",
            (f"{self.seconds:+.3f} seconds",),
        )

    def as_postgresql(
        self, compiler: Any, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        del compiler, connection, extra_context
        # STATEMENT_TIMESTAMP moves on inside a transaction that had to wait; NOW() does not.
        return "(STATEMENT_TIMESTAMP() + %s::interval)", (f"{self.seconds:.3f} seconds",)


def database_now() -> dt.datetime:
    """Ask the database what time it is (UTC)."""
    now = DatabaseNow()
    sql, params = (
        now.as_postgresql(None, connection)
        if connection.vendor == "postgresql"
        else now.as_sqlite(None, connection)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", params)
        (answer,) = cursor.fetchone()
    moment = dt.datetime.fromisoformat(answer) if isinstance(answer, str) else answer
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)

"""Running the statements that run with each mail, in SQL of our own: putting them together anew
costs more than running them. Each is what the ORM would say, on both engines.

In a statement NOW is the database's clock, and LATER so many seconds from now: a parameter.
"""

from __future__ import annotations

import re
import sqlite3
import uuid
from functools import lru_cache
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connection, connections

from core.database.prepared import NEVER, may_prepare

_NOW: Final = {
    "postgresql": "STATEMENT_TIMESTAMP()",
    "sqlite": "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f000', 'NOW')",
}
# So many seconds from now.
_LATER: Final = {
    "postgresql": "(STATEMENT_TIMESTAMP() + %s * INTERVAL '1 second')",
    "sqlite": "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f000', 'NOW', %s || ' seconds')",
}


@lru_cache(maxsize=128)
def _in_dialect(sql: str, vendor: str) -> str:
    found = re.sub(r"\bNOW\b", lambda _match: _NOW[vendor], sql)
    found = found.replace("LATER", _LATER[vendor])
    return found.replace("%s", "?").replace("%%", "%") if vendor == "sqlite" else found


def plan_once() -> None:
    """Let PostgreSQL keep the plans of these statements for as long as the connection lasts.

    Each finds its rows by their keys, so a plan for certain values is never better than one for
    all; left alone, PostgreSQL makes one for each mail.
    """
    if may_prepare():
        with connection.cursor() as cursor:
            cursor.execute("SET plan_cache_mode TO force_generic_plan")
        connection.connection.prepare_threshold = NEVER


def run(sql: str, params: list[Any], *, asks: bool = False) -> Any:
    """Run a statement in the present transaction; return its first row, or how many it changed."""
    here = connections[DEFAULT_DB_ALIAS]  # itself, not what stands for it: it is asked often
    with here.wrap_database_errors:
        cursor, options = _cursor(here)
        cursor.execute(_in_dialect(sql, here.vendor), params, **options)
        answer = cursor.fetchone() if asks else cursor.rowcount
        cursor.close()
    return answer


def run_for_all(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    """Run a question in the present transaction and return all its rows."""
    here = connections[DEFAULT_DB_ALIAS]
    with here.wrap_database_errors:
        cursor, options = _cursor(here)
        cursor.execute(_in_dialect(sql, here.vendor), params, **options)
        answer: list[tuple[Any, ...]] = cursor.fetchall()
        cursor.close()
    return answer


def _cursor(here: Any) -> tuple[Any, dict[str, Any]]:
    """Return the driver's own cursor where it does what Django's would, for less."""
    if here.vendor == "sqlite":
        return here.connection.cursor(sqlite3.Cursor), {}
    if not may_prepare():
        return here.cursor(), {}
    from psycopg import Cursor  # SQLite does without

    return Cursor(here.connection), {"prepare": True}


def token_key(token: uuid.UUID) -> Any:
    """Return a lease's token as the database keeps it."""
    return token if connection.features.has_native_uuid_field else token.hex

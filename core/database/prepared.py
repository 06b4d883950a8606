"""Statements that PostgreSQL keeps the plans of, on the way that guests wait for.

Planning a short statement takes PostgreSQL several times longer than running it: looking at the
door of a registration 0.6 ms instead of 0.06. A statement that runs again and again with other
values is therefore sent once a connection and from then on called by its name.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from django.db import DEFAULT_DB_ALIAS, connections

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

# After how many times psycopg prepares a statement of which nobody asked that. None would forbid
# it to prepare any.
NEVER: Final = 2**31
_PLACEHOLDER: Final = re.compile("%[%s]")


def may_prepare() -> bool:
    """Tell whether statements stay prepared: not where a pool hands out connections for the time of
    a transaction, which Django has to be told by this setting as well.
    """
    return _may_prepare(connections[DEFAULT_DB_ALIAS])


def _may_prepare(here: Any) -> bool:
    is_pooled = here.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
    return here.vendor == "postgresql" and not is_pooled


def prepared_cursor() -> CursorWrapper:
    """Return a cursor as `connection.cursor()` does, whose statements stay prepared if they may.

    One statement at a time, the same text each time; none that selects `*`: the database refuses a
    prepared statement whose columns have changed meanwhile.
    """
    here: Any = connections[DEFAULT_DB_ALIAS]
    if not _may_prepare(here):
        usual: CursorWrapper = here.cursor()
        return usual
    here.close_if_health_check_failed()
    here.ensure_connection()
    driver = here.connection
    if driver.prepare_threshold is None:
        driver.prepare_threshold = NEVER
        # psycopg gives up all that it prepared with every rollback, so with every guest who is
        # refused, for whoever made or dropped tables in it. Only migrations do that here, in
        # processes of their own; the server keeps its statements. A psycopg that is made otherwise
        # would only be slower.
        with suppress(AttributeError):
            driver._prepared.clear = _nothing_to_do  # noqa: SLF001 - there is no other way to say so
    cursor: CursorWrapper = here._prepare_cursor(_cursor_class()(driver))  # noqa: SLF001 - what `cursor()` does with its own
    return cursor


def _nothing_to_do() -> bool:
    return False


@lru_cache(maxsize=1)
def _cursor_class() -> type[Any]:
    from django.db.backends.postgresql.base import CursorMixin  # SQLite does without
    from psycopg import RawCursor

    bases: Any = RawCursor  # its overloads are of no use here

    class PreparingCursor(CursorMixin, bases):  # type: ignore[misc]  # see above
        """Prepares what it runs, and keeps how it reads with PostgreSQL's own placeholders.

        psycopg keeps that as well, but not of long statements.
        """

        def execute(self, query: str, params: Any = None, **options: Any) -> Any:
            text = query if params is None else _numbered(query)
            try:
                return super().execute(text, params, **{"prepare": True, **options})
            finally:
                # Where Django looks for what to log; psycopg says nothing of prepared ones.
                self._query = _Said(text)

    return PreparingCursor


class _Said:
    """What was sent, as psycopg would tell."""

    def __init__(self, text: str) -> None:
        self._text = text

    @property
    def query(self) -> bytes:
        return self._text.encode()


@lru_cache(maxsize=256)
def _numbered(query: str) -> str:
    """Return a statement with $1, $2… in place of each %s, and one % in place of each two."""
    numbers = count(1)
    return _PLACEHOLDER.sub(lambda found: "%" if found[0] == "%%" else f"${next(numbers)}", query)

"""SQLite lets one writer in; this is how the others wait.

SQLite itself has them sleep 1, 2, 5, 10, 15, 20, 25… ms between two looks, so that whoever met a
writer or two waits many times longer than those wrote. Here the threads of a process queue for a
lock of their own, and the one at its head looks again after half a millisecond. Work in the
background looks less often (`core.database.waiting`), so that people are let in before it.

Nothing else changes: SQLite's own lock alone decides who writes, and whoever waits longer than the
connection's `timeout` is told that the database is locked.

A transaction waits for the disk when it has let the next one in (`core.database.sqlite3.log`).
Processes that ask for it (`stand_in_line`) also take turns among each other
(`core.database.sqlite3.line`).
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from core.database.sqlite3.line import Line
from core.database.sqlite3.log import Log
from core.database.waiting import pause

_DEFAULT_TIMEOUT: Final = 5.0
# SQLite's own number of this level of `PRAGMA synchronous`.
_FULL: Final = 2
_LOCKED: Final = "database is locked"


class _Queue:
    """The line in which the writers of this process stand, and its place in that of processes."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.line: Line | None = None

    def begin_anew(self) -> None:
        """Be a child's own: it must not wait for a thread of its parent, nor hold its turn."""
        if self.line is not None:
            self.line.close()
        self.__init__()  # type: ignore[misc]


_queue: Final = _Queue()
os.register_at_fork(after_in_child=_queue.begin_anew)


def stand_in_line(database: Path) -> None:
    """Let this process take turns with others that called this, once, for the same database."""
    _queue.line = Line(database)


class _Cursor(base.SQLiteCursorWrapper):
    """Keeps how a statement reads in SQLite's own words, which Django finds out each time."""

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        if param_names is None:
            return _in_own_words(query)
        return super().convert_query(query, param_names=param_names)


@lru_cache(maxsize=512)
def _in_own_words(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions begin in turn."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: threading.Lock | None = None
        self._log: Log | None = None
        self._is_asked = False
        # Whether who commits here waits for the disk by themselves, as senders do.
        self.commits_early = False

    def create_cursor(self, name: Any = None) -> Any:
        del name
        return self.connection.cursor(factory=_Cursor)

    def _start_transaction_under_autocommit(self) -> None:
        if self.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
            return
        patience = float(self.settings_dict["OPTIONS"].get("timeout", _DEFAULT_TIMEOUT))
        began = time.monotonic()
        lock = _queue.lock
        if not lock.acquire(timeout=patience):
            raise OperationalError(_LOCKED)
        try:
            if _queue.line is not None:
                _queue.line.wait()
            begin = super()._start_transaction_under_autocommit  # type: ignore[misc]  # not in the stubs
            self._begin(begin, began, patience)
        except BaseException:
            _release(lock)
            if self._log is not None:
                self._wait_for_disk_within(commits=True)
            raise
        self._turn = lock

    def _begin(self, begin: Callable[[], None], began: float, patience: float) -> None:
        """Begin as soon as no other process writes."""
        self.connection.execute("PRAGMA busy_timeout = 0")
        self._wait_for_disk_within(commits=False)
        try:
            while True:
                try:
                    begin()
                except OperationalError as error:
                    waited = time.monotonic() - began
                    if waited > patience or not _is_busy(error):
                        raise
                    time.sleep(pause(waited))
                else:
                    return
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")

    def _wait_for_disk_within(self, *, commits: bool) -> None:
        """Say whether SQLite waits for the disk within commits or this connection after them.

        Nothing changes where the settings choose anything but FULL, or another journal.
        """
        if not self._is_asked:
            self._is_asked = True
            (level,), (journal,) = (
                self.connection.execute(f"PRAGMA {name}").fetchone()
                for name in ("synchronous", "journal_mode")
            )
            if (level, journal) == (_FULL, "wal"):
                self._log = Log(str(self.settings_dict["NAME"]))
        if self._log is not None and not self.commits_early:
            self.connection.execute(f"PRAGMA synchronous = {'FULL' if commits else 'NORMAL'}")

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # not in the stubs
        had_turn = self._turn is not None
        self._let_go()
        if had_turn and self._log is not None and not self.commits_early:
            self._log.wait_for_disk()

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]  # not in the stubs
        self._let_go()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # not in the stubs
        finally:
            log, self._log, self._is_asked = self._log, None, False
            self._let_go()
            if log is not None:
                log.close()

    def _let_go(self) -> None:
        lock, self._turn = self._turn, None
        if lock is None:
            return
        _release(lock)
        if self._log is not None:
            self._wait_for_disk_within(commits=True)


def _release(lock: threading.Lock) -> None:
    if _queue.line is not None:
        _queue.line.leave()
    lock.release()


def _is_busy(error: OperationalError) -> bool:
    code = getattr(error.__cause__, "sqlite_errorcode", 0)
    return code & 0xFF == sqlite3.SQLITE_BUSY

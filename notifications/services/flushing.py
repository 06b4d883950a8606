"""When what a sender has committed is on disk: right before a final dot, for all senders at once.

A commit in SQLite waits for the disk under the lock that every writer needs, so senders and guests
would queue for the disk one by one. A sender commits without waiting instead: others see it, and it
outlives the sender's death; only a machine that stops could forget it. A thread brings it to the
disk while the sender goes on to its mail, for all senders of the process together, and before the
final dot the sender waits for that.

On PostgreSQL sessions wait for the disk together already, and hold up nobody meanwhile.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections

from core.database.sqlite3.log import Log

logger = logging.getLogger(__name__)
# SQLite's own numbers of `PRAGMA synchronous`.
_NORMAL: Final = 1
_FULL: Final = 2


class Disk:
    """Brings a file to the disk in turns; whoever asks during one shares the next.

    Arguments:
        write: does it; what it raises is told to all who wait for that turn, as an OSError.
    """

    def __init__(self, write: Callable[[], None]) -> None:
        self._write = write
        self._begin_anew()
        # A child has none of its parent's threads.
        os.register_at_fork(after_in_child=self._begin_anew)

    def _begin_anew(self) -> None:
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._wanted = self._begun = self._done = self._failed = 0

    def ask(self) -> int:
        """Ask for a turn that begins from now on, and return its number."""
        with self._changed:
            self._wanted = self._begun + 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="disk", daemon=True)
                self._thread.start()
            self._changed.notify_all()
            return self._wanted

    def wait(self, turn: int) -> None:
        """Return when the turn has ended.

        Raises:
            OSError: when it, or one after it, failed: then nobody knows what is on disk.
        """
        with self._changed:
            while self._done < turn:
                self._changed.wait()
            if self._failed >= turn:
                raise OSError("What was committed could not be written to the disk.")

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._wanted <= self._begun:
                    self._changed.wait()
                self._begun = turn = self._wanted
            went_well = False
            try:
                self._write()
                went_well = True
            except Exception:  # whatever it was: who waits is told, and later turns are tried
                logger.exception("What senders have committed could not be written to the disk")
            with self._changed:
                self._done = turn
                self._failed = self._failed if went_well else turn
                self._changed.notify_all()


def _write() -> None:
    log = Log(str(connection.settings_dict["NAME"]))
    try:
        log.wait_for_disk()
    finally:
        log.close()  # it is another file when all connections have been closed


class _Here(threading.local):
    """What this thread has committed early: the turn that brings it to the disk."""

    is_early = False
    turn = 0


_disk: Final = Disk(_write)
_here: Final = _Here()


@contextmanager
def committing_early() -> Iterator[None]:
    """Let this thread's commits not wait for the disk: `flush` does, and the end of the block.

    Nothing changes inside a transaction, nor where somebody chose for themselves what waits.
    """
    if not _may_commit_early():
        yield
        return
    wrapper: Any = connections[DEFAULT_DB_ALIAS]
    ours = wrapper.connection
    _wait_for_disk(_NORMAL)
    _here.is_early = wrapper.commits_early = True
    try:
        yield
    finally:
        _here.is_early = wrapper.commits_early = False
        if connection.connection is ours:
            try:
                _wait_for_disk(_FULL)
            except DatabaseError:
                connection.close()  # a new one waits
        _disk.wait(_disk.ask())


def begin_flush() -> None:
    """Have all that this thread has committed early brought to the disk, and go on."""
    if _here.is_early:
        _here.turn = _disk.ask()


def end_flush() -> None:
    """Return once all is on disk that this thread had committed when it last called `begin_flush`.

    Raises:
        OSError: when the disk does not take it.
    """
    if _here.is_early:
        _disk.wait(_here.turn)


def _may_commit_early() -> bool:
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return False
    return bool(_ask("synchronous") == _FULL and _ask("journal_mode") == "wal")


def _ask(name: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        (answer,) = cursor.fetchone()
    return answer


def _wait_for_disk(level: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous = {level}")

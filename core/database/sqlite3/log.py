"""The write-ahead log of a database, brought to the disk after a commit instead of within it.

With `synchronous=FULL` SQLite waits for the disk while it holds the lock that every writer needs.
A connection that commits with NORMAL and then syncs the log itself waits as long, but the next one
writes meanwhile, and the kernel brings the commits of several to the disk together. What a commit
has read of others stands before it in the log, so it is on disk as well.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.db.utils import OperationalError

_to_disk: Final[Callable[[int], None]] = getattr(os, "fdatasync", os.fsync)


class Log:
    """The log of a database, for one connection that is open on it and so keeps it there."""

    def __init__(self, database: str) -> None:
        self._name = f"{Path(database).resolve()}-wal"
        self._file: int | None = None

    def wait_for_disk(self) -> None:
        """Return when all that stands in the log is on disk.

        Raises:
            OperationalError: when the disk does not take it.
        """
        try:
            if self._file is None:
                self._file = os.open(self._name, os.O_RDONLY | os.O_CLOEXEC)
            _to_disk(self._file)
        except FileNotFoundError:
            return  # all of it is in the database itself
        except OSError as error:
            raise OperationalError(
                "What was committed could not be brought to the disk."
            ) from error

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

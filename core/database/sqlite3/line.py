"""The line in which the web server's processes stand before a SQLite database.

The threads of a process hand its turn on among themselves so quickly that another process, which
looks every millisecond whether the database is free, finds it taken for as long as they have work:
half of the processors then rest in a rush. Here the kernel wakes whoever is next as soon as the one
before has finished.

Two files beside the database are locked with flock(2), which the kernel undoes when a process dies:
who has the turn, and who has it next. As only the next one waits for the turn, nobody is passed by.
It is a courtesy: SQLite's own lock alone decides who writes, and others need not know of the line.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Final

_FILES: Final = ("-next", "-turn")


class Line:
    """A process's place in the line. One thread of it at a time uses it."""

    def __init__(self, database: Path) -> None:
        names = [f"{database}{ending}" for ending in _FILES]
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        self._next, self._turn = (os.open(name, flags, 0o600) for name in names)

    def wait(self) -> None:
        """Wait until it is our turn: for as long as those before us write."""
        fcntl.flock(self._next, fcntl.LOCK_EX)
        try:
            fcntl.flock(self._turn, fcntl.LOCK_EX)
        finally:
            fcntl.flock(self._next, fcntl.LOCK_UN)

    def leave(self) -> None:
        """Let the next one have the turn; to leave without having it is fine."""
        fcntl.flock(self._turn, fcntl.LOCK_UN)

    def close(self) -> None:
        for descriptor in (self._next, self._turn):
            os.close(descriptor)

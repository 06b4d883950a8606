"""A kept connection: whether it is still there, and that its plans fit the tables of today.

Django asks `SELECT 1` before the first query of every request, which costs as much as a twentieth
of a registration. A server that ended, restarted or threw us out has closed its end of the
connection, and the kernel says that for nothing. Only what the kernel may not know, such as a
network that went away silently, has to be asked: where a connection rested for a second.

Plans that PostgreSQL keeps (of `core.database.prepared`, and its own of foreign keys) were made for
tables as they were then. Before a rush those are small, and reading all of one is as good as its
index; then every registration reads all that were before it, until autovacuum has come, which it
does once a minute. So a connection forgets its plans whenever it has served twice as many requests
as when it did so last.
"""

from __future__ import annotations

import select
import time
from typing import Any, Final

from django.db.backends.postgresql import base

# For so long after a request without faults a connection is believed to work.
_RESTED_SECONDS: Final = 1.0
# After so many requests plans are forgotten for the first time.
_FIRST_PLANS: Final = 32


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is asked whether it works only where that is not known."""

    health_check_enabled: bool
    health_check_done: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._worked_at: float | None = None
        self._served, self._forgets_at = 0, _FIRST_PLANS

    def connect(self) -> None:
        self._worked_at = None
        self._served, self._forgets_at = 0, _FIRST_PLANS
        super().connect()

    def close_if_health_check_failed(self) -> None:
        if self.connection is None or self.health_check_done or not self.health_check_enabled:
            return
        if self._works_still():
            self.health_check_done = True
            return
        super().close_if_health_check_failed()

    def close_if_unusable_or_obsolete(self) -> None:
        # Between two requests. Whoever was asked, or believed, was used since the last time.
        if self.health_check_done:
            self._served += 1
            self._worked_at = None if self.errors_occurred else time.monotonic()
        super().close_if_unusable_or_obsolete()
        if self._served >= self._forgets_at and self._worked_at is not None:
            self._forget_plans()

    def _forget_plans(self) -> None:
        self._forgets_at *= 2
        if self.connection is None or self.in_atomic_block:
            return
        try:
            self.connection.execute("DISCARD PLANS")
        except self.Database.Error:
            self._worked_at = None  # whoever comes next asks

    def _works_still(self) -> bool:
        """Tell whether the connection worked a moment ago and nothing came from the server since:
        its last word, if it had one, would stand there to be read.
        """
        if self._worked_at is None or time.monotonic() > self._worked_at + _RESTED_SECONDS:
            return False
        try:
            socket = select.poll()
            socket.register(self.connection.fileno(), select.POLLIN)
            return not socket.poll(0)
        except self.Database.Error:  # closed by us
            return False

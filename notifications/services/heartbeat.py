"""A sender's leases are renewed while it works, by a thread of their own."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from types import TracebackType
from typing import Self

from django.db import DatabaseError, connection

from notifications.services.claiming import renew
from notifications.services.limits import Limits

logger = logging.getLogger(__name__)


def uptime() -> float:
    """Return seconds that go on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Heartbeat:
    """Renews the leases of one claim after the other; `is_alive` says whether they surely hold.

    Between two renewals the sender trusts its own stopwatch, started before the database was asked:
    it can only think that it lost a lease too early, never too late.
    """

    def __init__(self, figures: Limits) -> None:
        self.figures = figures
        self._token: uuid.UUID | None = None
        self._good_until = 0.0
        self._end = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="lease-heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end.set()
        # A database that does not answer must not hold the sender; the thread ends with it.
        self._thread.join(self.figures.command)

    def watch(self, token: uuid.UUID, since: float) -> None:
        """Renew the leases under this token, which were taken after `since` (by `uptime`)."""
        with self._lock:
            self._token, self._good_until = token, since + self.figures.lease

    def rest(self) -> None:
        """Renew nothing for now."""
        with self._lock:
            self._token = None

    def is_alive(self) -> bool:
        """Tell whether the present leases surely hold."""
        return self._token is not None and uptime() < self._good_until

    def _run(self) -> None:
        try:
            while not self._end.wait(self.figures.heartbeat):
                self._beat()
        finally:
            connection.close()

    def _beat(self) -> None:
        token = self._token
        if token is None:
            return
        began = uptime()
        try:
            held = renew(token, self.figures)
        except DatabaseError:
            logger.warning("Leases could not be renewed; they may run out", exc_info=True)
            connection.close()
            return
        with self._lock:
            if held and token == self._token:
                self._good_until = began + self.figures.lease

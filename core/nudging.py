"""Waking a worker after a commit: a nudge that nobody waits for, and that may get lost.

The database is the truth; what no nudge reached a sweeper finds.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from celery import current_app
from kombu import Connection
from kombu.pools import ProducerPool

logger = logging.getLogger(__name__)
# A nudge that nobody took for so long has been overtaken by the sweeper's.
_EXPIRES: Final = 60
_PRODUCERS: Final = 16
_quiet_until: list[float] = [0.0]


def nudge(task: Any, number: int = 1, *, timeout: float = 0.2, pause: float = 15.0) -> None:
    """Ask workers to run a task so many times; give up at once when the broker does not answer.

    Arguments:
        timeout: how many seconds a nudge may take.
        pause: for how many none is tried after one that failed.
    """
    if time.monotonic() < _quiet_until[0]:
        return
    try:
        with _producers(os.getpid(), _broker_url(), timeout).acquire(
            block=True, timeout=timeout
        ) as producer:
            for _ in range(number):
                task.apply_async(producer=producer, retry=False, expires=_EXPIRES)
    except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, work waits safely
        _quiet_until[0] = time.monotonic() + pause
        logger.warning("No nudge reached the workers; the sweeper will: %s", error)


class Bell:
    """Rings at once; pulled again while that is fresh, it rings once more when it no longer is.

    Of a rush's hundreds of commits a second a worker that is awake needs to hear a few. The last
    pull is always followed by a ring.
    """

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._lock = threading.Lock()
        self._pid = 0
        self._rang = 0.0
        self._is_to_ring = False

    def pull(self, spacing: float) -> None:
        """Ring now, or in a thread when the last ring is `spacing` seconds ago."""
        with self._lock:
            if self._pid != os.getpid():  # a forked child has none of its parent's threads
                self._pid, self._rang, self._is_to_ring = os.getpid(), float("-inf"), False
            if self._is_to_ring:
                return
            wait = self._rang + spacing - time.monotonic()
            if wait > 0:
                self._is_to_ring = True
                # Not a daemon: a process that ends meanwhile waits for it.
                threading.Timer(wait, self._ring_late).start()
                return
            self._rang = time.monotonic()
        self._ring()

    def _ring_late(self) -> None:
        with self._lock:
            self._is_to_ring = False
            self._rang = time.monotonic()
        self._ring()


def _broker_url() -> str:
    return str(current_app.conf.broker_url)


@lru_cache(maxsize=4)
def _producers(pid: int, url: str, timeout: float) -> Any:
    """Return connections for nudges only: impatient, and of this process alone."""
    del pid  # a forked child must not share its parent's sockets
    options = {"socket_timeout": timeout, "socket_connect_timeout": timeout, "max_retries": 0}
    connection = Connection(url, transport_options=options, connect_timeout=timeout)
    return ProducerPool(connections=connection.Pool(_PRODUCERS), limit=_PRODUCERS)

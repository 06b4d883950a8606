"""Asking for the clock's tasks, as long as somebody takes them.

A task that nobody took in time is not void after a moment on the clock: machines' clocks differ,
and a scheduler that is a minute slow would then ask for nothing at all. Instead none is added while
many wait.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any, Final

from celery.beat import PersistentScheduler
from kombu.exceptions import ChannelError

logger = logging.getLogger(__name__)

# A quarter of an hour's tasks, of which nearly all find nothing to do.
MOST_WAITING: Final = 100
SELDOM: Final = dt.timedelta(hours=1)


class Scheduler(PersistentScheduler):
    """Celery's own; it leaves a round out where its queue is full."""

    def apply_async(  # Celery's signature
        self,
        entry: Any,
        producer: Any = None,
        advance: bool = True,  # noqa: FBT001, FBT002
        **kwargs: Any,
    ) -> Any:
        if producer is not None and self._would_pile_up(producer, entry):
            logger.warning("Not asked for again while %d tasks wait: %s", MOST_WAITING, entry.task)
            return None
        return super().apply_async(entry, producer=producer, advance=advance, **kwargs)

    def _would_pile_up(self, producer: Any, entry: Any) -> bool:
        # What is asked for once in an hour or a day is not left out: it would wait for the next.
        every = getattr(entry.schedule, "run_every", None)
        if every is not None and every >= SELDOM:
            return False
        return self._waiting(producer, entry) >= MOST_WAITING

    def _waiting(self, producer: Any, entry: Any) -> int:
        queue = self.app.amqp.router.route({}, entry.task)["queue"].name
        try:
            return int(producer.channel.queue_declare(queue, passive=True).message_count)
        except ChannelError:
            return 0  # Redis keeps no queue that is empty

"""Asking for the clock's tasks, as long as somebody takes them.

A task that nobody took in time is not void after a moment on the clock: machines' clocks differ,
and a scheduler that is a minute slow would then ask for nothing at all. Instead none is added while
many wait.
"""

from __future__ import annotations

from typing import Any, Final

from celery.beat import PersistentScheduler
from kombu.exceptions import ChannelError

# A quarter of an hour's tasks, of which nearly all find nothing to do.
MOST_WAITING: Final = 100


class Scheduler(PersistentScheduler):
    """Celery's own; it leaves a round out where its queue is full."""

    def apply_async(  # Celery's signature
        self,
        entry: Any,
        producer: Any = None,
        advance: bool = True,  # noqa: FBT001, FBT002
        **kwargs: Any,
    ) -> Any:
        if producer is not None and self._waiting(producer, entry) >= MOST_WAITING:
            return None
        return super().apply_async(entry, producer=producer, advance=advance, **kwargs)

    def _waiting(self, producer: Any, entry: Any) -> int:
        queue = self.app.amqp.router.route({}, entry.task)["queue"].name
        try:
            return int(producer.channel.queue_declare(queue, passive=True).message_count)
        except ChannelError:
            return 0  # Redis keeps no queue that is empty

"""A cache whose failure is a miss: Redis down breaks neither registration nor reading."""

from __future__ import annotations

import logging
import pickle
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Final, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)
T = TypeVar("T")
PAUSE_SECONDS: Final = 15.0
# Redis also holds Celery's queue, so nothing of the cache may stay for ever and fill it.
LONGEST_SECONDS: Final = 86_400
# Counters of tries go on in this process's memory while Redis is away: limits never switch off.
COUNTER_PREFIXES: Final = ("throttle:", "allauth:rl:")
# What unpickling raises for a value that another version of Lectern wrote.
_UNREADABLE: Final = (
    pickle.UnpicklingError,
    AttributeError,
    EOFError,
    ImportError,
    IndexError,
    TypeError,
    ValueError,
)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache that treats errors as misses and then leaves Redis alone for 15 s."""

    # For the whole process: every thread has a cache object of its own.
    _silent_until: ClassVar[float] = 0.0

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        # redis-py's own retries would make the first request after a failure wait for seconds.
        options = {"retry": Retry(NoBackoff(), 0), **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})
        self._memory = LocMemCache("counters", {"OPTIONS": {"MAX_ENTRIES": 10_000}})

    def _try(self, call: Callable[[], T], otherwise: Callable[[], T]) -> T:
        if time.monotonic() < ForgivingRedisCache._silent_until:
            return otherwise()
        try:
            return call()
        except (RedisError, OSError) as error:
            ForgivingRedisCache._silent_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("The cache is away, %s s without it: %s", PAUSE_SECONDS, error)
            return otherwise()

    def get_backend_timeout(self, timeout: Any = DEFAULT_TIMEOUT) -> int:
        seconds = super().get_backend_timeout(timeout)
        return LONGEST_SECONDS if seconds is None else min(int(seconds), LONGEST_SECONDS)

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return self._try(
            lambda: super(ForgivingRedisCache, self).add(key, value, timeout, version),
            lambda: not _counts(key) or self._memory.add(key, value, timeout, version),
        )

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        def read() -> Any:
            try:
                return super(ForgivingRedisCache, self).get(key, default, version)
            except _UNREADABLE:
                return default

        return self._try(
            read, lambda: self._memory.get(key, default, version) if _counts(key) else default
        )

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._try(
            lambda: super(ForgivingRedisCache, self).set(key, value, timeout, version),
            lambda: self._memory.set(key, value, timeout, version) if _counts(key) else None,
        )

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._try(
            lambda: super(ForgivingRedisCache, self).touch(key, timeout, version), lambda: False
        )

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._try(
            lambda: super(ForgivingRedisCache, self).delete(key, version),
            lambda: _counts(key) and self._memory.delete(key, version),
        )

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return self._try(
            lambda: super(ForgivingRedisCache, self).incr(key, delta, version),
            lambda: self._memory.incr(key, delta, version) if _counts(key) else delta,
        )

    def has_key(self, key: str, version: int | None = None) -> bool:
        return self._try(
            lambda: super(ForgivingRedisCache, self).has_key(key, version), lambda: False
        )

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        wanted = list(keys)

        def read() -> dict[str, Any]:
            try:
                return super(ForgivingRedisCache, self).get_many(wanted, version)
            except _UNREADABLE:
                return {}

        return self._try(read, dict[str, Any])

    def set_many(
        self, data: Mapping[str, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[Any]:
        return self._try(
            lambda: super(ForgivingRedisCache, self).set_many(dict(data), timeout, version),
            list[Any],
        )

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        wanted = list(keys)
        self._try(
            lambda: super(ForgivingRedisCache, self).delete_many(wanted, version), lambda: None
        )

    def clear(self) -> None:
        """Forget what the cache holds, and only that: Celery's queue lives in the same database."""

        def forget() -> None:
            client = self._cache.get_client(None, write=True)
            for key in client.scan_iter(match=f"{self.key_prefix}:*", count=500):
                client.delete(key)

        self._try(forget, lambda: None)
        self._memory.clear()


def _counts(key: str) -> bool:
    return key.startswith(COUNTER_PREFIXES)

"""A cache whose failure is a miss: Redis down breaks neither registration nor reading."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

T = TypeVar("T")
PAUSE_SECONDS = 15.0


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache that treats errors as misses and then leaves Redis alone for 15 s."""

    _silent_until = 0.0

    def _try(self, call: Callable[[], T], otherwise: T) -> T:
        if time.monotonic() < ForgivingRedisCache._silent_until:
            return otherwise
        try:
            return call()
        except (RedisError, OSError):
            ForgivingRedisCache._silent_until = time.monotonic() + PAUSE_SECONDS
            return otherwise

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._try(
            lambda: super(ForgivingRedisCache, self).add(*args, **kwargs), otherwise=True
        )

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(
            lambda: super(ForgivingRedisCache, self).get(key, default, version), otherwise=default
        )

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._try(lambda: super(ForgivingRedisCache, self).set(*args, **kwargs), otherwise=None)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self._try(
            lambda: super(ForgivingRedisCache, self).touch(*args, **kwargs), otherwise=False
        )

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._try(
            lambda: super(ForgivingRedisCache, self).delete(*args, **kwargs), otherwise=False
        )

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        return self._try(
            lambda: super(ForgivingRedisCache, self).get_many(*args, **kwargs), otherwise={}
        )

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        return self._try(
            lambda: super(ForgivingRedisCache, self).set_many(*args, **kwargs), otherwise=[]
        )

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return self._try(
            lambda: super(ForgivingRedisCache, self).has_key(*args, **kwargs), otherwise=False
        )

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return self._try(
            lambda: super(ForgivingRedisCache, self).incr(key, delta, version), otherwise=delta
        )

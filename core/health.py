"""What must be in order for Lectern to work. Apps above register what they know."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import redis
from django.conf import settings
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)
REDIS_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Health:
    """One finding.

    Arguments:
        ok: whether it is in order.
        detail: a few words for the operator; nothing personal, nothing secret.
        value: a figure to watch, if there is one (seconds, rows).
    """

    ok: bool
    detail: str
    value: float | None = None


Check = Callable[[], Health]
_checks: dict[str, Check] = {}


def register_check(name: str, check: Check) -> None:
    """Ask `check` at each /readyz and scrape; the same name again replaces the former one."""
    _checks[name] = check


def run_checks() -> Mapping[str, Health]:
    """Ask all; a check that fails is a finding, not an error."""
    return {name: _ask(name, check) for name, check in _checks.items()}


def _ask(name: str, check: Check) -> Health:
    try:
        return check()
    except Exception:
        logger.exception("The check of %s failed", name)
        return Health(ok=False, detail="does not answer")


def check_database() -> Health:
    """Ask the database for one row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return Health(ok=True, detail=connection.vendor)


@lru_cache(maxsize=1)
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=REDIS_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


def check_redis() -> Health:
    """Ask Redis for a sign of life."""
    try:
        _redis(settings.REDIS_URL).ping()
    except (redis.RedisError, OSError):
        return Health(ok=False, detail="does not answer; mail waits for the sweeper")
    return Health(ok=True, detail="answers")


register_check("database", check_database)
register_check("redis", check_redis)

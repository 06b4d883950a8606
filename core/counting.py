"""How often something was tried lately: atomic, so that parallel tries are all counted.

Not a security feature by itself (counters may be lost with Redis); limits that matter stand in the
database. While Redis is away each process counts in its own memory (core.cache).
"""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.cache import cache


@dataclass(frozen=True, slots=True)
class Tries:
    """How many tries this window has seen, this one included, and when the next one begins."""

    number: int
    seconds_left: int


def count_try(what: str, seconds: int) -> Tries:
    """Count one try of `what` in the present window of `seconds`."""
    now = time.time()
    window = int(now // seconds)
    key = f"throttle:{what}:{window}"
    # Made first where it is missing, then raised by the server itself: two parallel tries are two.
    cache.add(key, 0, timeout=2 * seconds)
    try:
        number = cache.incr(key)
    except ValueError:  # the cache was emptied between the two calls
        cache.add(key, 1, timeout=2 * seconds)
        number = 1
    return Tries(number, max(1, int((window + 1) * seconds - now) + 1))


def tries_so_far(what: str, seconds: int) -> Tries:
    """Return the tries of the present window without counting one."""
    now = time.time()
    window = int(now // seconds)
    number = cache.get(f"throttle:{what}:{window}") or 0
    return Tries(int(number), max(1, int((window + 1) * seconds - now) + 1))


class _HasMeta(Protocol):
    """A request of Django or of DRF."""

    @property
    def META(self) -> dict[str, Any]: ...  # noqa: N802 - Django's name


def client_of(request: _HasMeta) -> str:
    """Return whom a limit by address means: an IPv4 address, or an IPv6 client's /64."""
    given = request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return "local"  # a Unix socket without a trusted proxy's word
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.IPv6Network((address, 64), strict=False).network_address)
    return str(address)

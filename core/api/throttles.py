"""How often one caller may ask. Not a security feature: limits that matter stand in the database."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class CallerThrottle(SimpleRateThrottle):
    """By token, else by the client's address as the trusted proxy (if any) gave it.

    X-Forwarded-For never counts by itself: TrustedProxyMiddleware has already removed it.
    """

    scope = "caller"
    cache = cache

    def allow_request(self, request: Request, view: Any) -> bool:
        token = getattr(request.user, "token", None)
        self.scope = getattr(view, "throttle_scope", None) or ("caller" if token else "anonymous")
        self.rate = self.THROTTLE_RATES[self.scope]  # type: ignore[assignment]  # a rate for each scope
        self.num_requests, self.duration = self.parse_rate(self.rate)
        return super().allow_request(request, view)

    def get_rate(self) -> Any:
        return "1/s"  # replaced for each request above

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        token = getattr(request.user, "token", None)
        ident = f"token-{token.pk}" if token else request.META.get("REMOTE_ADDR", "")
        return f"throttle:{self.scope}:{ident}"

"""How often one caller may ask the API."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from core.counting import client_of, count_try

_SECONDS = {"sec": 1, "min": 60, "hour": 3600}


class CallerThrottle(BaseThrottle):
    """By token, else by the client's address as the trusted proxy (if any) gave it.

    A view names the rate that it falls under in `throttle_scope` (for all methods) or in
    `throttle_scopes` (by method); otherwise tokens have one rate and everybody else another.
    """

    def __init__(self) -> None:
        self._wait: float | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        token = getattr(request.user, "token", None)
        scope = (
            getattr(view, "throttle_scopes", {}).get(request.method)
            or getattr(view, "throttle_scope", None)
            or ("caller" if token else "anonymous")
        )
        number, _, period = str(api_settings.DEFAULT_THROTTLE_RATES[scope]).partition("/")
        caller = f"token-{token.pk}" if token else client_of(request)
        tries = count_try(f"{scope}:{caller}", _SECONDS[period])
        self._wait = tries.seconds_left
        return tries.number <= int(number)

    def wait(self) -> float | None:
        return self._wait

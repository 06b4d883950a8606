"""The Content-Security-Policy of nearly all answers: put together once, not each time anew."""

from __future__ import annotations

from functools import cache
from typing import Final

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.core.signals import setting_changed
from django.http import HttpRequest, HttpResponseBase

# What a view may have said of its own answer, by the decorators of django-csp.
_OF_THE_VIEW: Final = frozenset(
    {"_csp_config", "_csp_update", "_csp_replace", "_csp_exempt", "_csp_config_ro"}
    | {"_csp_update_ro", "_csp_replace_ro", "_csp_exempt_ro"}
)


class KeptCSPMiddleware(CSPMiddleware):
    """Says the policy of the settings wherever nobody said anything else of an answer."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_plain = _OF_THE_VIEW.isdisjoint(vars(response)) and HEADER not in response
        if not is_plain or getattr(request, "_csp_nonce", None) is not None or settings.DEBUG:
            return super().process_response(request, response)
        policy = _policy()
        if policy is None:
            return super().process_response(request, response)
        response[HEADER] = policy
        return response


@cache
def _policy() -> str | None:
    """Return the policy of the settings; None where they say more than that."""
    given = getattr(settings, "CONTENT_SECURITY_POLICY", None) or {}
    only_reported = getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None)
    if set(given) != {"DIRECTIVES"} or only_reported:
        return None
    return build_policy()


def _forget(*, setting: str, **_kwargs: object) -> None:
    if setting.startswith("CONTENT_SECURITY_POLICY"):
        _policy.cache_clear()


setting_changed.connect(_forget)

"""Whether Lectern is alive, in order, and how busy: for supervisors, balancers and monitoring."""

from __future__ import annotations

import hmac
import ipaddress

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.health import run_checks
from core.metrics import exposition


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; asks nothing and nobody else."""
    del request
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether all that Lectern needs is in order: 200, else 503 with what is not."""
    del request
    health = run_checks()
    ready = all(found.ok for found in health.values())
    checks = {
        name: {"ok": found.ok, "detail": found.detail}
        | ({} if found.value is None else {"value": found.value})
        for name, found in health.items()
    }
    return JsonResponse(
        {"status": "ready" if ready else "not ready", "checks": checks},
        status=200 if ready else 503,
    )


def _is_this_machine(request: HttpRequest) -> bool:
    """Tell whether the caller is a program on this machine, not a proxy that speaks for another."""
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback and not request.META.get("lectern.forwarded", False)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the figures to this machine, and elsewhere to who knows METRICS_TOKEN."""
    if not _is_this_machine(request):
        if not settings.METRICS_TOKEN:
            raise Http404
        expected = f"Bearer {settings.METRICS_TOKEN}".encode()
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, expected):
            answer = HttpResponse("A token is needed.\n", status=401, content_type="text/plain")
            answer["WWW-Authenticate"] = "Bearer"
            return answer
    text, content_type = exposition()
    return HttpResponse(text, content_type=content_type)

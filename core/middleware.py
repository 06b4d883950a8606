"""What happens around every request."""

from __future__ import annotations

import ipaddress
import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from core.errors import DomainError
from core.logging import request_id
from core.problems import problem_body

Handler = Callable[[HttpRequest], HttpResponse]
_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,40}$")


class RequestIdMiddleware:
    """Gives each request an id that stands in the log, in audit entries and in the answer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        token = request_id.set(given if _REQUEST_ID.match(given) else uuid.uuid4().hex)
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = request_id.get()
            return response
        finally:
            request_id.reset(token)


class TrustedProxyMiddleware:
    """Takes the client's address and scheme from X-Forwarded-* only when a trusted proxy says so."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.networks = [ipaddress.ip_network(n, strict=False) for n in settings.TRUSTED_PROXIES]

    def _trusted(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.networks)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._trusted(request.META.get("REMOTE_ADDR", "")):
            # The rightmost address that is not one of our proxies is the client.
            for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
                address = hop.strip()
                if address and not self._trusted(address):
                    request.META["REMOTE_ADDR"] = address
                    break
            if request.headers.get("X-Forwarded-Proto") == "https":
                request.META["wsgi.url_scheme"] = "https"
        request.META.pop("HTTP_X_FORWARDED_FOR", None)
        request.META.pop("HTTP_X_FORWARDED_HOST", None)
        return self.get_response(request)


class SecurityHeadersMiddleware:
    """Headers that Django does not set: what the page may use of the device."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class BodyLimitMiddleware:
    """Refuses a body over BODY_LIMIT before anything reads it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.BODY_LIMIT:
            refusal = DomainError("too-large", "This is larger than Lectern takes (2 MB).")
            return answer_refusal(request, refusal)
        return self.get_response(request)


class DomainErrorMiddleware:
    """Turns a refusal that no view caught into an answer: a page, or problem+json below /api/."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DomainError):
            return answer_refusal(request, exception)
        return None


def answer_refusal(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """Return the page or the problem document that says why not."""
    response: HttpResponse
    if request.path.startswith("/api/"):
        response = JsonResponse(
            problem_body(refusal), status=refusal.status, content_type="application/problem+json"
        )
    else:
        template = "404.html" if refusal.kind == "not-found" else "refused.html"
        response = render(request, template, {"refusal": refusal}, status=refusal.status)
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response

"""What happens around every request."""

from __future__ import annotations

import io
import ipaddress
import logging
import re
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import translation

from core.errors import DomainError, busy
from core.logging import request_id
from core.metrics import count_request
from core.problems import problem_body

logger = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,40}")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)


class HeadMiddleware:
    """Answers HEAD with the headers alone; views need not know of it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "HEAD" and not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response


class RequestIdMiddleware:
    """Gives each request an id that stands in the log, in audit entries and in the answer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        own_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(own_id)
        request.lectern_id = own_id  # type: ignore[attr-defined]  # for core.logging
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = own_id
            return response
        finally:
            request_id.reset(token)


class TrustedProxyMiddleware:
    """Takes the client's address and scheme from X-Forwarded-* only at a trusted proxy's word."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.networks = [ipaddress.ip_network(n, strict=False) for n in settings.TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        if self._trusted(_address(meta.get("REMOTE_ADDR", ""))):
            client = self._client(meta.get("HTTP_X_FORWARDED_FOR", ""))
            if client is not None:
                meta["REMOTE_ADDR"] = str(client)
            # The nearest proxy speaks last.
            if meta.get("HTTP_X_FORWARDED_PROTO", "").rsplit(",", 1)[-1].strip() == "https":
                meta["wsgi.url_scheme"] = "https"
        elif any(name in meta for name in _FORWARDED):
            # A proxy that nobody told us about: whoever comes through it is not this machine.
            meta["lectern.forwarded"] = True
        for name in _FORWARDED:
            meta.pop(name, None)
        return self.get_response(request)

    def _trusted(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address | None) -> bool:
        return address is not None and any(address in network for network in self.networks)

    def _client(self, header: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        """Return the rightmost hop that is not a proxy of ours; left of it anybody may write."""
        for hop in reversed(header.split(",")):
            address = _address(hop.strip())
            if address is None:
                return None
            if not self._trusted(address):
                return address
        return None


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Read an address that may carry a port or brackets, as some proxies write it."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


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


class MetricsMiddleware:
    """Counts requests by the name of their route; static files stand outside."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        route = (match.view_name if match else None) or "none"
        count_request(
            route, request.method or "", response.status_code, time.perf_counter() - began
        )
        return response


class BodyLimitMiddleware:
    """Refuses a body over BODY_LIMIT before anything keeps it; bodies in chunks are read here.

    Django takes a request without a Content-Length for one without a body, so a body that came in
    chunks would silently be dropped. What is refused is read to its end and thrown away, up to a
    bound: a connection closed on a sender in mid-sentence would hide the refusal from them.
    """

    most_thrown_away = 32 * 1024 * 1024

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit = self._limit(request)
        length = request.headers.get("content-length") or "0"
        if length.isdigit() and int(length[:12]) > limit:
            self._throw_away(request, int(length[:12]))
            return self._refuse(request, limit)
        if "chunked" in request.headers.get("transfer-encoding", "").lower():
            body = self._read_chunks(request, limit)
            if len(body) > limit:
                self._throw_away(request, self.most_thrown_away)
                return self._refuse(request, limit)
            request.META["CONTENT_LENGTH"] = str(len(body))
            request._stream = io.BytesIO(body)  # noqa: SLF001 - where Django reads from
        return self.get_response(request)

    @staticmethod
    def _limit(request: HttpRequest) -> int:
        """Return how large the body may be: more only for a file, where one is asked for."""
        if request.content_type == "multipart/form-data":
            with suppress(Resolver404):
                if resolve(request.path_info).url_name in settings.UPLOAD_ROUTES:
                    return int(settings.UPLOAD_LIMIT)
        return int(settings.BODY_LIMIT)

    @staticmethod
    def _read_chunks(request: HttpRequest, limit: int) -> bytes:
        if not request.META.get("wsgi.input_terminated"):
            return b""
        body: bytes = request.META["wsgi.input"].read(limit + 1)
        return body

    def _throw_away(self, request: HttpRequest, length: int) -> None:
        if length > self.most_thrown_away:
            return
        with suppress(OSError):  # who has hung up needs no answer
            while length > 0 and (piece := request.META["wsgi.input"].read(min(length, 65536))):
                length -= len(piece)

    @staticmethod
    def _refuse(request: HttpRequest, limit: int) -> HttpResponse:
        megabytes = limit // (1024 * 1024)
        detail = f"This is larger than Lectern takes ({megabytes} MB)."
        return answer_refusal(request, DomainError("too-large", detail))


class PlainTextMiddleware:
    """Refuses NUL characters in addresses and forms: nobody types them, PostgreSQL has no room.

    JSON bodies are refused by their parser (core.api.parsers).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return self._refuse(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        del view, args, kwargs
        is_form = request.method == "POST" and request.content_type in _FORMS
        try:
            if is_form and not request.path.startswith("/api/") and _holds_nul(request):
                return self._refuse(request)
        except RequestDataTooBig:  # where files may come along, it is the text that is too long
            detail = translation.gettext("This is more text than Lectern takes.")
            return answer_refusal(request, DomainError("too-large", detail))
        return None

    @staticmethod
    def _refuse(request: HttpRequest) -> HttpResponse:
        detail = translation.gettext("This holds a NUL character, which no text has.")
        return answer_refusal(request, DomainError("validation-failed", detail))


def _holds_nul(request: HttpRequest) -> bool:
    return any(
        "\x00" in text for name in request.POST for text in [name, *request.POST.getlist(name)]
    )


class DomainErrorMiddleware:
    """Turns a refusal that no view caught into an answer: a page, or problem+json below /api/.

    A database that does not answer or is too busy is told with 503, not as a fault.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DomainError):
            return answer_refusal(request, exception)
        if isinstance(exception, OperationalError | InterfaceError):
            logger.error("The database did not answer: %s", exception)
            return answer_refusal(request, busy())
        return None


def answer_refusal(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """Return the page or the problem document that says why not."""
    response: HttpResponse
    with translation.override(getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)):
        response = _refusal_page(request, refusal)
    response["Cache-Control"] = "no-store"
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response


def _refusal_page(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    if request.path.startswith("/api/"):
        # Byte by byte what the API's own views answer.
        return JsonResponse(
            problem_body(refusal),
            status=refusal.status,
            content_type="application/problem+json",
            json_dumps_params={"separators": (",", ":"), "ensure_ascii": False},
        )
    if refusal.kind == "not-found":
        return render(request, "404.html", status=404)
    # Without the request: this page needs no session, and so no database.
    page = render_to_string("refused.html", {"refusal": refusal})
    return HttpResponse(page, status=refusal.status)

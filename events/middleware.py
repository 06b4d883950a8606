"""Public pages that this process has at hand, answered before anything else is looked at.

Only what holds nothing of one reader is kept (events.services.keeping): no cookie is read and none
is set, so nothing of the session, the sign-in or the forms has to run. Headers are kept with the
page, and requests are counted as all others are.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Hashable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe

from core.metrics import count_request
from core.text import LANGUAGES
from events.services.keeping import KEPT, Kept, KeptAnswer, keep_answer, kept_answer

Handler = Callable[[HttpRequest], HttpResponse]
# What our own links ask for: one day, track, room or zone, and a language behind it. A view keeps
# nothing of what is not there (events.views.public.serving), so there are as many of them as there
# are days, tracks, rooms and zones; and all that is kept together has its bounds.
_QUERY = re.compile(
    r"(?:(?:day|track|room|zone)=[A-Za-z0-9_%/+-]{1,64})?"
    rf"(?:(?:^|&)lang=(?:{'|'.join(map(re.escape, LANGUAGES))}))?"
)
# A header of a hundred characters is enough for any browser's languages.
_LONGEST = 100
_OK = 200
_NOT_MODIFIED = 304
# What an answer without a body says of the page.
_OF_THE_BODY = frozenset({"content-type", "content-encoding", "content-length"})


class KeptPageMiddleware:
    """Answers again what was answered to a request that asked alike, while it holds."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _key(request)
        if key is None:
            return self.get_response(request)
        began = time.perf_counter()
        answer = kept_answer(key)
        if answer is not None:
            request.resolver_match = answer.match
            response = _respond(request, answer)
            route = answer.match.view_name
            took = time.perf_counter() - began
            count_request(route, request.method or "", response.status_code, took)
            return response
        response = self.get_response(request)
        kept: Kept | None = getattr(request, KEPT, None)
        if kept is not None and response.status_code == _OK and not response.cookies:
            headers = tuple(response.headers.items())
            keep_answer(
                key,
                KeptAnswer(
                    kept,
                    response.content,
                    headers,
                    response["ETag"],
                    request.resolver_match,
                    parse_http_date_safe(response.get("Last-Modified", "")),
                ),
            )
        return response


def _key(request: HttpRequest) -> Hashable | None:
    """Return what an answer depends on; None for a request that is always answered anew."""
    meta = request.META
    query = meta.get("QUERY_STRING", "")
    if request.method not in {"GET", "HEAD"} or not _QUERY.fullmatch(query):
        return None
    asked = (
        request.path_info,
        meta.get("HTTP_ACCEPT_LANGUAGE", ""),
        meta.get("HTTP_ACCEPT_ENCODING", ""),
        meta.get("HTTP_ACCEPT", "") if request.path_info.startswith("/api/") else "",
        meta.get("HTTP_HOST", ""),
        meta.get("wsgi.url_scheme", ""),
    )
    return None if any(len(text) > _LONGEST for text in asked) else (query, *asked)


def _respond(request: HttpRequest, answer: KeptAnswer) -> HttpResponse:
    if "if-none-match" in request.headers or (
        answer.last_modified and "if-modified-since" in request.headers
    ):
        unchanged = get_conditional_response(request, answer.etag, answer.last_modified)
        if unchanged is not None and unchanged.status_code == _NOT_MODIFIED:
            for name, value in answer.headers:
                if name.lower() not in _OF_THE_BODY:
                    unchanged.headers[name] = value
            return unchanged
    return HttpResponse(answer.body, headers=dict(answer.headers))

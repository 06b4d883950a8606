"""Small texts at known addresses: for crawlers, finders of holes, and readers of a refusal."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.errors import STATUS_BY_KIND
from core.links import absolute_url
from core.problems import MEANINGS, problem_title

_CLOSED = ["/accounts/", "/admin/", "/api/", "/files/", "/i/", "/manage/", "/r/", "/s/"]
_A_DAY = 86_400
_PLAIN = "text/plain; charset=utf-8"


@require_safe
@cache_control(public=True, max_age=_A_DAY)
def robots(request: HttpRequest) -> HttpResponse:
    """Keep crawlers to what is written for everybody."""
    del request
    lines = ["User-agent: *", *[f"Disallow: {path}" for path in _CLOSED]]
    lines += ["", f"Sitemap: {absolute_url('/sitemap.xml')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type=_PLAIN)


@require_safe
@cache_control(public=True, max_age=_A_DAY)
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say whom to tell about a hole (RFC 9116)."""
    del request
    contact = settings.SECURITY_CONTACT or settings.SERVER_EMAIL
    expires = timezone.now() + dt.timedelta(days=180)
    lines = [
        f"Contact: {contact if ':' in contact else f'mailto:{contact}'}",
        f"Expires: {expires:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: en",
        f"Canonical: {absolute_url('/.well-known/security.txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type=_PLAIN)


@require_safe
@cache_control(public=True, max_age=_A_DAY)
def problem(request: HttpRequest, kind: str) -> HttpResponse:
    """Explain a kind of problem to whoever follows the `type` of an answer."""
    if kind not in MEANINGS:
        raise Http404
    context = {
        "kind": kind,
        "title": problem_title(kind),
        "status": STATUS_BY_KIND.get(kind, 500),
        "meaning": MEANINGS[kind],
        "messages": (),  # the page is for every cache on the way: nobody's own words on it
    }
    return render(request, "core/problem.html", context)

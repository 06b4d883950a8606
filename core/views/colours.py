"""A host's colour as a stylesheet of one rule: pages have no inline styles (strict CSP).

It depends on nothing but its address, so every cache may keep it.
"""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from core.colours import accent_of

_A_WEEK = 604_800


@require_safe
def stylesheet(request: HttpRequest, digits: str) -> HttpResponseBase:
    """Return the rule that puts this colour, made readable, over Lectern's own."""
    rule = accent_of(f"#{digits}").stylesheet
    etag = f'"{hashlib.sha256(rule.encode()).hexdigest()[:16]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(rule, content_type="text/css; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={_A_WEEK}"
    return response

"""Addresses without their final slash."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware


class SlashMiddleware(CommonMiddleware):
    """Leads to the address with its final slash; what is not GET keeps method and body (308)."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        answer = super().process_response(request, response)
        if answer is not response and request.method not in {"GET", "HEAD"}:
            answer.status_code = 308
        return answer

"""Cursor pages: `{"next", "previous", "results"}` and a Link header (RFC 8288)."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response

MAX_PAGE_SIZE = 200


class CodeCursorPagination(CursorPagination):
    """Ordered by (created_at, id) unless the view's ordering filter says otherwise; id is last."""

    ordering = ("created_at", "id")
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE
    cursor_query_param = "cursor"

    def get_page_size(self, request: Any) -> int | None:
        text = request.query_params.get("page_size")
        if text is None:
            return self.page_size
        if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= MAX_PAGE_SIZE:
            raise ValidationError(
                {"page_size": [f"Give a whole number from 1 to {MAX_PAGE_SIZE}."]}
            )
        return int(text)

    def decode_cursor(self, request: Any) -> Any:
        try:
            return super().decode_cursor(request)
        except (NotFound, ValueError, UnicodeError) as error:
            raise ValidationError({"cursor": ["This cursor is not one of ours."]}) from error

    def get_paginated_response(self, data: Any) -> Response:
        following, previous = self.get_next_link(), self.get_previous_link()
        links = [
            f'<{url}>; rel="{rel}"' for url, rel in ((following, "next"), (previous, "prev")) if url
        ]
        response = Response({"next": following, "previous": previous, "results": data})
        if links:
            response["Link"] = ", ".join(links)
        return response

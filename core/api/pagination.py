"""Cursor pages: `{"next", "previous", "results"}` and a Link header (RFC 8288); see core.keyset."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from core.keyset import CursorError, page_of

MAX_PAGE_SIZE = 200


class CodeCursorPagination(CursorPagination):
    """Ordered by (created_at, id) unless the view's ordering filter says otherwise; id is last."""

    ordering = ("created_at", "id")
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE
    cursor_query_param = "cursor"

    _next: str | None = None
    _previous: str | None = None

    def get_page_size(self, request: Request) -> int:
        text = request.query_params.get("page_size")
        if text is None:
            return self.page_size
        if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= MAX_PAGE_SIZE:
            raise ValidationError(
                {"page_size": [f"Give a whole number from 1 to {MAX_PAGE_SIZE}."]}
            )
        return int(text)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        size = self.get_page_size(request)
        names = list(self.get_ordering(request, queryset, view))
        text = request.query_params.get(self.cursor_query_param) or ""
        try:
            page = page_of(queryset, names, size=size, cursor=text)
        except CursorError as error:
            raise ValidationError({"cursor": ["This cursor is not one of ours."]}) from error
        url = request.build_absolute_uri()
        self._next = replace_query_param(url, "cursor", page.next) if page.next else None
        self._previous = (
            replace_query_param(url, "cursor", page.previous) if page.previous else None
        )
        return page.rows

    def get_next_link(self) -> str | None:
        return self._next

    def get_previous_link(self) -> str | None:
        return self._previous

    def get_paginated_response(self, data: Any) -> Response:
        following, previous = self.get_next_link(), self.get_previous_link()
        links = [
            f'<{url}>; rel="{rel}"' for url, rel in ((following, "next"), (previous, "prev")) if url
        ]
        response = Response({"next": following, "previous": previous, "results": data})
        if links:
            response["Link"] = ", ".join(links)
        return response


class NamePagination(CodeCursorPagination):
    """Pages of what stands in no table; a cursor is the slug of the page's first row."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        del view
        rows = list(queryset)
        size = self.get_page_size(request)
        slugs = [row["slug"] for row in rows]
        text = request.query_params.get(self.cursor_query_param)
        if text is not None and text not in slugs:
            raise ValidationError({"cursor": ["This cursor is not one of ours."]})
        start = slugs.index(text) if text is not None else 0
        url = request.build_absolute_uri()
        if start + size < len(rows):
            self._next = replace_query_param(url, "cursor", slugs[start + size])
        if start > 0:
            self._previous = replace_query_param(url, "cursor", slugs[max(start - size, 0)])
        return rows[start : start + size]

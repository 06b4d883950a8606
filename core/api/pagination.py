"""Cursor pages: `{"next", "previous", "results"}` and a Link header (RFC 8288).

A cursor names the values by which its row is ordered, the id last, so that rows added or deleted in
the meantime neither repeat nor skip others, and equal values cost nothing.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.core.exceptions import ValidationError as FieldValidationError
from django.db import DataError
from django.db.models import Model, Q
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

MAX_PAGE_SIZE = 200
_LONGEST_CURSOR = 2000


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
        text = request.query_params.get(self.cursor_query_param)
        try:
            back, values = _read(text, names, queryset.model) if text else (False, None)
            order = [_reversed(name) for name in names] if back else names
            rows = queryset.order_by(*order)
            if values is not None:
                rows = rows.filter(_beyond(order, values))
            found = list(rows[: size + 1])
        except (FieldValidationError, DataError, OverflowError, TypeError, ValueError) as error:
            raise ValidationError({"cursor": ["This cursor is not one of ours."]}) from error
        more = len(found) > size
        page = found[:size]
        if back:
            page.reverse()
        self._link(request, page, names, after=more or back, before=more if back else bool(text))
        return page

    def _link(
        self, request: Request, page: list[Any], names: list[str], *, after: bool, before: bool
    ) -> None:
        url = request.build_absolute_uri()
        if page and after:
            self._next = replace_query_param(url, "cursor", _write(page[-1], names, back=False))
        if page and before:
            self._previous = replace_query_param(url, "cursor", _write(page[0], names, back=True))

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


def _reversed(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _beyond(order: list[str], values: list[Any]) -> Q:
    """Return the condition of all rows that come after these values in this order."""
    beyond = Q()
    equal = Q()
    for name, value in zip(order, values, strict=True):
        field = name.removeprefix("-")
        lookup = f"{field}__{'lt' if name.startswith('-') else 'gt'}"
        beyond |= equal & Q(**{lookup: value})
        equal &= Q(**{field: value})
    # The same once more by the first value alone: an index can begin there.
    first = order[0]
    bound = f"{first.removeprefix('-')}__{'lte' if first.startswith('-') else 'gte'}"
    return Q(**{bound: values[0]}) & beyond


def _write(row: Model, names: list[str], *, back: bool) -> str:
    values = []
    for name in names:
        value: Any = row
        for part in name.removeprefix("-").split("__"):
            value = getattr(value, part)
        values.append(value if isinstance(value, int | str) else str(value))
    text = json.dumps([back, *values], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(text: str, names: list[str], model: type[Model]) -> tuple[bool, list[Any]]:
    """Return a cursor's direction and values, each as its field would hold it.

    Raises:
        ValueError, ValidationError: when it is not one of ours for this order.
    """
    if len(text) > _LONGEST_CURSOR:
        raise ValueError("too long")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        back, *values = json.loads(raw)
    except (binascii.Error, RecursionError) as error:
        raise ValueError("not a cursor") from error
    if not isinstance(back, bool) or len(values) != len(names):
        raise ValueError("not a cursor of this order")
    return back, [_value(model, n, v) for n, v in zip(names, values, strict=True)]


def _value(model: type[Model], name: str, value: Any) -> Any:
    if not isinstance(value, int | str) or (isinstance(value, str) and "\x00" in value):
        raise ValueError("not a value")
    try:
        return model._meta.get_field(name.removeprefix("-")).to_python(value)  # type: ignore[union-attr]  # relations have none
    except (FieldDoesNotExist, AttributeError):
        return value

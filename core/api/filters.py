"""Filters and orders from an allow-list: anything else in the query string is refused."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters import BooleanFilter
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.filters import OrderingFilter
from rest_framework.request import Request

_OURS = {"cursor", "page_size", "ordering", "lang"}


class StrictFilterBackend(DjangoFilterBackend):  # type: ignore[misc]  # no type stubs
    """django-filter, plus a 400 for every parameter that the view's filterset does not name."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        filterset_class = self.get_filterset_class(view, queryset)
        known = filterset_class.base_filters if filterset_class else {}
        unknown = sorted(set(request.query_params) - set(known) - _OURS)
        if unknown:
            raise ValidationError({unknown[0]: ["There is no such filter here."]})
        for name, value in request.query_params.items():
            if "\x00" in value:
                raise ValidationError({name: ["This holds a NUL character."]})
            # django-filter would take any other word for "no matter".
            wants_boolean = isinstance(known.get(name), BooleanFilter)
            if wants_boolean and value not in {"true", "false", ""}:
                raise ValidationError({name: ["Give true or false."]})
        answer: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return answer


class StrictOrderingFilter(OrderingFilter):
    """`ordering` by a field that the view lists in `ordering_fields`; id is always last."""

    def get_ordering(
        self,
        request: Request,
        queryset: QuerySet[Any],
        view: Any,
    ) -> Any:
        text = request.query_params.get(self.ordering_param)
        if text is None:
            return None
        allowed = set(getattr(view, "ordering_fields", ()) or ())
        names = [name.strip() for name in text.split(",") if name.strip()]
        if not names or any(
            name.lstrip("-") not in allowed or name.startswith("--") for name in names
        ):
            raise ValidationError({"ordering": ["This list can not be ordered so."]})
        return [*names, "-id" if names[-1].startswith("-") else "id"]

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        self.get_ordering(request, queryset, view)  # refuses what is unknown; the pager orders
        return queryset

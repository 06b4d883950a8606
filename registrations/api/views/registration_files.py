"""Registrations as files."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

import django_filters as f
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from accounts.permissions import Permission
from core.errors import DomainError
from core.xlsx import CONTENT_TYPE
from registrations.api.filters import RegistrationFilter
from registrations.api.views.registrations import RegistrationResource
from registrations.downloads import csv_response, xlsx_response
from registrations.exchange.registration_columns import Chosen, chosen_for_file
from registrations.services.answer_columns import answer_columns


class CSVRenderer(BaseRenderer):
    """Says that this address answers CSV; the view streams it itself."""

    media_type = "text/csv"
    format = "csv"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        return JSONRenderer().render(data)  # a problem document


class XLSXRenderer(CSVRenderer):
    """The same of a workbook."""

    media_type = CONTENT_TYPE
    format = "xlsx"


class ExportFilter(RegistrationFilter):
    sensitive_answers = f.BooleanFilter(
        method="of_columns",
        label="Whether answers about food and access are columns too; takes registration:write.",
    )

    def of_columns(self, rows: Any, _name: str, _wanted: Any) -> Any:
        """Narrow nothing: it is about columns."""
        return rows


class _Export(RegistrationResource):
    filterset_class = ExportFilter
    pagination_class = None

    def chosen(self) -> Chosen:
        """Return the columns: a registration's own, and `answer:<slug>` for each question.

        Raises:
            DomainError: ``forbidden`` for sensitive answers without the scope to read them.
        """
        sensitive = self.request.query_params.get("sensitive_answers", "").lower() == "true"
        scope = Permission.REGISTRATION_WRITE.value
        caller: Any = self.request.user
        if sensitive and scope not in caller.scopes:
            raise DomainError("forbidden", f"This token lacks the scope “{scope}”.")
        offered = answer_columns(self.conference, sensitive=sensitive)
        return chosen_for_file((), offered, sensitive=sensitive)


class RegistrationExport(_Export):
    """The list as CSV (UTF-8, no cell runs as a formula), with the same filters.

    Each question is a column `answer:<slug>`.
    """

    renderer_classes = [CSVRenderer, JSONRenderer]

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, **kwargs: Any) -> StreamingHttpResponse:
        rows = self.filter_queryset(self.get_queryset()).order_by("created_at", "pk")
        return csv_response(rows, self.conference, self.chosen(), self.actor)


class RegistrationWorkbook(_Export):
    """The list as XLSX (texts are texts, times are times, no formulas), with the same filters."""

    renderer_classes = [XLSXRenderer, JSONRenderer]

    @extend_schema(
        responses={(200, CONTENT_TYPE): OpenApiTypes.BINARY}, operation_id="registrations_workbook"
    )
    def get(self, request: Request, **kwargs: Any) -> StreamingHttpResponse:
        rows = self.filter_queryset(self.get_queryset()).order_by("created_at", "pk")
        return xlsx_response(rows, self.conference, self.chosen(), self.actor)

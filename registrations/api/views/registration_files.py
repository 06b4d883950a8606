"""Registrations as files."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from registrations.api.filters import RegistrationFilter
from registrations.api.views.registrations import RegistrationResource
from registrations.downloads import csv_response, xlsx_response
from registrations.exchange.registrations_xlsx import CONTENT_TYPE


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


class RegistrationExport(RegistrationResource):
    """The list as CSV (UTF-8, no cell runs as a formula), with the same filters."""

    renderer_classes = [CSVRenderer, JSONRenderer]
    filterset_class = RegistrationFilter
    pagination_class = None

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, **kwargs: Any) -> StreamingHttpResponse:
        rows = self.filter_queryset(self.get_queryset()).order_by("created_at", "pk")
        return csv_response(rows, self.conference)


class RegistrationWorkbook(RegistrationResource):
    """The list as XLSX (texts are texts, times are times, no formulas), with the same filters."""

    renderer_classes = [XLSXRenderer, JSONRenderer]
    filterset_class = RegistrationFilter
    pagination_class = None

    @extend_schema(
        responses={(200, CONTENT_TYPE): OpenApiTypes.BINARY}, operation_id="registrations_workbook"
    )
    def get(self, request: Request, **kwargs: Any) -> StreamingHttpResponse:
        rows = self.filter_queryset(self.get_queryset()).order_by("created_at", "pk")
        return xlsx_response(rows, self.conference)

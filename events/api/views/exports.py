"""The draft of the programme as files."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from accounts.permissions import Permission
from core.xlsx import CONTENT_TYPE
from events.api.base import ConferenceAPIView
from events.downloads import csv_response, xlsx_response


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


class _Export(ConferenceAPIView):
    read_permission = Permission.PROGRAMME_READ
    write_permission = Permission.PROGRAMME_WRITE


class SessionExport(_Export):
    """The draft as CSV (UTF-8, no cell runs as a formula): a row for each session.

    Each line of `people` is role and name, position, affiliation, state and code, parted by “ | ”.
    """

    renderer_classes = [CSVRenderer, JSONRenderer]

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR}, operation_id="sessions_export")
    def get(self, request: Request, **kwargs: Any) -> StreamingHttpResponse:
        return csv_response(self.conference)


class SessionWorkbook(_Export):
    """The same rows as XLSX: texts are texts, times are times, no formulas."""

    renderer_classes = [XLSXRenderer, JSONRenderer]

    @extend_schema(
        responses={(200, CONTENT_TYPE): OpenApiTypes.BINARY}, operation_id="sessions_workbook"
    )
    def get(self, request: Request, **kwargs: Any) -> StreamingHttpResponse:
        return xlsx_response(self.conference)

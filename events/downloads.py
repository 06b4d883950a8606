"""Files that pages and the API hand out alike."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import StreamingHttpResponse

from core.xlsx import CONTENT_TYPE
from events.exchange.programme_csv import programme_csv
from events.exchange.programme_xlsx import programme_xlsx
from events.models import Conference


def csv_response(conference: Conference) -> StreamingHttpResponse:
    """Return the draft of the programme as a download that is written while it is read."""
    lines = programme_csv(conference)
    return _download(lines, f"{conference.slug}-programme.csv", "text/csv; charset=utf-8")


def xlsx_response(conference: Conference) -> StreamingHttpResponse:
    """Return the same rows as a workbook."""
    return _download(programme_xlsx(conference), f"{conference.slug}-programme.xlsx", CONTENT_TYPE)


def _download(
    parts: Iterator[str] | Iterator[bytes], name: str, kind: str
) -> StreamingHttpResponse:
    response = StreamingHttpResponse(parts, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response

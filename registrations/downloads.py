"""Files that pages and the API hand out alike."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from events.models import Conference
from registrations.exchange.registrations_csv import registrations_csv
from registrations.models import Registration


def csv_response(
    registrations: QuerySet[Registration], conference: Conference
) -> StreamingHttpResponse:
    """Return the file as a download that is written while it is read."""
    response = StreamingHttpResponse(
        registrations_csv(registrations, conference.time_zone),
        content_type="text/csv; charset=utf-8",
    )
    name = f"{conference.slug}-registrations.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response

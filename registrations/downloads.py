"""Files that pages and the API hand out alike."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from events.models import Conference
from registrations.exchange.invitations_csv import invitations_csv
from registrations.exchange.places_csv import codes_csv, sign_ups_csv
from registrations.exchange.registrations_csv import registrations_csv
from registrations.models import Invitation, Registration


def csv_response(
    registrations: QuerySet[Registration], conference: Conference
) -> StreamingHttpResponse:
    """Return the file as a download that is written while it is read."""
    lines = registrations_csv(registrations, conference.time_zone)
    return _download(lines, f"{conference.slug}-registrations.csv")


def invitations_response(
    invitations: QuerySet[Invitation], conference: Conference, name: str
) -> StreamingHttpResponse:
    """Return the guest list, or a part of it, in the same way."""
    lines = invitations_csv(invitations, conference.time_zone)
    return _download(lines, f"{conference.slug}-{name}.csv")


def codes_response(conference: Conference) -> StreamingHttpResponse:
    """Return a conference's access codes with their links."""
    return _download(codes_csv(conference), f"{conference.slug}-access-codes.csv")


def sign_ups_response(
    people: QuerySet[Registration], conference: Conference, session: str
) -> StreamingHttpResponse:
    """Return who comes to a session."""
    return _download(sign_ups_csv(people), f"{conference.slug}-{session}.csv")


def _download(lines: Iterator[str], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response

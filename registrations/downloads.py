"""Files that pages and the API hand out alike."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from core.actors import Actor
from core.xlsx import CONTENT_TYPE
from events.models import Conference
from registrations.exchange.invitations_csv import invitations_csv
from registrations.exchange.places_csv import codes_csv, sign_ups_csv
from registrations.exchange.registration_columns import Chosen
from registrations.exchange.registrations_csv import registrations_csv
from registrations.exchange.registrations_xlsx import registrations_xlsx
from registrations.models import Invitation, Registration
from registrations.services.answer_columns import note_sensitive_read

_CSV = "text/csv; charset=utf-8"


def csv_response(
    registrations: QuerySet[Registration], conference: Conference, chosen: Chosen, actor: Actor
) -> StreamingHttpResponse:
    """Return the file as a download that is written while it is read.

    That somebody takes answers about food and access with them is written down.
    """
    note_sensitive_read(conference=conference, columns=chosen.answers, where="csv", actor=actor)
    lines = registrations_csv(registrations, conference, chosen.columns, chosen.answers)
    return _download(lines, f"{conference.slug}-registrations.csv", _CSV)


def xlsx_response(
    registrations: QuerySet[Registration], conference: Conference, chosen: Chosen, actor: Actor
) -> StreamingHttpResponse:
    """Return the same rows as a workbook."""
    note_sensitive_read(conference=conference, columns=chosen.answers, where="xlsx", actor=actor)
    pieces = registrations_xlsx(registrations, conference, chosen.columns, chosen.answers)
    return _download(pieces, f"{conference.slug}-registrations.xlsx", CONTENT_TYPE)


def invitations_response(
    invitations: QuerySet[Invitation], conference: Conference, name: str
) -> StreamingHttpResponse:
    """Return the guest list, or a part of it, in the same way."""
    lines = invitations_csv(invitations, conference.time_zone)
    return _download(lines, f"{conference.slug}-{name}.csv", _CSV)


def codes_response(conference: Conference) -> StreamingHttpResponse:
    """Return a conference's access codes with their links."""
    return _download(codes_csv(conference), f"{conference.slug}-access-codes.csv", _CSV)


def sign_ups_response(
    people: QuerySet[Registration], conference: Conference, session: str
) -> StreamingHttpResponse:
    """Return who comes to a session."""
    return _download(sign_ups_csv(people), f"{conference.slug}-{session}.csv", _CSV)


def _download(
    parts: Iterator[str] | Iterator[bytes], name: str, kind: str
) -> StreamingHttpResponse:
    response = StreamingHttpResponse(parts, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response

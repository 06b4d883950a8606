"""The draft of the programme as files, for organisers."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from events.downloads import csv_response, xlsx_response
from events.views.access import get_conference


@require_safe
def programme_csv(request: HttpRequest, organisation: str, conference: str) -> HttpResponseBase:
    """All sessions of the draft with all their people and the states they are in."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_READ)
    return csv_response(row)


@require_safe
def programme_xlsx(request: HttpRequest, organisation: str, conference: str) -> HttpResponseBase:
    """The same as a workbook."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_READ)
    return xlsx_response(row)

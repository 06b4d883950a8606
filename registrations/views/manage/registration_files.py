"""The organisers' list as files."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, demand, may
from events.models import Conference
from events.views.access import get_conference
from registrations.downloads import csv_response, xlsx_response
from registrations.exchange.registration_columns import Chosen, chosen_for_file
from registrations.models import Registration
from registrations.services.answer_columns import answer_columns
from registrations.services.registration_list import (
    ORDERS,
    YES,
    filtered,
    read_filters,
    rows_of,
)
from registrations.views.manage.registrations import order_of


@require_safe
def registrations_csv(request: HttpRequest, organisation: str, conference: str) -> HttpResponseBase:
    """The list as it is filtered and ordered, for a spreadsheet."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    chosen = columns_of_file(request, request.GET, row)
    return csv_response(_found(request, row), row, chosen, actor_of(request))


@require_safe
def registrations_xlsx(
    request: HttpRequest, organisation: str, conference: str
) -> HttpResponseBase:
    """The same as a workbook."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    chosen = columns_of_file(request, request.GET, row)
    return xlsx_response(_found(request, row), row, chosen, actor_of(request))


def columns_of_file(request: HttpRequest, asked: QueryDict, row: Conference) -> Chosen:
    """Return the columns that are asked for; `sensitive=yes` asks for food and access too.

    Raises:
        PermissionDenied: for that without the permission to read such answers.
    """
    sensitive = asked.get("sensitive") == YES
    if sensitive:
        demand(request, Permission.REGISTRATION_WRITE)
    offered = answer_columns(row, sensitive=may(request, Permission.REGISTRATION_WRITE))
    return chosen_for_file(asked.getlist("column"), offered, sensitive=sensitive)


def _found(request: HttpRequest, row: Conference) -> QuerySet[Registration]:
    """Return the rows of a file; who registered first stands first unless an order is asked for."""
    order = order_of(request) if "order" in request.GET else "old"
    return filtered(rows_of(row), read_filters(request.GET), row).order_by(*ORDERS[order])

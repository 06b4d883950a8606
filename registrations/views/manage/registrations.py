"""Who comes: the list, its file, and entering somebody by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.errors import DomainError
from core.text import full_name, pick_text
from events.enums import ConferenceState
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page
from events.views.manage.searching import matching
from registrations.downloads import csv_response
from registrations.enums import RegistrationSource, RegistrationStatus
from registrations.forms.manage import EntryForm
from registrations.models import Registration
from registrations.services.attendance import check_in_together
from registrations.services.reconfirming import DateAnswers, date_answers, unconfirmed
from registrations.services.registering import register

PER_PAGE: Final = 50
_UNCONFIRMED: Final = "unconfirmed"
_ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "new": ("-created_at", "-pk"),
    "name": ("sort_key", "pk"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter with its number, as components/chip.html shows it."""

    value: str
    label: str
    count: int
    current: bool


@require_safe
@console_page
def registration_list(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Everybody, filtered by status and kind, searched by words."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    order = request.GET.get("order", "new")
    found = _found(request, row).select_related("registration_type")
    ordered = found.order_by(*_ORDERS.get(order, _ORDERS["new"]))
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    statuses, types = _chips(request, row)
    context = {
        "conference": row,
        "page_obj": page,
        "statuses": statuses,
        "types": types if len(types) > 1 else [],
        "total": sum(chip.count for chip in statuses),
        "text": request.GET.get("q", ""),
        "is_filtered": any(request.GET.get(name) for name in ("q", "status", "type", "date")),
        "order": order,
        "may_write": may(request, Permission.REGISTRATION_WRITE),
        "takes_place": row.state in {ConferenceState.PUBLISHED, ConferenceState.ARCHIVED},
        "date_chips": _date_chips(request, date_answers(row)),
    }
    return render(request, "registrations/manage/registrations.html", context)


@require_POST
@console_page
def registrations_arrived(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Mark those who are ticked as arrived."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    codes = request.POST.getlist("pick")[:PER_PAGE]
    try:
        arrived = check_in_together(conference=row, codes=codes, actor=actor_of(request))
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        number = len(arrived.registrations)
        said = "1 person is checked in." if number == 1 else f"{number} people are checked in."
        if arrived.already:
            said += f" {arrived.already} had been already."
        if arrived.without_place:
            said += f" {arrived.without_place} without a confirmed place were left out."
        messages.success(request, said)
    back = reverse("manage-registrations", args=[organisation, conference])
    return redirect(f"{back}?{request.GET.urlencode()}" if request.GET else back)


@require_safe
def registrations_csv(request: HttpRequest, organisation: str, conference: str) -> HttpResponseBase:
    """The list as it is filtered, for a spreadsheet."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    return csv_response(_found(request, row).order_by("created_at", "pk"), row)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def registration_new(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Enter somebody who stands at the desk or is on the phone."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    types = list(row.registration_types.all())
    form = EntryForm(request.POST or None, conference=row, types=types)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            [],
            lambda: register(
                conference=row,
                source=RegistrationSource.ORGANISER,
                actor=actor_of(request),
                **form.values(),
            ),
        )
        if made is not None:
            _say(request, made)
            if "again" in request.POST:
                return redirect("manage-registration-new", organisation, conference)
            return redirect("manage-registration", organisation, conference, made.code)
    context = {"conference": row, "form": form, "has_types": bool(types)}
    return render(request, "registrations/manage/registration_new.html", context)


def _say(request: HttpRequest, made: Registration) -> None:
    name = full_name(made.given_name, made.family_name)
    if made.status == RegistrationStatus.CONFIRMED:
        messages.success(request, f"{name} has a place.")
    else:
        messages.warning(request, f"There is no place left: {name} is on the waiting list.")


def _found(request: HttpRequest, row: Conference) -> QuerySet[Registration]:
    rows = matching(Registration.objects.filter(conference=row), request.GET.get("q", ""))
    status, kind = request.GET.get("status", ""), request.GET.get("type", "")
    if status in RegistrationStatus.values:
        rows = rows.filter(status=status)
    if kind:
        rows = rows.filter(registration_type__slug=kind)
    if request.GET.get("date") == _UNCONFIRMED:
        rows = rows.filter(unconfirmed(row))
    return rows


def _date_chips(request: HttpRequest, answers: DateAnswers) -> list[Chip]:
    """Return the filter by whether the new date is confirmed, where there is a new date."""
    current = request.GET.get("date") == _UNCONFIRMED
    if not answers.unconfirmed and not current:
        return []
    return [Chip(_UNCONFIRMED, "New date not confirmed", answers.unconfirmed, current)]


def _chips(request: HttpRequest, row: Conference) -> tuple[list[Chip], list[Chip]]:
    """Return the filters by status and by kind, of those that somebody has; one query."""
    groups = (
        Registration.objects.filter(conference=row)
        .order_by()
        .values_list("status", "registration_type__slug", "registration_type__name")
        .annotate(number=Count("pk"))
    )
    by_status: dict[str, int] = {}
    by_type: dict[str, int] = {}
    names: dict[str, Any] = {}
    for status, slug, name, number in groups:
        by_status[status] = by_status.get(status, 0) + number
        by_type[slug] = by_type.get(slug, 0) + number
        names[slug] = name
    status_now, type_now = request.GET.get("status"), request.GET.get("type")
    statuses = [
        Chip(one.value, one.label, by_status[one.value], one.value == status_now)
        for one in RegistrationStatus
        if one.value in by_status
    ]
    types = [
        Chip(slug, pick_text(names[slug], "en", row.languages), by_type[slug], slug == type_now)
        for slug in sorted(by_type)
    ]
    return statuses, types

"""Who comes: the list, and entering somebody by hand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.keyset import CursorError, KeysetPage, page_of
from core.text import full_name
from events.enums import ConferenceState
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page
from registrations.enums import RegistrationSource, RegistrationStatus
from registrations.exchange.registration_columns import (
    COLUMNS,
    ON_PAGE,
    Chosen,
    chosen_for_page,
    name_of,
)
from registrations.forms.manage import EntryForm
from registrations.models import Registration
from registrations.services.answer_columns import (
    answer_columns,
    cells_by_registration,
    note_sensitive_read,
)
from registrations.services.list_choices import Choice, choices_of, words_of_filters
from registrations.services.reconfirming import DateAnswers, date_answers
from registrations.services.registering import register
from registrations.services.registration_list import (
    ASKED,
    ORDERS,
    UNCONFIRMED,
    Filters,
    counted,
    filtered,
    read_filters,
    rows_of,
    with_columns,
    words_of,
)

PER_PAGE: Final = 50
# Of these columns a click on the heading orders the list: by what first, and by what then.
_SORTED: Final[Mapping[str, tuple[str, str]]] = {
    "name": ("name", "-name"),
    "status": ("status", "-status"),
    "registered": ("new", "old"),
}
_DATED: Final = frozenset({"registered", "confirmed", "cancelled", "checked_in"})


@require_safe
@console_page
def registration_list(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Everybody: filtered, searched by words, in a chosen order, with chosen columns."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    filters = read_filters(request.GET)
    choices = choices_of(row, more=True)
    rows = filtered(rows_of(row), filters, row)
    # What no filter narrows is counted already.
    rows, number = counted(rows) if filters.are_any else (rows, choices.total)
    order = order_of(request)
    may_write = may(request, Permission.REGISTRATION_WRITE)
    offered = answer_columns(row, sensitive=may_write)
    chosen = chosen_for_page(request.GET.getlist("column"), offered)
    page = _page(request, with_columns(rows, chosen.columns), order)
    note_sensitive_read(
        conference=row, columns=chosen.answers, where="list", actor=actor_of(request)
    )
    known = {*ON_PAGE, *(one.name for one in offered)}
    context = {
        "conference": row,
        "page": page,
        "number": number,
        "total": choices.total,
        "lines": _lines(page.rows, chosen, row),
        "headings": [
            *(_heading(request.GET, name, order) for name in ("name", *chosen.columns)),
            *({"label": one.label, "url": "", "sort": ""} for one in chosen.answers),
        ],
        "columns": [
            (name, column.label, name in chosen.columns) for name, column in ON_PAGE.items()
        ],
        "answer_columns": [
            (one.name, one.label, one in chosen.answers, one.sensitivity) for one in offered
        ],
        "offers_sensitive": any(one.sensitivity for one in offered),
        "shows_sensitive": chosen.is_sensitive,
        "order": order,
        "chosen_names": [one for one in request.GET.getlist("column") if one in known],
        "filters": filters,
        "choices": choices,
        "chips": [
            [
                _chip(request.GET, one, filters.status)
                for one in [*choices.statuses, *choices.groups]
                # Figures lead to the others; here they would stand in the way.
                if one not in choices.groups or one.value in {"live", filters.status}
            ],
            [_chip(request.GET, one, filters.type) for one in choices.types]
            if len(choices.types) > 1
            else [],
            _date_chips(request.GET, filters, date_answers(row)),
            _other_chips(request.GET, words_of_filters(filters, choices)),
        ],
        "kept": _kept(request.GET, {"q", "cursor"}, known),
        "kept_but_more": _kept(request.GET, _MORE | {"cursor"}, known),
        "kept_but_columns": _kept(request.GET, {"column", "cursor"}, known),
        "next_url": _url(request.GET, cursor=page.next) if page.next else "",
        "previous_url": _url(request.GET, cursor=page.previous) if page.previous else "",
        "says_nothing": bool(filters.text) and not words_of(filters.text),
        "more_is_asked": any(filters.query().get(name) for name in _MORE),
        "may_write": may_write,
        "may_mail": may(request, Permission.MAIL_WRITE),
        "may_tag": may(request, Permission.PEOPLE_WRITE),
        "takes_place": row.state in {ConferenceState.PUBLISHED, ConferenceState.ARCHIVED},
        "undecided": any(
            one.value in {RegistrationStatus.PENDING_APPROVAL, RegistrationStatus.WAITING_LIST}
            for one in choices.statuses
        ),
    }
    return render(request, "registrations/manage/registrations.html", context)


# The filters that stand in the folded form.
_MORE: Final = frozenset({"source", "tag", "arrived", "answer", "code", "over", "from", "to"})


def order_of(request: HttpRequest) -> str:
    """Return the order that an address asks for."""
    order = request.GET.get("order", "new")
    return order if order in ORDERS else "new"


def _page(
    request: HttpRequest, rows: QuerySet[Registration], order: str
) -> KeysetPage[Registration]:
    """Return the page that the address names; the first one for a cursor of another list."""
    cursor = request.GET.get("cursor", "")
    try:
        return page_of(rows, ORDERS[order], size=PER_PAGE, cursor=cursor)
    except CursorError:
        return page_of(rows, ORDERS[order], size=PER_PAGE)


def _lines(
    rows: Sequence[Registration], chosen: Chosen, conference: Conference
) -> list[dict[str, Any]]:
    """Return what stands in each row of the page; three queries for answers at the most."""
    given = cells_by_registration(
        [row.pk for row in rows], chosen.answers, conference.languages, for_people=True
    )
    return [
        {
            "row": row,
            "name": name_of(row),
            "cells": [
                *(
                    {
                        "name": name,
                        "label": COLUMNS[name].label,
                        "value": COLUMNS[name].on_page(row, conference.time_zone),
                        "is_moment": name in _DATED,
                    }
                    for name in chosen.columns
                ),
                *(
                    {"label": one.label, "value": given.get(row.pk, {}).get(one.name, "")}
                    for one in chosen.answers
                ),
            ],
        }
        for row in rows
    ]


def _heading(query: QueryDict, name: str, order: str) -> dict[str, str]:
    orders = _SORTED.get(name, ())
    if not orders:
        return {"label": COLUMNS[name].label, "url": "", "sort": ""}
    first, then = orders
    downward = {first: name == "registered", then: name != "registered"}
    sort = ("descending" if downward[order] else "ascending") if order in orders else ""
    return {
        "label": COLUMNS[name].label if name in COLUMNS else "Name",
        "url": _url(query, order=then if order == first else first),
        "sort": sort,
    }


def _url(query: QueryDict, **changes: str) -> str:
    """Return this address with other values; any change leads to the first page."""
    copy = query.copy()
    copy.pop("cursor", None)
    for name, value in changes.items():
        copy.pop(name, None)
        if value:
            copy[name] = value
    return f"?{copy.urlencode()}"


def _kept(
    query: QueryDict, without: Collection[str], columns: Collection[str]
) -> list[tuple[str, str]]:
    """Return what a form that sets `without` carries along of the address."""
    return [
        (name, value)
        for name, values in query.lists()
        if name in ASKED | {"order", "column"} and name not in without
        for value in values
        if value and (name != "column" or value in columns)
    ]


def _chip(query: QueryDict, one: Choice, current: str) -> dict[str, Any]:
    is_current = one.value == current
    return {
        "label": one.label,
        "count": one.count,
        "current": is_current,
        "url": _url(query, **{one.name: "" if is_current else one.value}),
    }


def _date_chips(query: QueryDict, filters: Filters, answers: DateAnswers) -> list[dict[str, Any]]:
    """Return the filter by whether the new date is confirmed, where there is a new date."""
    if not answers.unconfirmed and not filters.date:
        return []
    one = Choice("date", UNCONFIRMED, "New date not confirmed", answers.unconfirmed)
    return [_chip(query, one, filters.date)]


def _other_chips(query: QueryDict, words: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    return [
        {"label": label, "count": "", "current": True, "url": _url(query, **{name: ""})}
        for name, label in words
        if name != "date"
    ]


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

"""Registrations as figures: drawn, and each drawing once more as a table."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, demand, may
from events.views.access import get_conference
from events.views.manage.base import console_page
from registrations.services.answer_columns import answer_columns, note_sensitive_read
from registrations.services.registration_figures import (
    Attendance,
    Group,
    answers_of_choice,
    attendance_of,
    days_of,
    tags_of,
    types_of,
)
from registrations.services.registration_list import YES
from registrations.views.manage.figures_drawing import bars_of, curves_of


@require_safe
@console_page
def figures_page(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Say how registrations grew, who they are, what they chose, and how many will come."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    sensitive = request.GET.get("sensitive") == YES
    if sensitive:
        demand(request, Permission.REGISTRATION_WRITE)
    columns = answer_columns(row, sensitive=may(request, Permission.REGISTRATION_WRITE))
    shown = [one for one in columns if sensitive or not one.sensitivity]
    note_sensitive_read(conference=row, columns=shown, where="figures", actor=actor_of(request))
    days = days_of(row)
    attendance = attendance_of(row)
    context = {
        "conference": row,
        "days": curves_of(days) if days else None,
        "attendance": attendance,
        "sections": [
            _section("turnout", "Turnout", _turnout(attendance), "People"),
            _section("types", "By kind of place", types_of(row), "Kind"),
            _section("tags", "By tag", tags_of(row), "Tag"),
            *(
                _section(f"answer-{number}", one.question, one.groups, "Answer")
                for number, one in enumerate(answers_of_choice(row, shown), 1)
            ),
        ],
        "shows_sensitive": any(one.sensitivity for one in shown),
        "offers_sensitive": any(one.sensitivity for one in columns),
    }
    return render(request, "registrations/manage/figures.html", context)


# What a section says without a bar.
_EMPTY: Final = {
    "tags": "None of them is kept as a person with a tag.",
    "types": "There is no kind of place yet.",
}


def _section(key: str, title: str, groups: list[Group], head: str) -> dict[str, Any]:
    # Of turnout there is one number a row, of all others two.
    is_plain = key == "turnout"
    return {
        "key": key,
        "title": title,
        "head": head,
        "bars": bars_of(groups, is_plain=is_plain),
        "is_plain": is_plain,
        "empty": _EMPTY.get(key, "Nobody has answered this yet."),
    }


def _turnout(attendance: Attendance) -> list[Group]:
    rows = [("Have a place", attendance.with_place, "status=confirmed")]
    if attendance.expected is not None:
        rows.append(("Expected", attendance.expected.expected, ""))
    rows.append(("Have arrived", attendance.arrived, "status=confirmed&arrived=yes"))
    return [Group(label, number, number, query) for label, number, query in rows]

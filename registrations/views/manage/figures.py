"""Registrations as figures: drawn, and each drawing once more as a table."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from events.views.access import get_conference
from events.views.manage.base import console_page
from registrations.services.registration_figures import (
    Attendance,
    Group,
    answers_of_choice,
    attendance_of,
    days_of,
    tags_of,
    types_of,
)
from registrations.views.manage.figures_drawing import bars_of, curves_of


@require_safe
@console_page
def figures_page(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Say how registrations grew, who they are, what they chose, and how many will come."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
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
                for number, one in enumerate(answers_of_choice(row), 1)
            ),
        ],
    }
    return render(request, "registrations/manage/figures.html", context)


def _section(key: str, title: str, groups: list[Group], head: str) -> dict[str, Any]:
    return {
        "key": key,
        "title": title,
        "head": head,
        "groups": groups,
        "drawing": bars_of(groups),
        # Of turnout there is one number a row, of all others two.
        "is_plain": key == "turnout",
    }


def _turnout(attendance: Attendance) -> list[Group]:
    rows = [("Have a place", attendance.with_place)]
    if attendance.expected is not None:
        rows.append(("Expected", attendance.expected.expected))
    rows.append(("Have arrived", attendance.arrived))
    return [Group(label, number, number) for label, number in rows]

"""Publishing the programme, or going back to a version: what it would do, then two buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from console.publishing.conflicts import conflicts_to_publish
from console.publishing.impact import (
    Impact,
    impact_of,
    return_impact,
    said_alike,
    told_guests,
)
from console.publishing.versions import version_lines
from core.text import pick_text
from events.enums import ConferenceState
from events.forms.venue import PublishForm
from events.models import Conference, Person, ScheduleVersion
from events.services.restoring import restore_version
from events.services.schedules import publish_schedule
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page

# So many of those concerned are listed; the number on the button counts all of them.
MOST = 200


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def schedule_page(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """What is not public yet, whom it concerns, and all versions; POST publishes the draft."""
    posting = request.method == "POST"
    needed = Permission.PROGRAMME_WRITE if posting else Permission.PROGRAMME_READ
    row = get_conference(request, organisation, conference, needed)
    form = PublishForm(request.POST or None, initial={"version": row.version})
    if posting and form.is_valid():
        version = _attempt(request, row, form, publish_schedule, conference=row)
        if version is not None:
            return redirect("manage-schedule", organisation, conference)
    impact = impact_of(row)
    versions = version_lines(row)
    request.lectern_version = versions[0].version.name if versions else None  # type: ignore[attr-defined]
    request.lectern_changes = len(impact.changes)  # type: ignore[attr-defined]  # the navigation says it
    context = {
        **_shown(request, row, impact),
        "conflicts": conflicts_to_publish(row, impact),
        "form": form,
        "versions": versions,
        "is_draft": row.state == ConferenceState.DRAFT,
        "may_write": may(request, Permission.PROGRAMME_WRITE),
    }
    return render(request, "console/schedule.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def restore_page(
    request: HttpRequest, organisation: str, conference: str, number: int
) -> HttpResponse:
    """What going back to a version would do; POST does it."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    former = get_object_or_404(row.schedule_versions, number=number)
    former.conference = row
    form = PublishForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        version = _attempt(request, row, form, restore_version, version=former)
        if version is not None:
            return redirect("manage-schedule", organisation, conference)
    impact = return_impact(row, former)
    if impact.last is not None and impact.last.pk == former.pk:
        messages.info(request, f"“{former.name}” is what readers see already.")
        return redirect("manage-version", organisation, conference, number)
    draft = impact_of(row)
    context = {
        **_shown(request, row, impact),
        "form": form,
        "former": former,
        "lost": draft.groups,
        "lost_count": len(draft.changes),
        **_back(row, impact),
    }
    return render(request, "console/restore.html", context)


def _attempt(
    request: HttpRequest,
    row: Conference,
    form: PublishForm,
    publish: Callable[..., ScheduleVersion],
    **subject: Any,
) -> ScheduleVersion | None:
    tell = request.POST.get("tell") == "yes"
    telling = request.POST.get("telling", "")
    version = attempt(
        form,
        [row],
        lambda: publish(
            **subject,
            name=form.cleaned_data["name"],
            tell=tell,
            seen=request.POST.get("seen"),
            telling=int(telling) if tell and telling.isdigit() and len(telling) < 8 else None,  # noqa: PLR2004 - a number of people
            expected=form.expected,
            actor=actor_of(request),
        ),
    )
    if version is not None:
        people = "1 person is" if version.told == 1 else f"{version.told} people are"
        told = f" {people} told by mail." if version.told else ""
        messages.success(request, f"“{version.name}” is the programme that readers see now.{told}")
    return version


def _shown(request: HttpRequest, row: Conference, impact: Impact) -> dict[str, Any]:
    """Return the impact as this reader may see it: names only to who may read people."""
    every = [one.affected for one in impact.telling.told]
    guests = {one.human.code for one in told_guests(every)}
    sees_people = may(request, Permission.PEOPLE_READ)
    sees_guests = may(request, Permission.REGISTRATION_READ)
    shown = [one for one in every if (sees_guests if one.human.code in guests else sees_people)]
    return {
        "conference": row,
        "impact": impact,
        "told": said_alike(shown[:MOST]),
        "told_more": len(every) - len(shown[:MOST]),
        "told_hidden": len(every) - len(shown),
        "unreachable": impact.telling.unreachable if sees_people and sees_guests else [],
    }


def _back(row: Conference, impact: Impact) -> dict[str, Any]:
    """Return what going back leaves otherwise than it was then, in names and titles."""
    back = impact.back
    if back is None:
        return {}
    titles = {
        code: pick_text(session.title, "en", row.languages)
        for code, session in back.sessions.items()
    }
    codes = {code for code, _session in (*back.declined, *back.seated)}
    people = Person.objects.filter(organisation_id=row.organisation_id, code__in=codes)
    names = {one.code: f"{one.given_name} {one.family_name}".strip() for one in people}

    def seats(pairs: tuple[tuple[str, str], ...]) -> list[str]:
        return [
            f"{names.get(person, 'somebody')} (“{titles.get(session, session)}”)"
            for person, session in pairs
        ]

    return {
        "declined": seats(back.declined),
        "seated": seats(back.seated),
        "unscheduled": [titles[code] for code in back.unscheduled],
        "kept": [titles[code] for code in back.kept],
    }

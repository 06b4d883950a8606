"""Publishing the programme: what has changed since readers saw it last, and one button."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from events.enums import ConferenceState
from events.forms.venue import PublishForm
from events.services.schedules import programme_changes, publish_schedule
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def schedule_page(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Unpublished changes as sentences; POST publishes the draft."""
    posting = request.method == "POST"
    needed = Permission.PROGRAMME_WRITE if posting else Permission.PROGRAMME_READ
    row = get_conference(request, organisation, conference, needed)
    form = PublishForm(request.POST or None, initial={"version": row.version})
    if posting and form.is_valid():
        version = attempt(
            form,
            [row],
            lambda: publish_schedule(
                conference=row,
                name=form.cleaned_data["name"],
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if version is not None:
            messages.success(request, f"“{version.name}” is the programme that readers see now.")
            return redirect("manage-schedule", organisation, conference)
    versions = list(row.schedule_versions.defer("document"))
    changes = programme_changes(row)
    request.lectern_version = versions[0].name if versions else None  # type: ignore[attr-defined]
    request.lectern_changes = len(changes)  # type: ignore[attr-defined]  # the navigation says it
    context = {
        "conference": row,
        "form": form,
        "versions": versions,
        "changes": changes,
        "session_count": row.sessions.count(),
        "is_draft": row.state == ConferenceState.DRAFT,
        "may_write": may(request, Permission.PROGRAMME_WRITE),
    }
    return render(request, "events/manage/schedule.html", context)

"""One version of a programme, and any two beside each other."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.views.access import may
from console.publishing.impact import group_changes
from console.publishing.versions import version_lines
from events.models import Conference
from events.services.documents import Document, build_document
from events.services.programmes import read_programme
from events.services.schedules import changes_between, read_document
from events.views.access import get_conference
from events.views.manage.base import console_page

DRAFT = "draft"


@require_safe
@console_page
def version_page(
    request: HttpRequest, organisation: str, conference: str, number: int
) -> HttpResponse:
    """A version: when, who, whom it told, and its programme with the names of today."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_READ)
    version = get_object_or_404(row.schedule_versions, number=number)
    context = {
        "conference": row,
        "line": version_lines(row, number)[0],
        "programme": read_programme(row, read_document(version), public=False),
        "may_write": may(request, Permission.PROGRAMME_WRITE),
    }
    return render(request, "console/version.html", context)


@require_safe
@console_page
def compare_page(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """What makes one version another, or the draft; the last two things unless it is said."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_READ)
    versions = list(row.schedule_versions.defer("document"))
    newest = str(versions[0].number) if versions else DRAFT
    before = request.GET.get("from") or newest
    after = request.GET.get("to") or DRAFT
    choices = [(str(one.number), f"{one.number}: {one.name}") for one in versions]
    choices.append((DRAFT, "The draft"))
    named = {str(one.number): f"“{one.name}”" for one in versions} | {DRAFT: "the draft"}
    if not {before, after} <= named.keys():
        raise Http404
    changes = changes_between(row, _document(row, before), _document(row, after))
    context = {
        "conference": row,
        "choices": choices,
        "before": before,
        "after": after,
        "before_name": named[before],
        "after_name": named[after],
        "groups": group_changes(changes),
        "count": len(changes),
    }
    return render(request, "console/compare.html", context)


def _document(conference: Conference, which: str) -> Document:
    if which == DRAFT:
        return build_document(conference)
    return read_document(conference.schedule_versions.get(number=int(which)))

"""Bringing a programme in: paste or choose it, look at every line, bring it in, see what came."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.views.access import actor_of, demand
from core.errors import DomainError
from core.nudging import nudge
from core.tables.reading import MOST_BYTES
from events.enums import JobState, ProgrammeFormat
from events.exchange.programme import guess_format, read_import
from events.forms.importing import settings_of
from events.models import Conference, ProgrammeImport
from events.services.importing import (
    keep_programme,
    set_up_programme_import,
    start_programme_import,
    stop_programme_import,
    undo_programme_import,
)
from events.services.importing_lines import ADDED, CHANGED
from events.tasks import import_programmes
from events.views.access import get_conference
from events.views.manage.base import console_page, try_verb
from events.views.manage.importing_shown import may_begin_anew, show_lines, show_report

_SHOWN: Final = 10


def _open(request: HttpRequest, organisation: str, conference: str) -> Conference:
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    demand(request, Permission.PEOPLE_WRITE)
    return row


def _find(conference: Conference, code: str) -> ProgrammeImport:
    rows = ProgrammeImport.objects.filter(conference=conference, code=code)
    found = rows.select_related("file").first()
    if found is None:
        raise Http404
    found.conference = conference
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def import_new(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Take pasted text or a file; the format is guessed unless it is said."""
    row = _open(request, organisation, conference)
    error = ""
    if request.method == "POST":
        try:
            kept = _keep(request, row)
        except DomainError as refusal:
            error = refusal.detail
        else:
            return redirect("manage-import", organisation, conference, kept.code)
    context = {
        "conference": row,
        "error": error,
        "text": request.POST.get("text", ""),
        "formats": ProgrammeFormat.choices,
        "format": request.POST.get("format", ""),
        "megabytes": MOST_BYTES // 1024 // 1024,
        "imports": row.programme_imports.defer("text", "settings")[:_SHOWN],
    }
    return render(request, "events/manage/import_new.html", context, status=400 if error else 200)


def _keep(request: HttpRequest, row: Conference) -> ProgrammeImport:
    upload, text = request.FILES.get("file"), request.POST.get("text", "")
    if upload is not None and (upload.size or 0) > MOST_BYTES:
        raise DomainError("too-large", f"A file may have {MOST_BYTES // 1024 // 1024} MB.")
    if upload is None and not text.strip():
        raise DomainError("validation-failed", "Paste an agenda, or choose a file.")
    content = upload.read() if upload is not None else text.encode("utf-8", "replace")
    said = request.POST.get("format", "")
    return keep_programme(
        conference=row,
        format=said if said in ProgrammeFormat.values else guess_format(content),
        text="" if upload is not None else text,
        content=content if upload is not None else None,
        name=(upload.name or "programme") if upload is not None else "",
        actor=actor_of(request),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@gzip_page
@console_page
def import_page(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Show what each line would become; POST keeps what was decided, or begins.

    Once it has begun: how far it is, and in the end what it did.
    """
    row = _open(request, organisation, conference)
    found = _find(row, code)
    if not _is_open(found):
        if request.method == "POST" and may_begin_anew(found) and "start" in request.POST:
            return _posted(request, row, found)
        if request.method == "POST":
            messages.error(request, "This import has begun already.")
            return redirect("manage-import", organisation, conference, code)
        return show_report(request, row, found)
    error = ""
    if request.method == "POST":
        try:
            return _posted(request, row, found)
        except DomainError as refusal:
            error = refusal.errors[0].detail if refusal.errors else refusal.detail
            found = _find(row, code)
    return show_lines(request, row, found, error)


def _is_open(found: ProgrammeImport) -> bool:
    """Tell whether it waits for a person's decisions."""
    return found.state == JobState.WAITING and bool(found.text or found.file)


def _posted(request: HttpRequest, row: Conference, found: ProgrammeImport) -> HttpResponse:
    try:
        programme = read_import(found).programme
    except DomainError:
        programme = None
    said = request.POST.get("format", "")
    found = set_up_programme_import(
        programme_import=found,
        format=said if said in ProgrammeFormat.values else None,
        settings=settings_of(request.POST, programme, found.settings),
        actor=actor_of(request),
    )
    place = (row.organisation.slug, row.slug)
    here = reverse("manage-import", args=[*place, found.code])
    if "start" not in request.POST:
        day = request.POST.get("day", "")
        return redirect(f"{here}?day={day}" if day[:4].isdecimal() or day == "none" else here)
    started = start_programme_import(
        programme_import=found, programme=read_import(found).programme, actor=actor_of(request)
    )
    if started.state == JobState.RUNNING:
        nudge(import_programmes)
        return redirect(here)
    numbers = started.report["counts"]["sessions"]
    if numbers.get("left_out") or numbers.get("edited"):
        return redirect(here)
    messages.success(request, _done_sentence(numbers))
    return redirect("manage-sessions", *place)


def _done_sentence(numbers: dict[str, int]) -> str:
    words = {ADDED: "new", CHANGED: "changed", "unchanged": "as before"}
    said = [f"{numbers[name]} {word}" for name, word in words.items() if numbers.get(name)]
    total = sum(numbers.get(name, 0) for name in words)
    begin = "1 session is in" if total == 1 else f"{total} sessions are in"
    return f"{begin}: {', '.join(said)}."


@require_http_methods(["POST"])
@console_page
def import_stop(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Stop an import; one that has not begun is dropped."""
    row = _open(request, organisation, conference)
    found = _find(row, code)
    waited = found.state == JobState.WAITING
    try_verb(
        request,
        [],
        "Dropped. Nothing was brought in." if waited else "It stops after the piece it is at.",
        lambda: stop_programme_import(programme_import=found, actor=actor_of(request)),
    )
    if waited:
        return redirect("manage-import-new", organisation, conference)
    return redirect("manage-import", organisation, conference, code)


@require_http_methods(["POST"])
@console_page
def import_undo(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Take back what an import did to sessions: all of it, or nothing."""
    row = _open(request, organisation, conference)
    found = _find(row, code)
    try_verb(
        request,
        [],
        "Undone. Rooms, tracks and people that came with it stay.",
        lambda: undo_programme_import(programme_import=found, actor=actor_of(request)),
    )
    return redirect("manage-import", organisation, conference, code)

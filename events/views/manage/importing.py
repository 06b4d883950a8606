"""Bringing a programme in: paste or choose it, look at every line, bring it in, see what came."""

from __future__ import annotations

from typing import Any, Final

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
from core.tables.encodings import ENCODINGS
from core.tables.reading import DELIMITERS, MOST_BYTES, read_table
from core.text import LANGUAGES, pick_text
from events.enums import JobState, ParticipationRole, ProgrammeFormat, SessionKind
from events.exchange.programme import Read, content_of, guess_format, options_of, read_import
from events.exchange.table_columns import COLUMNS, guess_columns
from events.forms.importing import settings_of
from events.models import Conference, ProgrammeImport, Venue
from events.services.importing import (
    keep_programme,
    set_up_programme_import,
    start_programme_import,
    stop_programme_import,
    undo_programme_import,
)
from events.services.importing_beside import venue_for
from events.services.importing_lines import ADDED, CHANGED
from events.services.importing_plan import counts, general_marks, is_elsewhen
from events.services.importing_running import plan_programme
from events.services.importing_settings import COME_AS
from events.tasks import import_programmes
from events.views.access import get_conference
from events.views.manage.base import console_page, try_verb
from events.views.manage.importing_lines import VERDICTS, page_of

_SHOWN: Final = 10
_SAMPLES: Final = 3
_COME_AS: Final = dict(
    zip(
        COME_AS,
        (
            ("Asked by nobody yet", "Readers see them when they have said yes to you."),
            ("Shown, not asked yet", "Readers see them at once; you may still ask them."),
            (
                "They have agreed",
                "Each gets a place as a speaker, and a confirmation where there is an address.",
            ),
        ),
        strict=True,
    )
)
_NUMBERS: Final = (
    *(("added", "new"), ("changed", "changing"), ("edited", "edited here"), ("unchanged", "as is")),
    *(("left_out", "staying out"), ("vanished", "gone from the source")),
)


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
        if request.method == "POST" and _may_begin_anew(found) and "start" in request.POST:
            return _posted(request, row, found)
        if request.method == "POST":
            messages.error(request, "This import has begun already.")
            return redirect("manage-import", organisation, conference, code)
        return _report(request, row, found)
    error = ""
    if request.method == "POST":
        try:
            return _posted(request, row, found)
        except DomainError as refusal:
            error = refusal.errors[0].detail if refusal.errors else refusal.detail
            found = _find(row, code)
    return _look(request, row, found, error)


def _is_open(found: ProgrammeImport) -> bool:
    """Tell whether it waits for a person's decisions."""
    return found.state == JobState.WAITING and bool(found.text or found.file)


def _may_begin_anew(found: ProgrammeImport) -> bool:
    """Tell whether one that stopped or failed can be brought in once more."""
    over = {JobState.STOPPED.value, JobState.FAILED.value}
    return found.state in over and bool(found.text or found.file)


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


def _look(
    request: HttpRequest, row: Conference, found: ProgrammeImport, error: str
) -> HttpResponse:
    read, plan, page, refused = None, None, None, ""
    try:
        read = read_import(found)
        plan = plan_programme(found, read.programme)
        asked = request.GET.get("day", "")
        page = page_of(plan, read.programme, found.settings.get("decisions", {}), asked)
    except DomainError as refusal:
        refused = refusal.detail
    numbers = counts(plan) if plan else {}
    options = options_of(found)
    context: dict[str, Any] = {
        "conference": row,
        "import": found,
        "error": error,
        "refused": refused,
        "plan": plan,
        "page": page,
        "numbers": _numbers(numbers.get("sessions", {})),
        "total": len(plan.sessions) if plan else 0,
        "coming_in": sum(line.comes_in for line in plan.sessions) if plan else 0,
        "numbers_of_rooms": numbers.get("rooms", {}),
        "left_out": general_marks(plan)[:200] if plan else [],
        "formats": ProgrammeFormat.choices,
        "languages": {tag: LANGUAGES[tag] for tag in row.languages if tag in LANGUAGES},
        "language": options.language,
        "first_day": options.first_day.isoformat(),
        "encodings": ENCODINGS,
        "delimiters": DELIMITERS,
        "columns": _columns(found, read),
        "fields": COLUMNS,
        "kinds": SessionKind.choices,
        "roles": ParticipationRole.choices,
        "come_as": _COME_AS,
        "people_as": found.settings.get("people") or COME_AS[0],
        "links": found.settings.get("links", True),
        "has_links": bool(plan and any(line.links for line in plan.sessions)),
        "elsewhen": bool(read and is_elsewhen(row, read.programme)),
        "vanished_chosen": found.settings.get("vanished", []),
        "venues": _venues(row, found) if plan else None,
    }
    status = 400 if error else 200
    return render(request, "events/manage/import.html", context, status=status)


def _numbers(numbers: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {"number": numbers[name], "label": label, "shape": VERDICTS.get(name, ("warn", ""))[0]}
        for name, label in _NUMBERS
        if numbers.get(name)
    ]


def _columns(found: ProgrammeImport, read: Read | None) -> list[dict[str, Any]]:
    """Return the columns of a table, also of one in which no session was found yet."""
    if found.format != ProgrammeFormat.TABLE:
        return []
    table = read.table if read else None
    if table is None:
        said = found.settings
        try:
            table = read_table(
                content_of(found),
                encoding=str(said.get("encoding", "")),
                delimiter=str(said.get("delimiter", "")),
            )
        except DomainError:
            return []
    named = found.settings.get("columns") or []
    columns = read.columns if read else named
    if len(columns) != len(table.header):
        columns = guess_columns(table.header)
    rows = [cells for _number, cells in table.rows[:_SAMPLES]]
    return [
        {"title": title, "field": name, "samples": [row[n][:60] for row in rows if row[n]]}
        for n, (title, name) in enumerate(zip(table.header, columns, strict=True))
    ]


def _venues(row: Conference, found: ProgrammeImport) -> dict[str, Any]:
    """Return where new rooms may be put, and where they are put unless somebody says otherwise."""
    try:
        chosen = venue_for(row, found.settings)
    except DomainError:
        chosen = None
    language = row.first_language
    rows = Venue.objects.filter(organisation_id=row.organisation_id)
    return {
        "choices": [(venue.code, pick_text(venue.name, language)) for venue in rows],
        "chosen": chosen.code if chosen else "+",
        "name": found.settings.get("venue_name") or pick_text(row.title, language),
    }


def _report(request: HttpRequest, row: Conference, found: ProgrammeImport) -> HttpResponse:
    report = found.report
    numbers = report.get("counts", {})
    lines = report.get("lines", [])
    context = {
        "conference": row,
        "import": found,
        "numbers": _numbers(numbers.get("sessions", {})),
        "people": numbers.get("people", {}),
        "rooms": numbers.get("rooms", {}),
        "tracks": numbers.get("tracks", {}),
        "lines": [
            {**line, "shape": _LINE_WORDS.get(line["what"], ("", ""))[0],
             "label": _LINE_WORDS.get(line["what"], ("", line["what"]))[1]}
            for line in sorted(lines, key=_by_subject)[:500]
            if line["about"] != "room" or line["sentences"]
        ],
        "hidden": max(0, len(lines) - 500),
        "may_begin_anew": _may_begin_anew(found),
        "can_undo": bool(report.get("deed")) and not report.get("undone")
        and found.state != JobState.RUNNING
        and row.draft_edits.filter(deed=report["deed"], undone_at=None).exists(),
    }  # fmt: skip
    return render(request, "events/manage/import_done.html", context)


_SUBJECTS: Final = ("session", "person", "room", "track", "line")


def _by_subject(line: dict[str, Any]) -> int:
    return _SUBJECTS.index(line["about"]) if line["about"] in _SUBJECTS else len(_SUBJECTS)


_LINE_WORDS: Final = {
    **VERDICTS,
    CHANGED: ("warn", "Changed"),
    ADDED: ("good", "New"),
    "left_out": ("bad", "Stayed out"),
    "vanished": ("warn", "Gone from the source"),
    "deleted": ("off", "Deleted"),
    "cancelled": ("off", "Cancelled"),
    "unsure": ("warn", "Doubtful"),
    "skipped": ("off", "Left out"),
    "broken": ("bad", "Not readable"),
}


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

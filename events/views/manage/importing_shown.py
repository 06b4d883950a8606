"""What the pages of an import show: what each line would become, and what became of it."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import DomainError
from core.tables.encodings import ENCODINGS
from core.tables.reading import DELIMITERS, read_table
from core.text import LANGUAGES, pick_text
from events.enums import JobState, ParticipationRole, ProgrammeFormat, SessionKind
from events.exchange.programme import Read, content_of, options_of, read_import
from events.exchange.table_columns import COLUMNS, guess_columns
from events.models import Conference, ProgrammeImport, Venue
from events.services.importing_beside import venue_for
from events.services.importing_lines import ADDED, CHANGED
from events.services.importing_plan import counts, general_marks, is_elsewhen
from events.services.importing_running import plan_programme
from events.services.importing_settings import COME_AS
from events.views.manage.importing_lines import VERDICTS, page_of

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


def may_begin_anew(found: ProgrammeImport) -> bool:
    """Tell whether one that stopped or failed can be brought in once more."""
    over = {JobState.STOPPED.value, JobState.FAILED.value}
    return found.state in over and bool(found.text or found.file)


def show_lines(
    request: HttpRequest, row: Conference, found: ProgrammeImport, error: str
) -> HttpResponse:
    """Show what each line would become, and how the source is read."""
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


def show_report(request: HttpRequest, row: Conference, found: ProgrammeImport) -> HttpResponse:
    """Show how far an import is, and in the end what it did."""
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
        "may_begin_anew": may_begin_anew(found),
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

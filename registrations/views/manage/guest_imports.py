"""A list from a spreadsheet: choose the file, look at every line, bring it in."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.views.access import actor_of, demand
from core.errors import DomainError
from core.nudging import nudge
from core.tables.reading import MOST_BYTES, read_table, type_of
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page
from registrations.enums import ImportState, RegistrationKind
from registrations.exchange.guest_columns import COLUMNS
from registrations.exchange.guest_list import GuestList, read_guest_list
from registrations.forms.invitations import ImportForm
from registrations.models import GuestImport
from registrations.services.guest_import import keep_guest_list, set_up_import, start_import
from registrations.services.guest_matching import DOUBLE, NEW, SKIP, Line, match_rows
from registrations.tasks import import_guests

_SHOWN: Final = 200
_SAMPLES: Final = 3
_SHAPES: Final = {
    ImportState.WAITING.value: "",
    ImportState.RUNNING.value: "sending",
    ImportState.DONE.value: "sent",
    ImportState.FAILED.value: "failed",
}
_ORDER: Final = ("wrong", "double", "repeated", "new", "known")
_VERDICTS: Final = {
    "new": ("good", "New"),
    "known": ("", "Known"),
    "double": ("warn", "Possible double"),
    "repeated": ("off", "Stands twice"),
    "wrong": ("bad", "Stays out"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def guest_import_new(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Take a file, if it can be read at all."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    demand(request, Permission.PEOPLE_WRITE)
    error = ""
    if request.method == "POST":
        try:
            kept = _keep(request, row)
        except DomainError as refusal:
            error = refusal.detail
        else:
            return redirect("manage-guest-import", organisation, conference, kept.code)
    context = {"conference": row, "error": error, "megabytes": MOST_BYTES // 1024 // 1024}
    return render(request, "registrations/manage/guest_import_new.html", context)


def _keep(request: HttpRequest, row: Conference) -> GuestImport:
    upload = request.FILES.get("file")
    if upload is None:
        raise DomainError("validation-failed", "Choose a file.")
    if (upload.size or 0) > MOST_BYTES:
        raise DomainError("too-large", f"A list may have {MOST_BYTES // 1024 // 1024} MB.")
    content = upload.read()
    read_table(content)
    return keep_guest_list(
        conference=row,
        content=content,
        name=upload.name or "list",
        content_type=type_of(content),
        actor=actor_of(request),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def guest_import(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Show what each line would become; POST keeps the settings, or begins."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    demand(request, Permission.PEOPLE_WRITE)
    found = GuestImport.objects.filter(conference=row, code=code).select_related("file").first()
    if found is None:
        raise Http404
    found.conference = row
    if found.state != ImportState.WAITING:
        context = {"conference": row, "import": found, "shape": _SHAPES[found.state]}
        return render(request, "registrations/manage/guest_import_done.html", context)
    types = list(row.registration_types.all())
    form = ImportForm(
        request.POST or None,
        conference=row,
        types=types,
        initial=_initial(found, types),
        looking="start" not in request.POST and request.method == "POST",
    )
    if request.method == "POST" and form.is_valid():
        if _save(request, form, found) and "start" not in request.POST:
            return redirect("manage-guest-import", organisation, conference, code)
        if not form.errors and _start(request, form, found):
            return redirect("manage-guest-import", organisation, conference, code)
        found.refresh_from_db()
        found.conference = row
    return _look(request, found, form, has_types=bool(types))


def _initial(found: GuestImport, types: list[Any]) -> dict[str, Any]:
    first = next((one.slug for one in types if one.kind == RegistrationKind.GUEST), "")
    return {
        "registration_type": first or next((one.slug for one in types), ""),
        "wave": 1,
        "hold": True,
        **found.settings,
        "update": "1" if found.settings.get("update") else "",
        "source": found.source,
        "basis": found.basis,
    }


def _save(request: HttpRequest, form: ImportForm, found: GuestImport) -> bool:
    columns = request.POST.getlist("column")
    settings = {
        **form.settings(),
        "choices": {
            **found.settings.get("choices", {}),
            **{
                name.removeprefix("choice-"): str(value)[:10]
                for name, value in request.POST.items()
                if name.startswith("choice-") and name.removeprefix("choice-").isdigit() and value
            },
        },
    }
    if columns:
        settings["columns"] = [name if name in COLUMNS else "" for name in columns]
    saved = attempt(
        form,
        [],
        lambda: set_up_import(
            guest_import=found,
            settings=settings,
            source=form.cleaned_data["source"],
            basis=form.cleaned_data["basis"],
            actor=actor_of(request),
        ),
    )
    return saved is not None


def _start(request: HttpRequest, form: ImportForm, found: GuestImport) -> bool:
    found.refresh_from_db()
    started = attempt(
        form,
        [],
        lambda: start_import(
            guest_import=found, rows=read_guest_list(found).rows, actor=actor_of(request)
        ),
    )
    if started is None:
        return False
    if started.state == ImportState.RUNNING:
        nudge(import_guests)
    return True


def _look(
    request: HttpRequest, found: GuestImport, form: ImportForm, *, has_types: bool
) -> HttpResponse:
    error, listed, lines = "", None, list[Line]()
    try:
        listed = read_guest_list(found)
        lines = match_rows(
            found.conference.organisation_id, listed.rows, found.settings.get("choices")
        )
    except DomainError as refusal:
        error = refusal.detail
    numbers = {name: sum(line.verdict == name for line in lines) for name in _ORDER}
    shown = sorted(lines, key=lambda line: (_ORDER.index(line.verdict), line.row.number))[:_SHOWN]
    context = {
        "conference": found.conference,
        "import": found,
        "form": form,
        "has_types": has_types,
        "error": error,
        "list": listed,
        "columns": _columns(listed) if listed else [],
        "fields": COLUMNS.items(),
        "numbers": [
            {"label": _VERDICTS[name][1], "number": number, "shape": _VERDICTS[name][0]}
            for name, number in numbers.items()
            if number
        ],
        "coming_in": numbers["new"] + numbers["known"],
        "lines": [_shown(line, found) for line in shown],
        "hidden": max(len(lines) - _SHOWN, 0),
        "encoding_now": listed.table.encoding if listed else "",
        "delimiter_now": listed.table.delimiter if listed else "",
        "new": NEW,
        "skip": SKIP,
    }
    return render(request, "registrations/manage/guest_import.html", context)


def _columns(listed: GuestList) -> list[dict[str, Any]]:
    rows = [cells for _number, cells in listed.table.rows[:_SAMPLES]]
    return [
        {
            "title": title,
            "field": field,
            "samples": [row[index] for row in rows if row[index]],
        }
        for index, (title, field) in enumerate(
            zip(listed.table.header, listed.columns, strict=True)
        )
    ]


def _shown(line: Line, found: GuestImport) -> dict[str, Any]:
    shape, label = _VERDICTS[line.verdict]
    choice = found.settings.get("choices", {}).get(str(line.row.number), "")
    return {
        "line": line,
        "shape": shape,
        "label": label,
        "can_choose": line.verdict == DOUBLE or bool(line.candidates and choice),
        "choice": choice,
    }

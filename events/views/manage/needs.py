"""What is still needed of those who speak: all of them, one of them, and their briefings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.errors import DomainError
from core.text import full_name
from events.enums import NeedKind, NeedState, SessionState
from events.models import Conference, Material, Participation
from events.services.briefing_pdf import briefing_pdf
from events.services.briefings import briefing_of, briefings_of_session, reader_of
from events.services.materials import change_material
from events.services.needs import (
    IN_ORDER,
    NEEDED_OF,
    SHORT,
    Need,
    needs_of,
    settle_need,
    with_needs,
)
from events.services.speaker_links import speaker_path
from events.views.access import get_conference
from events.views.manage.base import console_page, try_verb
from events.views.manage.seats import part_of
from events.views.manage.sessions import get_session


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody on a session, and what is needed of them by kind."""

    part: Participation
    needs: Sequence[Need]

    @property
    def name(self) -> str:
        return full_name(self.part.person.given_name, self.part.person.family_name)

    @property
    def open(self) -> list[NeedKind]:
        return [need.kind for need in self.needs if need.is_open]

    def cells(self, kinds: Sequence[NeedKind]) -> list[tuple[str, Need | None]]:
        by_kind = {need.kind: need for need in self.needs}
        return [(SHORT[kind], by_kind.get(kind)) for kind in kinds]


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def needs_page(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Everybody who speaks by everything that is needed; POST settles one thing of one of them."""
    posting = request.method == "POST"
    needed = Permission.PROGRAMME_WRITE if posting else Permission.PROGRAMME_READ
    row = get_conference(request, organisation, conference, needed)
    if posting:
        return _settle(request, row)
    lines = _lines(row)
    kinds = [kind for kind in NeedKind if any(kind in _kinds(line) for line in lines)]
    wanted = request.GET.get("open", "")
    shown = [line for line in lines if _is_meant(line, wanted)]
    chosen = next((line for line in lines if line.part.code == request.GET.get("part")), None)
    context: dict[str, Any] = {
        "conference": row,
        "kinds": [SHORT[kind] for kind in kinds],
        "lines": [(line, line.cells(kinds)) for line in shown],
        "count": len(lines),
        "waiting": sum(bool(line.open) for line in lines),
        "filters": _filters(lines, kinds, wanted),
        "wanted": wanted,
        "chosen": chosen,
        "may_write": may(request, Permission.PROGRAMME_WRITE),
        "may_mail": may(request, Permission.MAIL_WRITE),
    }
    if chosen is not None and context["may_write"]:
        context["speaker_path"] = f"{speaker_path(chosen.part)}give/"
    return render(request, "events/manage/needs.html", context)


@require_safe
@console_page
def participation_briefing(
    request: HttpRequest, organisation: str, conference: str, code: str, part: str
) -> HttpResponse:
    """The briefing of one person on a session, as they get it."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_READ)
    chosen = part_of(get_session(row, code), part)
    if chosen.state not in NEEDED_OF:
        raise Http404
    return _pdf(briefing_pdf([briefing_of(chosen, reader_of(chosen))]), f"briefing-{part}.pdf")


@require_safe
@console_page
def session_briefings(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """The briefings of everybody on a session, one after another."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_READ)
    briefings = briefings_of_session(get_session(row, code))
    if not briefings:
        raise Http404
    return _pdf(briefing_pdf(briefings), f"briefings-{code}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _lines(conference: Conference) -> list[Line]:
    materials = Material.objects.select_related("file")
    rows = with_needs(
        Participation.objects.filter(
            session__conference=conference,
            session__state=SessionState.PLANNED,
            state__in=NEEDED_OF,
        )
    ).prefetch_related(Prefetch("materials", queryset=materials))
    return [Line(part, needs_of(part)) for part in rows.order_by(*IN_ORDER)]


def _kinds(line: Line) -> set[NeedKind]:
    return {need.kind for need in line.needs}


def _is_meant(line: Line, wanted: str) -> bool:
    if wanted == "any":
        return bool(line.open)
    return not wanted or wanted in line.open


def _filters(lines: Sequence[Line], kinds: Sequence[NeedKind], wanted: str) -> list[dict[str, Any]]:
    """Return the chips by which the list is narrowed, each with its number."""
    found = [("", "All", len(lines)), ("any", "Something open", sum(bool(o.open) for o in lines))]
    found += [(k.value, f"{SHORT[k]} open", sum(k in line.open for line in lines)) for k in kinds]
    return [
        {"value": value, "label": label, "count": count, "current": value == wanted}
        for value, label, count in found
        if count or value == wanted or not value
    ]


def _settle(request: HttpRequest, conference: Conference) -> HttpResponse:
    code = request.POST.get("part", "")
    rows = Participation.objects.filter(session__conference=conference, code=code)
    part = rows.select_related("session__conference", "person").first()
    if part is None:
        messages.error(request, "Choose somebody from the list. Nothing was changed.")
        return _back(request, conference)
    if material := request.POST.get("material"):
        _show(request, part, material)
    else:
        kind, state = request.POST.get("kind", ""), request.POST.get("state", "")
        word = NeedState(state).label.lower() if state in NeedState.values else state
        try_verb(
            request,
            [],
            f"Saved: {word}.",
            lambda: settle_need(
                participation=part,
                kind=kind,
                state=state,
                note=request.POST.get("note", ""),
                actor=actor_of(request),
            ),
        )
    return _back(request, conference, part.code)


def _show(request: HttpRequest, part: Participation, code: str) -> None:
    row = part.materials.filter(code=code).select_related("conference").first()
    shown = request.POST.get("shown") == "yes"
    if row is None:
        messages.error(request, "These slides are gone. Nothing was changed.")
        return
    try:
        change_material(
            material=row, changes={"shown": shown}, expected=None, actor=actor_of(request)
        )
    except DomainError as refusal:
        messages.error(request, refusal.detail)
        return
    messages.success(request, "Readers see the slides." if shown else "The slides are hidden.")


def _back(request: HttpRequest, conference: Conference, part: str = "") -> HttpResponse:
    here = reverse("manage-speaker-needs", args=[conference.organisation.slug, conference.slug])
    wanted = request.POST.get("open", "")
    open_ = f"open={wanted}&" if wanted in {"any", *NeedKind.values} else ""
    return redirect(f"{here}?{open_}part={part}#card" if part else here)

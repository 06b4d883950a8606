"""The last changes of the draft, and undoing one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.errors import DomainError
from events.models import Conference, DraftEdit
from events.services.edit_words import deed_sentence, rooms_by_code, title_of, what, who
from events.services.undoing import undo_edit
from events.views.access import get_conference
from events.views.manage.base import console_page
from events.views.manage.editing import say_done, undo_url
from events.views.manage.grid_facts import facts_of_session

SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Deed:
    """What one verb did, on however many sessions."""

    lead: DraftEdit
    who: str
    sentence: str
    code: str


@require_GET
@console_page
def edit_list(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """The last 200 changes, the last one first, with buttons that undo them."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_READ)
    return render(
        request,
        "events/manage/edits.html",
        {
            "conference": row,
            "deeds": _deeds(row),
            "may_write": may(request, Permission.PROGRAMME_WRITE),
        },
    )


@require_POST
@console_page
def edit_undo(
    request: HttpRequest, organisation: str, conference: str, deed: uuid.UUID
) -> HttpResponse:
    """Undo a deed; say so on the page that it came from, with a button that does it again."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    if not row.draft_edits.filter(deed=deed).exists():
        raise Http404
    wants_facts = "application/json" in request.headers.get("Accept", "")
    try:
        done = undo_edit(conference=row, deed=deed, actor=actor_of(request))
    except DomainError as refusal:
        if wants_facts:
            return JsonResponse({"detail": refusal.detail}, status=refusal.status)
        messages.error(request, refusal.detail)
    else:
        if wants_facts:
            return JsonResponse(_facts(row, done))
        rooms = rooms_by_code(row) if any("room" in edit.after for edit in done) else {}
        title = title_of(done[0], row.first_language)
        words = what(done[0], rooms).removeprefix("undid that and ")
        say_done(request, row, f"Undone: “{title}”, {words}.")
    back = request.POST.get("next") or request.headers.get("Referer", "")
    ours = back.startswith(("/", f"{request.scheme}://"))
    if not ours or not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = reverse("manage-edits", args=[organisation, conference])
    return HttpResponseRedirect(back)


def _facts(row: Conference, done: list[DraftEdit]) -> dict[str, object]:
    here = [edit.session for edit in done if edit.session is not None]
    gone = [edit.before["code"] for edit in done if edit.session is None]
    return {
        "sessions": [facts_of_session(session, row.first_language) for session in here],
        "gone": gone,
        "undo": undo_url(row),
        "said": f"Undone: {', '.join(title_of(edit, row.first_language) for edit in done[:3])}.",
    }


def _deeds(row: Conference) -> list[Deed]:
    rooms = rooms_by_code(row)
    language = row.first_language
    edits = row.draft_edits.select_related("session").order_by("-at", "-id")[:SHOWN]
    found = []
    for _, group in groupby(edits, key=lambda edit: edit.deed):
        together = list(group)[::-1]
        lead = together[0]
        code = lead.session.code if lead.session else ""
        found.append(Deed(lead, who(lead), deed_sentence(together, rooms, language), code))
    return found

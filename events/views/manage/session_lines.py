"""A line of the list: its time and minutes, its place in the order, a break after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from accounts.views.access import actor_of
from core.errors import DomainError
from core.text import pick_text
from events.forms.lines import slot_of_line
from events.models import Conference, Session
from events.services.adding_lines import BREAKS
from events.services.arranging import (
    day_of,
    first_day,
    flow_day,
    insert_session,
    line_of,
    programme_day,
    reorder_day,
)
from events.views.access import get_conference
from events.views.manage.base import console_page, posted_version
from events.views.manage.editing import say_done, stale_notice
from events.views.manage.session_list import list_url, show_list
from events.views.manage.sessions import get_session

_MOST: Final = 500


@require_POST
@console_page
def session_line(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Save a line's time and minutes, move it up or down, or put a break after it."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    session = get_session(row, code)
    deed = _DEEDS.get(request.POST.get("do", "save"), _save)
    try:
        said = deed(request, row, session)
    except DomainError as refusal:
        if refusal.kind == "stale":
            notice = stale_notice(request, row, session)
            return show_list(request, row, {"stale": notice}, status=refusal.status)
        detail = refusal.errors[0].detail if refusal.errors else refusal.detail
        messages.error(request, detail)
    else:
        say_done(request, row, said)
    start = session.start_local
    day = programme_day(start, first_day(row)).isoformat() if start else request.POST.get("day", "")
    return redirect(list_url(row, day))


@require_POST
@console_page
def session_order_of_day(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Take the order into which a day's lines were dragged: `CODE:VERSION,CODE:VERSION…`."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    pairs = [pair.partition(":") for pair in request.POST.get("order", "").split(",")[:_MOST]]
    versions = {code: int(text) for code, _, text in pairs if text.isdecimal() and len(text) < 10}  # noqa: PLR2004 - a 32-bit number
    day = request.POST.get("day", "")
    try:
        moved = reorder_day(
            conference=row,
            codes=[code for code, _, _ in pairs],
            versions=versions,
            actor=actor_of(request),
        )
    except DomainError as refusal:
        stale = "Somebody changed this day in the meantime. Look at it and drag once more."
        messages.error(request, stale if refusal.kind == "stale" else refusal.detail)
    else:
        if moved:
            say_done(request, row, f"{_count(len(moved))} moved.")
    return redirect(list_url(row, day if day[:4].isdecimal() else ""))


def _save(request: HttpRequest, row: Conference, session: Session) -> str:
    posted = request.POST
    start, end = slot_of_line(
        session, row, posted.get("start", ""), posted.get("minutes", ""), posted.get("day", "")
    )
    moved = flow_day(
        session=session,
        start_local=start,
        end_local=end,
        room=session.room,
        expected=posted_version(request),
        actor=actor_of(request),
    )
    now = moved[0]
    said = f"{_title(now)}: {start:%H:%M}–{end:%H:%M}."
    return f"{said} {_count(len(moved) - 1)} moved with it." if len(moved) > 1 else said


def _swap(step: int) -> Callable[[HttpRequest, Conference, Session], str]:
    def swap(request: HttpRequest, row: Conference, session: Session) -> str:
        if session.start_local is None:
            raise DomainError("wrong-state", "This session has no time yet. Give it one first.")
        day = day_of(row, session.start_local)
        line = [one.code for one in line_of(day, session)]
        here = line.index(session.code) if session.code in line else -1
        there = here + step
        if here < 0 or not 0 <= there < len(line):
            return f"{_title(session)} stays where it is."
        codes = [one.code for one in day]
        a, b = codes.index(line[here]), codes.index(line[there])
        codes[a], codes[b] = codes[b], codes[a]
        version = posted_version(request)
        reorder_day(
            conference=row,
            codes=codes,
            versions={session.code: version} if version else None,
            actor=actor_of(request),
        )
        return f"{_title(session)} is {'earlier' if step < 0 else 'later'}."

    return swap


def _break(request: HttpRequest, row: Conference, session: Session) -> str:
    text = request.POST.get("break_minutes", "15")
    added = insert_session(
        after=session,
        minutes=int(text) if text.isdecimal() and len(text) < 5 else 15,  # noqa: PLR2004 - 1,440
        title=BREAKS.get(row.first_language, BREAKS["en"]),
        expected=posted_version(request),
        actor=actor_of(request),
    )
    return f"A break from {added.start_local:%H:%M} to {added.end_local:%H:%M} is put in."


_DEEDS: Final[dict[str, Any]] = {
    "save": _save,
    "earlier": _swap(-1),
    "later": _swap(1),
    "break": _break,
}


def _title(session: Session) -> str:
    return f"“{pick_text(session.title, session.conference.first_language)}”"


def _count(number: int) -> str:
    return f"{number} session{'' if number == 1 else 's'}"

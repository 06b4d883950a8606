"""The grid editor: rooms by time. The page has the facts, a script draws and moves them; without it
a table says the same. A move is one small form, answered with facts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.errors import DomainError
from events.forms.session import rooms_of
from events.models import Conference, Room, Session
from events.services.arranging import first_day, flow_day, programme_day
from events.services.edit_words import rooms_by_code, stale_words
from events.services.sessions import place_session, unschedule_session
from events.views.access import get_conference
from events.views.manage.base import console_page, posted_version
from events.views.manage.editing import undo_url
from events.views.manage.grid_facts import facts_of_grid, facts_of_session
from events.views.manage.sessions import get_session


@dataclass(slots=True)
class GridDay:
    date: dt.date | None
    rows: list[dict[str, object]] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.date.isoformat() if self.date else "none"


@require_GET
@gzip_page
@console_page
def grid_page(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """All rooms and sessions of the draft."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_READ)
    rooms = list(rooms_of(row).values())
    facts = facts_of_grid(row, rooms)
    code = "CODE00"
    keys = [organisation, conference]
    urls = {
        "session": reverse("manage-session", args=[*keys, code]),
        "slot": reverse("manage-session-slot", args=[*keys, code]),
        "conflicts": reverse("manage-grid-conflicts", args=keys),
        "check": reverse("manage-grid-check", args=keys),
    }
    return render(
        request,
        "events/manage/grid.html",
        {
            "conference": row,
            "facts": {
                **facts,
                "urls": urls,
                "write": may(request, Permission.PROGRAMME_WRITE),
            },
            "count": len(facts["sessions"]),
            "rooms": len(rooms),
            "days": (days := _days(row, facts)),
            "day": next((d for d in days if d.key == request.GET.get("day")), [*days, None][0]),
        },
    )


@require_POST
@console_page
def session_slot(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Give a session the posted start, end and room, or take them away; answer facts.

    `flow` takes those along that follow it in its room. 412 says who was faster and has the
    session as it is now.
    """
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    session = get_session(row, code)
    try:
        changed = _place(request, row, session)
    except DomainError as refusal:
        detail = refusal.errors[0].detail if refusal.errors else refusal.detail
        if refusal.kind != "stale":
            return JsonResponse({"detail": detail}, status=refusal.status)
        now = get_session(row, code)
        seen = posted_version(request) or now.version
        words = stale_words(now, seen, rooms_by_code(row))
        return JsonResponse(
            {
                "detail": words or "Somebody changed its people or its details in the meantime.",
                "theirs": facts_of_session(now, row.first_language),
            },
            status=refusal.status,
        )
    return JsonResponse(
        {
            "sessions": [facts_of_session(one, row.first_language) for one in changed],
            "undo": undo_url(row),
        }
    )


def _place(request: HttpRequest, row: Conference, session: Session) -> list[Session]:
    posted = request.POST
    expected, actor = posted_version(request), actor_of(request)
    if not posted.get("start"):
        return [unschedule_session(session=session, expected=expected, actor=actor)]
    deed = flow_day if posted.get("flow") else place_session
    placed: list[Session] | Session = deed(
        session=session,
        start_local=posted.get("start", ""),
        end_local=posted.get("end", ""),
        room=_room(row, posted.get("room", "")),
        expected=expected,
        actor=actor,
    )
    return placed if isinstance(placed, list) else [placed]


def _room(row: Conference, code: str) -> Room | None:
    if not code:
        return None
    room = rooms_of(row).get(code)
    if room is None:
        raise DomainError("validation-failed", "The conference has no such room.")
    return room


def _days(row: Conference, facts: dict[str, list[dict[str, str]]]) -> list[GridDay]:
    """Return the same by day, for readers without the script."""
    first = first_day(row)
    names = {room["code"]: room["name"] for room in facts["rooms"]}
    days: dict[dt.date | None, GridDay] = {}
    for session in facts["sessions"]:
        start = dt.datetime.fromisoformat(session["start"]) if session["start"] else None
        date = programme_day(start, first) if start else None
        days.setdefault(date, GridDay(date)).rows.append(
            {
                **session,
                "room": names.get(session["room"], ""),
                "time": f"{session['start'][11:]}–{session['end'][11:]}" if start else "",
            }
        )
    return sorted(days.values(), key=lambda day: (day.date is None, day.date or dt.date.min))

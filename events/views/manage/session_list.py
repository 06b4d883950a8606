"""The list editor: the draft by day, one line a session; type a line, get a session."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from events.conflicts import Conflict, roles
from events.enums import OFF_THE_PANEL, ParticipationRole, ParticipationState, SessionState
from events.forms.lines import UNPLACED, LineForm
from events.models import Conference, Session
from events.services.adding_lines import add_line
from events.services.arranging import first_day, programme_day
from events.services.conflicts import conflicts_of
from events.services.typed_lines import USUAL_MINUTES
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page
from events.views.manage.editing import say_done

# With more sessions than these, one day is shown at a time.
MANY: Final = 150
# Who is missing on a session its line says already.
_SAID_BY_THE_LINE: Final = frozenset(roles.KINDS)
_MINUTE: Final = dt.timedelta(minutes=1)


@dataclass(slots=True)
class Line:
    """A session in the list, with how many of its people have said yes."""

    session: Session
    people: int
    confirmed: int
    moderators: int
    day: dt.date | None
    earlier: bool = False
    later: bool = False
    conflicts: tuple[Conflict, ...] = ()

    @property
    def answers(self) -> str:
        return f"{self.confirmed} of {self.people} confirmed"

    @property
    def minutes(self) -> int:
        start, end = self.session.start_local, self.session.end_local
        if start is None or end is None:
            usual: Any = USUAL_MINUTES
            return self.session.planned_minutes or usual.get(self.session.kind, 30)
        return int((end - start) / _MINUTE)

    @property
    def is_after_midnight(self) -> bool:
        start = self.session.start_local
        return start is not None and start.date() != self.day


@dataclass(slots=True)
class DayOfSessions:
    """A day of the draft; without a date, the sessions that have no time yet."""

    date: dt.date | None
    count: int = 0
    lines: list[Line] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.date.isoformat() if self.date else UNPLACED


@require_http_methods(["GET", "HEAD", "POST"])
@gzip_page
@console_page
def session_list(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """All sessions of the draft; POST adds one by a typed line."""
    posting = request.method == "POST"
    needed = Permission.PROGRAMME_WRITE if posting else Permission.PROGRAMME_READ
    row = get_conference(request, organisation, conference, needed)
    form = LineForm(request.POST or None, conference=row, initial={"day": _asked_day(request)})
    if posting and form.is_valid():
        session = attempt(
            form, [], lambda: add_line(conference=row, actor=actor_of(request), **form.values())
        )
        if session is not None:
            start = session.start_local
            at = f" at {start:%H:%M}" if start else ""
            kind = session.get_kind_display().lower()
            say_done(request, row, f"Added “{session.title[row.first_language]}”: {kind}{at}.")
            return redirect(list_url(row, form.cleaned_data["day"], form.cleaned_data["room"]))
    return show_list(request, row, {"form": form})


def show_list(
    request: HttpRequest, conference: Conference, facts: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Answer the list, with a form or a notice that says how the last deed went."""
    days = days_of(conference, _asked_day(request))
    _mark_conflicts(conference, days)
    form = facts.pop("form", None) or LineForm(None, conference=conference)
    form.offer(days, _asked_day(request), request.GET.get("room", ""))
    rooms = {line.session.room_id for day in days for line in day.lines if line.session.room_id}
    return render(
        request,
        "events/manage/sessions.html",
        {
            "conference": conference,
            "days": [day for day in days if day.lines],
            "tabs": days if sum(day.count for day in days) > MANY else [],
            "count": sum(day.count for day in days),
            "several_rooms": len(rooms) > 1,
            "form": form,
            "may_write": may(request, Permission.PROGRAMME_WRITE),
            **facts,
        },
        status=status,
    )


def list_url(conference: Conference, day: str = "", room: str = "") -> str:
    here = reverse("manage-sessions", args=[conference.organisation.slug, conference.slug])
    pairs = [f"{name}={value}" for name, value in (("day", day), ("room", room)) if value]
    return f"{here}?{'&'.join(pairs)}" if pairs else here


def days_of(conference: Conference, asked: str) -> list[DayOfSessions]:
    """Return the days with how many sessions each has, and the lines of those that are shown."""
    first = first_day(conference)
    starts = conference.sessions.order_by().values_list("start_local", flat=True)
    counts = Counter(programme_day(start, first) if start else None for start in starts)
    days = [DayOfSessions(date, counts[date]) for date in sorted(d for d in counts if d)]
    if None in counts:
        days.append(DayOfSessions(None, counts[None]))  # what has no time yet comes last
    if not days:
        return []
    one = next((day for day in days if day.key == asked), days[0])
    shown = days if sum(counts.values()) <= MANY else [one]
    by_date = {day.date: day for day in shown}
    for session in _rows(conference, [day.date for day in shown]):
        start = session.start_local
        date = programme_day(start, first) if start else None
        if date in by_date:
            by_date[date].lines.append(
                Line(session, session.people, session.confirmed, session.moderators, date)
            )
    for day in shown:
        _mark_neighbours(day)
    return days


def _rows(conference: Conference, dates: list[dt.date | None]) -> Any:
    gone = Q(participations__state__in=OFF_THE_PANEL)
    confirmed = Q(participations__state=ParticipationState.CONFIRMED)
    moderator = Q(participations__role=ParticipationRole.MODERATOR)
    wanted = Q(start_local=None) if None in dates else Q(pk=None)
    if real := [date for date in dates if date]:
        begin = dt.datetime.combine(min(real), dt.time(0))
        wanted |= Q(
            start_local__gte=begin,
            start_local__lt=dt.datetime.combine(max(real), dt.time(0)) + dt.timedelta(days=2),
        )
    return (
        conference.sessions.filter(wanted)
        .select_related("room")
        .annotate(
            people=Count("participations", filter=~gone),
            confirmed=Count("participations", filter=confirmed),
            moderators=Count("participations", filter=moderator & ~gone),
        )
        .order_by("start_local", "order", "pk")
    )


def _mark_neighbours(day: DayOfSessions) -> None:
    """Say which lines have one before and one after them with which they can change places."""
    going = [line for line in day.lines if line.session.state == SessionState.PLANNED and day.date]
    several = len({line.session.room_id for line in going if line.session.room_id}) > 1
    last: dict[int | None, Line] = {}
    for line in going:
        room = line.session.room_id if several else None
        before = last.get(room)
        if before is not None:
            before.later = line.earlier = True
        last[room] = line


def _mark_conflicts(conference: Conference, days: list[DayOfSessions]) -> None:
    """Give each line what is wrong about it and nobody has accepted, the worst first."""
    found: dict[str, list[Conflict]] = defaultdict(list)
    for finding in conflicts_of(conference):
        one = finding.conflict
        if finding.is_open and one.level != "notice" and one.kind not in _SAID_BY_THE_LINE:
            for code in one.sessions:
                found[code].append(one)
    for day in days:
        for line in day.lines:
            line.conflicts = tuple(found[line.session.code])


def _asked_day(request: HttpRequest) -> str:
    return request.GET.get("day") or request.POST.get("day", "")

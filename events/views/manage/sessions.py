"""The draft's sessions by day, with a line that adds one, and a session's own verbs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from events.enums import ParticipationRole, ParticipationState, SessionKind, SessionState
from events.forms.session import QuickSessionForm, SessionForm
from events.models import Conference, Session
from events.services import sessions as services
from events.services.sessions import create_session
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb

USUAL_MINUTES: Final = {
    SessionKind.PANEL: 90,
    SessionKind.OPENING_REMARKS: 15,
    SessionKind.BREAK: 20,
    SessionKind.RECEPTION: 60,
}


@dataclass(slots=True)
class Line:
    """A session in the list, with how many of its people have said yes."""

    session: Session
    people: int
    confirmed: int
    moderators: int

    @property
    def answers(self) -> str:
        return f"{self.confirmed} of {self.people} confirmed"


@dataclass(slots=True)
class DayOfSessions:
    """A day of the draft; without a date, the sessions that have no time yet."""

    date: dt.date | None
    lines: list[Line] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def session_list(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """All sessions of the draft; POST adds one by a single line."""
    posting = request.method == "POST"
    needed = Permission.PROGRAMME_WRITE if posting else Permission.PROGRAMME_READ
    row = get_conference(request, organisation, conference, needed)
    days = _days(row)
    form = QuickSessionForm(request.POST or None, initial=_next_slot(row, days))
    if posting and form.is_valid():
        session = attempt(form, [], lambda: _quick_add(request, row, form.cleaned_data))
        if session is not None:
            messages.success(request, f"Added “{form.cleaned_data['title']}”.")
            here = reverse("manage-sessions", args=[organisation, conference])
            return redirect(f"{here}#add")
    return render(
        request,
        "events/manage/sessions.html",
        {
            "conference": row,
            "days": days,
            "count": sum(len(day.lines) for day in days),
            "form": form,
            "may_write": may(request, Permission.PROGRAMME_WRITE),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def session_new(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Add a session with all that can be said of it."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    form = SessionForm(request.POST or None, conference=row)
    if request.method == "POST" and form.is_valid():
        session = attempt(
            form,
            [],
            lambda: create_session(conference=row, actor=actor_of(request), **form.values()),
        )
        if session is not None:
            messages.success(request, "Added to the draft.")
            return redirect("manage-session", organisation, conference, session.code)
    return render(request, "events/manage/session_new.html", {"conference": row, "form": form})


@dataclass(frozen=True, slots=True)
class Verb:
    title: str
    text: str
    label: str
    done: str
    danger: bool = False


VERBS: Final = {
    "cancel": Verb(
        "Cancel this session?",
        "It stays in the programme and says that it is cancelled, from the next published "
        "version on.",
        "Cancel the session",
        "The session is cancelled in the draft. Publish the programme to say so.",
        danger=True,
    ),
    "restore": Verb(
        "Take this session back in?",
        "It takes place after all, from the next published version on.",
        "Take it back in",
        "The session is in the draft again.",
    ),
    "unschedule": Verb(
        "Take its time and room away?",
        "Everything else of it stays. It leaves the timetable with the next published version.",
        "Take time and room away",
        "The session has no time in the draft now.",
    ),
    "delete": Verb(
        "Delete this session?",
        "It was never published. It goes with its panel; the people stay.",
        "Delete the session",
        "The session is deleted.",
        danger=True,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def session_verb(
    request: HttpRequest, organisation: str, conference: str, code: str, verb: str
) -> HttpResponse:
    """Ask once more, then cancel, restore, unschedule or delete."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    session = get_session(row, code)
    words = VERBS.get(verb)
    if words is None:
        raise Http404
    if request.method == "POST":
        service: Any = getattr(services, f"{verb}_session")
        happened = try_verb(
            request,
            [session],
            words.done,
            lambda: service(
                session=session, expected=posted_version(request), actor=actor_of(request)
            ),
        )
        if verb == "delete" and happened:
            return redirect("manage-sessions", organisation, conference)
        return redirect("manage-session", organisation, conference, code)
    return render(
        request,
        "events/manage/confirm.html",
        {
            "conference": row,
            "session": session,
            "words": words,
            "text": words.text,
            "version": session.version,
            "cancel_url": reverse("manage-session", args=[organisation, conference, code]),
        },
    )


def get_session(conference: Conference, code: str) -> Session:
    """Return a session of the draft.

    Raises:
        Http404: when the conference has none of this code.
    """
    rows = Session.objects.filter(conference=conference, code=code)
    session = rows.select_related("room", "track").first()
    if session is None:
        raise Http404
    session.conference = conference
    return session


def _days(conference: Conference) -> list[DayOfSessions]:
    confirmed = Q(participations__state=ParticipationState.CONFIRMED)
    gone = Q(participations__state__in=[ParticipationState.DECLINED, ParticipationState.REPLACED])
    rows = (
        conference.sessions.select_related("room", "track")
        .annotate(
            people=Count("participations", filter=~gone),
            confirmed=Count("participations", filter=confirmed),
            moderators=Count(
                "participations",
                filter=Q(participations__role=ParticipationRole.MODERATOR) & ~gone,
            ),
        )
        .order_by("starts_at", "order", "pk")
    )
    days: dict[dt.date | None, DayOfSessions] = {}
    for session in rows:
        date = session.start_local.date() if session.start_local else None
        days.setdefault(date, DayOfSessions(date)).lines.append(
            Line(session, session.people, session.confirmed, session.moderators)
        )
    # What has no time yet comes last, on both engines.
    return sorted(days.values(), key=lambda day: (day.date is None, day.date or dt.date.min))


def _next_slot(conference: Conference, days: list[DayOfSessions]) -> dict[str, Any]:
    """Return where the next session would begin: at the end of the last one."""
    ends = [
        line.session.end_local
        for day in days
        for line in day.lines
        if line.session.end_local is not None and line.session.state == SessionState.PLANNED
    ]
    start = max(ends, default=conference.start_local)
    return {"kind": SessionKind.PANEL, "start_local": start, "minutes": 90}


def _quick_add(request: HttpRequest, conference: Conference, data: dict[str, Any]) -> Session:
    start: str | None = data["start_local"] or None
    end: dt.datetime | None = None
    if start is not None:
        try:
            begins = dt.datetime.fromisoformat(start)
        except ValueError:
            pass  # the service says what is wrong with it
        else:
            end = begins + dt.timedelta(
                minutes=data["minutes"] or USUAL_MINUTES.get(data["kind"], 30)
            )
    return create_session(
        conference=conference,
        kind=data["kind"],
        title={conference.first_language: data["title"]},
        start_local=start,
        end_local=end,
        actor=actor_of(request),
    )

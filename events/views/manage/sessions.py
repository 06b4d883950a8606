"""A session of the draft: adding one with all its details, and its own verbs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.views.access import actor_of
from events.forms.session import SessionForm
from events.models import Conference, Session
from events.services import sessions as services
from events.services.sessions import create_session
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb


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

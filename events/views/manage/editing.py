"""What the editors of the draft share: what was done is said with a way back; what was changed
meanwhile is shown as who changed what, when, and either is one click away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

from core.text import pick_text
from events.models import Conference, Session
from events.services.edit_words import rooms_by_code, stale_words
from events.services.edits import last_deed


@dataclass(frozen=True, slots=True)
class Stale:
    """Somebody was faster.

    Arguments:
        sentence: who did what, when.
        action, fields: the form that does one's own deed again, on what is there now.
    """

    title: str
    sentence: str
    action: str
    fields: list[tuple[str, str]]


def undo_url(conference: Conference) -> str:
    """Return where to undo the last deed of the draft; "" when there is none."""
    last = last_deed(conference)
    if last is None:
        return ""
    keys = [conference.organisation.slug, conference.slug, last.deed]
    return reverse("manage-edit-undo", args=keys)


def say_done(request: HttpRequest, conference: Conference, text: str) -> None:
    """Say on the next page what was done, with a button that undoes it."""
    messages.success(request, text, extra_tags=undo_url(conference))


def stale_notice(request: HttpRequest, conference: Conference, session: Session) -> Stale:
    """Return what somebody else did to a session since it was open, and how to insist."""
    now = Session.objects.get(pk=session.pk)
    posted = request.POST.get("version", "")
    seen = int(posted) if posted.isdecimal() else now.version
    words = stale_words(now, seen, rooms_by_code(conference))
    kept = {"csrfmiddlewaretoken", "version"}
    fields: list[tuple[str, Any]] = [
        (name, value) for name, value in request.POST.items() if name not in kept
    ]
    return Stale(
        title=pick_text(now.title, conference.first_language),
        sentence=words or "Somebody changed its people or its details in the meantime.",
        action=request.path,
        fields=[*fields, ("version", str(now.version))],
    )

"""All that happened to one registration, its mails among it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.views.access import demand
from core.text import full_name
from events.views.access import get_conference
from events.views.manage.base import console_page
from notifications.enums import MessageKind, MessageState
from notifications.models import Message
from registrations.models import Registration
from registrations.services.time_line import time_line

# How the time line marks a mail; the word says the same.
_TONES = {
    MessageState.SENT: "done",
    MessageState.QUEUED: "now",
    MessageState.CLAIMED: "now",
    MessageState.SENDING: "now",
    MessageState.FAILED: "failed",
    MessageState.UNKNOWN: "failed",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: something that was done, or a mail (`message` is its id)."""

    at: dt.datetime
    what: str
    more: str
    tone: str
    message: str = ""


@require_safe
@console_page
def time_line_page(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Say what was done to a registration and what was mailed to it, first things first."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    demand(request, Permission.MAIL_READ)
    registration = Registration.objects.filter(conference=row, code=code).first()
    if registration is None:
        raise Http404
    registration.conference = row
    lines = [*_deeds(registration), *_mails(registration)]
    context = {
        "conference": row,
        "registration": registration,
        "name": full_name(registration.given_name, registration.family_name) or code,
        "lines": sorted(lines, key=lambda line: line.at),
    }
    return render(request, "console/time_line.html", context)


def _deeds(registration: Registration) -> list[Line]:
    found = []
    for one in time_line(registration):
        words = [one.what, one.statuses, f"({one.fields})" if one.fields else ""]
        what = ": ".join(word for word in words[:2] if word)
        who = ", ".join(word for word in (one.who, one.how) if word)
        found.append(Line(one.at, f"{what} {words[2]}".strip(), who, "done"))
    return found


def _mails(registration: Registration) -> list[Line]:
    rows = Message.objects.filter(registration=registration).order_by("due_at", "pk")
    return [
        Line(
            at=one.sent_at or one.due_at,
            what=f"Mail: {MessageKind(one.kind).label}",
            more=str(MessageState(one.state).label),
            tone=_TONES.get(MessageState(one.state), ""),
            message=str(one.uid),
        )
        for one in rows
    ]

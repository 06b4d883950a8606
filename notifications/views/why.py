"""Why a person got a mail, waits for it or did not get it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from core.errors import DomainError
from events import dates
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import console_page
from notifications.enums import MessageKind
from notifications.services.announcement_texts import subject_of
from notifications.services.explaining import Explanation, explain_for
from notifications.services.humans import MOST_FOUND, candidates
from notifications.services.message_reasons import Code
from notifications.services.reading import short_moment
from notifications.services.reasons import Reason

WHOM = ("registration", "invitation", "person")


@require_safe
@console_page
def why_page(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Look for somebody, and read why each mail went, waits or did not go."""
    row = get_conference(request, organisation, conference, Permission.MAIL_READ)
    asked = {name: request.GET.get(name, "")[:20] for name in WHOM}
    typed = request.GET.get("who", "").strip()[:200]
    context: dict[str, Any] = {"conference": row, "typed": typed}
    if any(asked.values()):
        context |= _explained(row, asked)
    elif typed:
        found = candidates(row, typed)
        context |= {"candidates": found, "is_cut": len(found) == MOST_FOUND}
    return render(request, "notifications/why.html", context)


def _explained(conference: Conference, asked: dict[str, str]) -> dict[str, Any]:
    try:
        found = explain_for(conference, **asked)
    except DomainError as error:
        raise Http404 from error
    lines = [_line(reason, conference) for reason in found.reasons]
    return {
        "explanation": found,
        "facts": _facts(found),
        "timed": [line for line in lines if line["at"]],
        "rules": [line for line in lines if not line["at"] and line["reason"].rule is not None],
        "kinds": [line for line in lines if not line["at"] and line["reason"].rule is None],
        "city": dates.zone_city(conference.time_zone, "en"),
    }


def _facts(found: Explanation) -> list[str]:
    human = found.human
    facts = [
        f"Registration {row.code}: {row.get_status_display().lower()}"
        for row in human.registrations
    ]
    if human.invitation is not None:
        answer = human.invitation.get_response_display() or "no answer"
        facts.append(f"Invitation: {answer.lower()}")
    if human.roles:
        facts.append("Speaks")
    return facts


def _line(reason: Reason, conference: Conference) -> dict[str, Any]:
    return {
        "reason": reason,
        "name": _name(reason),
        "at": short_moment(reason.at, conference.time_zone) if reason.at is not None else "",
        "tone": _TONES.get(reason.code, ""),
    }


def _name(reason: Reason) -> str:
    if reason.rule is not None:
        return reason.rule.name
    label = str(MessageKind(reason.kind).label)
    announcement = reason.message.announcement if reason.message is not None else None
    return f"{label}: {subject_of(announcement)}" if announcement is not None else label


# How the time line marks it; the sentence says the same.
_TONES = {
    Code.SENT: "done",
    Code.WAITS: "now",
    Code.WAITS_AGAIN: "now",
    Code.WAITS_FOR_SENDER: "now",
    Code.IN_HAND: "now",
    Code.FAILED: "failed",
    Code.UNKNOWN: "failed",
}

"""Many messages at once, and pausing a conference's mail: asked first, with numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.views.access import actor_of
from core.errors import DomainError
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import console_page
from notifications.enums import MessageState
from notifications.forms.sending import PauseForm
from notifications.services.bulk import (
    SentAgain,
    can_be_cancelled,
    can_be_retried,
    cancel_messages,
    retry_messages,
)
from notifications.services.flow import messages_wait
from notifications.services.pausing import (
    pause_conference_mail,
    pause_of,
    resume_conference_mail,
    waiting_of,
)
from notifications.views.selection import asked_in, selection_in, words_for

_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_METHODS)
@console_page
def outbox_cancel(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Say how many of the messages shown are taken back, and what that means; then do it."""
    row = get_conference(request, organisation, conference, Permission.MAIL_WRITE)
    selection = selection_in(request)

    def act(expected: int) -> str:
        number = cancel_messages(
            conference=row, selection=selection, expected=expected, actor=actor_of(request)
        )
        return f"{_messages(number)} taken back."

    if request.method == "POST":
        return _do(request, row, act)
    number = can_be_cancelled(row, selection).count()
    return _ask(
        request,
        row,
        number=number,
        title=f"Take back {_messages(number)}?",
        text="They are not sent, not now and not later: their rules do not plan them anew. What a "
        "sender has begun is not touched.",
        label=f"Take back {_messages(number)}",
        nothing="None of these messages can be taken back: they have gone, or have been taken "
        "back already.",
        danger=True,
    )


@require_http_methods(_METHODS)
@console_page
def outbox_retry(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Say how many of the messages shown are sent again, and what that means; then do it."""
    row = get_conference(request, organisation, conference, Permission.MAIL_WRITE)
    selection = selection_in(request)

    def act(expected: int) -> str:
        return _sent_again(
            retry_messages(
                conference=row, selection=selection, expected=expected, actor=actor_of(request)
            )
        )

    if request.method == "POST":
        return _do(request, row, act)
    counts = can_be_retried(row, selection).aggregate(
        all=Count("pk"), unknown=Count("pk", filter=Q(state=MessageState.UNKNOWN))
    )
    number, unknown = counts["all"], counts["unknown"]
    text = "They go at once, under the same Message-IDs, to the addresses known now."
    if unknown:
        text += f" Of {unknown} nobody knows whether they arrived: those may come twice."
    return _ask(
        request,
        row,
        number=number,
        title=f"Send {_messages(number)} again?",
        text=text,
        label=f"Send {_messages(number)} again",
        nothing="None of these messages can be sent again: only those that failed, came too late "
        "or are in doubt can.",
    )


@require_http_methods(_METHODS)
@console_page
def mail_pause(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Pause a conference's mail, with a reason that everybody reads."""
    row = get_conference(request, organisation, conference, Permission.MAIL_WRITE)
    form = PauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        pause_conference_mail(
            conference=row, reason=form.cleaned_data["reason"], actor=actor_of(request)
        )
        messages.success(request, "Sending is paused. What comes meanwhile waits.")
        return _to_outbox(row, {})
    return render(request, "notifications/pause.html", {"conference": row, "form": form})


@require_http_methods(_METHODS)
@console_page
def mail_resume(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Say what goes when the pause ends, offer to give up what is old, and resume."""
    row = get_conference(request, organisation, conference, Permission.MAIL_WRITE)
    if request.method == "POST":
        found = resume_conference_mail(
            conference=row, give_up_stale="give_up" in request.POST, actor=actor_of(request)
        )
        if found is None:
            messages.info(request, "Sending was not paused.")
        else:
            given_up = f" {_messages(found.stale)} given up." if found.stale else ""
            go = f"{_messages(found.due)} {'goes' if found.due == 1 else 'go'} now."
            messages.success(request, f"Sending is resumed. {go}{given_up}")
        return _to_outbox(row, {})
    waiting = waiting_of(row)
    return render(
        request,
        "notifications/resume.html",
        {
            "conference": row,
            "pause": pause_of(row),
            "waiting": waiting,
            "wait": messages_wait(waiting.due),
        },
    )


def _ask(
    request: HttpRequest,
    conference: Conference,
    *,
    number: int,
    title: str,
    text: str,
    label: str,
    nothing: str,
    danger: bool = False,
) -> HttpResponse:
    context: dict[str, Any] = {
        "conference": conference,
        "number": number,
        "title": title if number else "Nothing to do here",
        "which": words_for(conference, selection_in(request)),
        "text": text if number else nothing,
        "label": label,
        "danger": danger,
        "back": _outbox_url(conference, asked_in(request)),
    }
    return render(request, "notifications/bulk.html", context)


def _do(request: HttpRequest, conference: Conference, act: Callable[[int], str]) -> HttpResponse:
    """Do it when it is still as many as the reader saw; say on the next page how it went."""
    seen = request.POST.get("expected", "")
    expected = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0  # noqa: PLR2004 - a 32-bit number
    try:
        messages.success(request, act(expected))
    except DomainError as refusal:
        messages.error(request, refusal.detail)
    return _to_outbox(conference, asked_in(request))


def _outbox_url(conference: Conference, asked: dict[str, str]) -> str:
    kwargs = {"organisation": conference.organisation.slug, "conference": conference.slug}
    kept = {name: value for name, value in asked.items() if value}
    return reverse("manage-outbox", kwargs=kwargs) + (f"?{urlencode(kept)}" if kept else "")


def _to_outbox(conference: Conference, asked: dict[str, str]) -> HttpResponse:
    return redirect(_outbox_url(conference, asked))


def _messages(number: int) -> str:
    return "1 message" if number == 1 else f"{number} messages"


def _sent_again(done: SentAgain) -> str:
    verb = "is" if done.number == 1 else "are"
    said = f"{_messages(done.number)} {verb} on the way again."
    if done.left:
        left = "1 reminder" if done.left == 1 else f"{done.left} reminders"
        said += f" {left} of a time that no longer holds stayed as it was."
    return said

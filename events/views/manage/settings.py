"""A conference's settings, and the verbs that change its state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.enums import Visibility
from events import dates
from events.enums import ConferenceState as State
from events.forms.conference import SettingsForm
from events.models import Conference
from events.services import conferences as services
from events.services.lifecycle import WAYS
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb


@dataclass(frozen=True, slots=True)
class Verb:
    """A way from one state to another, as it is asked and as it is said afterwards."""

    title: str
    text: str
    label: str
    done: str
    danger: bool = False


VERBS: Final = {
    "publish": Verb(
        "Publish this conference?",
        "Its page opens for everybody and it stands on your organisation's page. Nobody is "
        "written to.",
        "Publish the page",
        "The page is public now.",
    ),
    "postpone": Verb(
        "Postpone this conference?",
        "Its page says that the date is to come. Reminders stop; registrations and answers are "
        "kept. Whoever has registered is told, and so are invited guests who have not declined.",
        "Postpone it and tell them",
        "The conference is postponed. Reminders have stopped; those concerned get a mail.",
        danger=True,
    ),
    "cancel": Verb(
        "Cancel this conference?",
        "Its page stays and says so. Reminders stop. Whoever has registered is told, and so are "
        "invited guests who have not declined.",
        "Cancel it and tell them",
        "The conference is cancelled.",
        danger=True,
    ),
    "reopen": Verb(
        "Reopen this conference?",
        "It takes place after all: its page opens again and reminders are planned anew. Whoever "
        "was told otherwise gets a mail.",
        "Reopen it",
        "The conference is open again.",
    ),
    "archive": Verb(
        "Archive this conference?",
        "Its pages stay as they are for readers; for you it leaves the list of what is to do.",
        "Archive it",
        "The conference is archived.",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def conference_settings(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Everything that a conference says of itself; a new time acts at once."""
    needed = Permission.CONFERENCE_WRITE if request.method == "POST" else Permission.CONFERENCE_READ
    row = get_conference(request, organisation, conference, needed)
    form = SettingsForm(request.POST or None, conference=row)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            [row],
            lambda: services.change_conference(
                conference=row,
                changes=form.changes(),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if changed is not None:
            messages.success(request, _what_happened(row, changed))
            return redirect(
                "manage-conference-settings", organisation=organisation, conference=changed.slug
            )
    ways = [
        {"name": name, "label": verb.label, "danger": verb.danger}
        for name, verb in VERBS.items()
        if row.state in WAYS[name][0] and not (name == "archive" and row.ends_at > timezone.now())
    ]
    return render(
        request,
        "events/manage/settings.html",
        {
            "conference": row,
            "form": form,
            "ways": ways,
            "may_write": may(request, Permission.CONFERENCE_WRITE),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def conference_state(
    request: HttpRequest, organisation: str, conference: str, verb: str
) -> HttpResponse:
    """Ask once more, then publish, postpone, cancel, reopen or archive."""
    row = get_conference(request, organisation, conference, Permission.CONFERENCE_WRITE)
    words = VERBS.get(verb)
    if words is None:
        raise Http404
    if request.method == "POST":
        service = getattr(services, f"{verb}_conference")
        try_verb(
            request,
            [row],
            words.done,
            lambda: service(
                conference=row, expected=posted_version(request), actor=actor_of(request)
            ),
        )
        return redirect(
            "manage-conference-settings", organisation=organisation, conference=row.slug
        )
    text = words.text
    if verb == "publish" and row.visibility != Visibility.PUBLIC:
        text = f"It is {row.get_visibility_display().lower()}, and stays so. Nobody is written to."
    return render(
        request,
        "events/manage/confirm.html",
        {"conference": row, "words": words, "text": text, "cancel": "manage-conference-settings"},
    )


def _what_happened(before: Conference, after: Conference) -> str:
    """Say what a saved change does beyond being saved."""
    if before.starts_at == after.starts_at and before.ends_at == after.ends_at:
        return "Saved."
    when = dates.say_when(*dates.span_of(after), after.time_zone, "en")
    sentence = f"Moved to {when}. Reminders are planned anew for the new time."
    if after.state == State.PUBLISHED:
        sentence += " Whoever has registered or has an open invitation is told."
    if dates.span_of(before)[0].date() != dates.span_of(after)[0].date():
        sentence += " The draft's sessions have moved along: publish the programme again."
    return sentence

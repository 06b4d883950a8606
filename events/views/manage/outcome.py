"""The outcome of a conference: its texts, and the page as readers will see it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.enums import Visibility
from events.enums import ConferenceState, QuoteState
from events.forms.outcome import OutcomeForm
from events.languages import choose
from events.models import Conference, Outcome
from events.services.outcome_draft import draft_outcome
from events.services.outcome_publishing import unpublish_outcome, why_not_yet
from events.services.outcomes import save_outcome
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from events.views.public.context import conference_of
from events.views.public.outcome import outcome_context


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def outcome_editor(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """The texts of the outcome; without one, a button that drafts it. POST saves the texts."""
    row = outcome_conference(request, organisation, conference)
    outcome = Outcome.objects.filter(conference=row).first()
    is_new = outcome is None and request.method != "POST" and "new" not in request.GET
    form = OutcomeForm(
        request.POST if request.method == "POST" else None, conference=row, outcome=outcome
    )
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form,
            [outcome] if outcome else [],
            lambda: save_outcome(
                conference=row,
                expected=form.expected if outcome else 0,
                actor=actor_of(request),
                **form.values(),
            ),
        )
        if saved is not None:
            messages.success(request, "Saved.")
            return redirect("manage-outcome", organisation, conference)
    context = outcome_frame(request, row, outcome, "manage-outcome") | {
        "form": form,
        "is_new": is_new,
    }
    return render(request, "events/manage/outcome.html", context)


@require_POST
@console_page
def outcome_draft(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Make a draft from the programme."""
    row = outcome_conference(request, organisation, conference)
    try_verb(
        request,
        [],
        "The draft is made. Write what was found and said; nobody sees it before it is published.",
        lambda: draft_outcome(conference=row, actor=actor_of(request)),
    )
    return redirect("manage-outcome", organisation, conference)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def outcome_unpublish(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Ask once more, then take the outcome away from readers."""
    row = get_conference(request, organisation, conference, Permission.CONFERENCE_WRITE)
    outcome = get_outcome(row)
    if request.method == "POST":
        try_verb(
            request,
            [outcome],
            "The outcome is not public any more.",
            lambda: unpublish_outcome(
                conference=row, expected=posted_version(request), actor=actor_of(request)
            ),
        )
        return redirect("manage-outcome", organisation, conference)
    context = {
        "conference": row,
        "words": {
            "title": "Take the outcome offline?",
            "label": "Take it offline",
            "danger": True,
        },
        "text": "Its page answers “not found”, and letters that wait to tell of it do not go. "
        "Links in letters that have gone lead nowhere until it is published again.",
        "version": outcome.version,
        "cancel_url": reverse("manage-outcome", args=[organisation, conference]),
    }
    return render(request, "events/manage/confirm.html", context)


@require_safe
@console_page
def outcome_preview(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """The page as readers see it once it is published: approved quotes, photos that are shown."""
    found = get_conference(request, organisation, conference, Permission.CONFERENCE_READ)
    get_outcome(found)
    row = conference_of(found.pk)
    languages = tuple(row.languages)
    reader = choose(request.GET.get("lang"), "", languages)
    at = {"organisation": row.organisation.slug, "conference": row.slug}
    with translation.override(reader.catalogue):
        context = outcome_context(row, row.outcome, reader, at) | {
            "noindex": True,
            "outcome_data": "",
            "preview_url": reverse("manage-outcome", args=[organisation, conference]),
        }
        for link in context["languages"]:
            link["url"] = f"{request.path}?lang={link['tag']}"
        return render(request, "events/manage/outcome_preview.html", context)


def outcome_conference(request: HttpRequest, organisation: str, conference: str) -> Conference:
    """Return the conference for who reads its outcome, or on POST writes it."""
    posting = request.method == "POST"
    needed = Permission.CONFERENCE_WRITE if posting else Permission.CONFERENCE_READ
    return get_conference(request, organisation, conference, needed)


def get_outcome(conference: Conference) -> Outcome:
    """Return the conference's outcome.

    Raises:
        Http404: where there is none.
    """
    outcome = Outcome.objects.filter(conference=conference).first()
    if outcome is None:
        raise Http404
    outcome.conference = conference
    return outcome


def outcome_frame(
    request: HttpRequest, conference: Conference, outcome: Outcome | None, here: str
) -> dict[str, Any]:
    """Return what all pages of the editor say: the tabs, how it stands and what keeps it back."""
    is_visible = (
        conference.state != ConferenceState.DRAFT and conference.visibility != Visibility.PRIVATE
    )
    at = {"organisation": conference.organisation.slug, "conference": conference.slug}
    return {
        "conference": conference,
        "outcome": outcome,
        "tabs": _tabs(outcome, at, here) if outcome is not None else [],
        "why_not": list(why_not_yet(conference, outcome)) if outcome is not None else [],
        "may_write": may(request, Permission.CONFERENCE_WRITE),
        "public_url": reverse("outcome", kwargs=at) if is_visible else "",
    }


def _tabs(outcome: Outcome, at: dict[str, str], here: str) -> list[dict[str, Any]]:
    waiting = outcome.quotes.filter(state=QuoteState.PROPOSED).count()
    quotes = outcome.quotes.count()
    counts = {
        "manage-outcome": ("Texts", None),
        "manage-outcome-items": ("Findings and points", outcome.items.count()),
        "manage-quotes": (f"Quotes ({waiting} to look at)" if waiting else "Quotes", quotes),
        "manage-photos": ("Photos", outcome.photos.count()),
    }
    return [
        {
            "label": label,
            "url": reverse(name, kwargs=at),
            "current": name == here,
            "count": count,
        }
        for name, (label, count) in counts.items()
    ]

"""Publishing an outcome: what keeps it back, what is on it, whom it tells; then two buttons."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.views.access import actor_of
from events.enums import QuoteState
from events.models import Outcome
from events.services.outcome_publishing import publish_outcome, why_not_yet
from events.views.access import get_conference
from events.views.manage.base import console_page, posted_version, try_verb
from events.views.manage.outcome import get_outcome
from notifications.services.outcome_mail import outcome_telling

_MOST_DIGITS = 8


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def outcome_publish(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """What publishing does; POST does it, and tells or not."""
    row = get_conference(request, organisation, conference, Permission.CONFERENCE_WRITE)
    outcome = get_outcome(row)
    if request.method == "POST":
        tell = request.POST.get("tell") == "yes"
        telling = request.POST.get("telling", "")
        shown = telling.isdecimal() and len(telling) < _MOST_DIGITS
        happened = try_verb(
            request,
            [outcome],
            f"The outcome is public. {_told(telling if shown else '')}" if tell else _QUIET,
            lambda: publish_outcome(
                conference=row,
                expected=posted_version(request),
                tell=tell,
                telling=int(telling) if tell and shown else None,
                actor=actor_of(request),
            ),
        )
        if happened:
            return redirect("manage-outcome", organisation, conference)
        return redirect("manage-outcome-publish", organisation, conference)
    if outcome.published_at is not None:
        messages.info(request, "The outcome is public already.")
        return redirect("manage-outcome", organisation, conference)
    context = {
        "conference": row,
        "outcome": outcome,
        "why_not": list(why_not_yet(row, outcome)),
        "telling": outcome_telling(row, outcome.first_published_at),
        "left_out": _left_out(outcome),
        "back_url": reverse("manage-outcome", args=[organisation, conference]),
    }
    return render(request, "console/outcome_publish.html", context)


_QUIET = "The outcome is public. Nobody is told."


def _told(number: str) -> str:
    if not number:
        return "Those whom it concerns are told by mail."
    return "1 person is told by mail." if number == "1" else f"{number} people are told by mail."


def _left_out(outcome: Outcome) -> list[str]:
    """Return what of the editor readers do not see, a sentence each."""
    quotes = dict(outcome.quotes.order_by().values_list("state").annotate(Count("pk")))
    photos = outcome.photos.filter(shown=False).count()
    said = {
        QuoteState.DRAFT: "not asked for approval",
        QuoteState.ASKED: "asked for approval, without an answer",
        QuoteState.PROPOSED: "with other words proposed, which wait for you",
        QuoteState.REFUSED: "not to be shown",
    }
    found = [
        f"{quotes[state]} {'quote' if quotes[state] == 1 else 'quotes'} {words}"
        for state, words in said.items()
        if state in quotes
    ]
    if photos:
        found.append(f"{photos} {'photo that is' if photos == 1 else 'photos that are'} not shown")
    return found

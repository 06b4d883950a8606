"""Quotes of an outcome, and how far their approval has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of
from core.text import full_name
from events.enums import Attribution, QuoteState
from events.forms.outcome import QuoteForm, QuoteRecordForm
from events.models import Conference, Quote
from events.services.attribution import attribution_of
from events.services.quote_answers import (
    accept_proposal,
    answer_quote,
    ask_quote,
    revoke_quote_link,
    withdraw_quote,
)
from events.services.quotes import change_quote, create_quote, delete_quote
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from events.views.manage.outcome import get_outcome, outcome_frame

_HERE: Final = "manage-quotes"


@dataclass(frozen=True, slots=True)
class _Verb:
    call: Callable[..., Any]
    done: str


# What one button does, and what is said of it; %s is who is quoted.
_VERBS: Final = {
    "ask": _Verb(ask_quote, "%s gets a letter with a link of their own."),
    "accept": _Verb(accept_proposal, "The words of %s stand there now, approved."),
    "withdraw": _Verb(withdraw_quote, "The quote of %s is withdrawn: nobody sees it."),
    "revoke": _Verb(
        revoke_quote_link,
        "The link that %s was sent opens nothing any more. The next letter has a new one.",
    ),
    "delete": _Verb(delete_quote, "The quote of %s is deleted."),
}


@require_safe
@console_page
def quote_list(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """All of them, with what is to be done next."""
    row = get_conference(request, organisation, conference, Permission.CONFERENCE_READ)
    outcome = get_outcome(row)
    context = outcome_frame(request, row, outcome, _HERE)
    quotes = list(outcome.quotes.select_related("person", "session"))
    context["quotes"] = quotes
    context["unasked"] = sum(quote.state == QuoteState.DRAFT for quote in quotes)
    return render(request, "events/manage/quotes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def quote_new(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Add a quote."""
    row = get_conference(request, organisation, conference, Permission.CONFERENCE_WRITE)
    outcome = get_outcome(row)
    form = QuoteForm(request.POST if request.method == "POST" else None, conference=row, quote=None)
    if request.method == "POST" and form.is_valid():
        quote = attempt(
            form,
            [],
            lambda: create_quote(conference=row, actor=actor_of(request), **form.values()),
        )
        if quote is not None:
            messages.success(request, "Added. Ask for approval; before that nobody sees it.")
            return redirect("manage-quote", organisation, conference, quote.code)
    context = outcome_frame(request, row, outcome, _HERE) | {
        "form": form,
        "back_url": reverse(_HERE, args=[organisation, conference]),
    }
    return render(request, "events/manage/quote_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def quote_page(request: HttpRequest, organisation: str, conference: str, code: str) -> HttpResponse:
    """One quote: its approval, and its words. POST saves the words."""
    posting = request.method == "POST"
    needed = Permission.CONFERENCE_WRITE if posting else Permission.CONFERENCE_READ
    row = get_conference(request, organisation, conference, needed)
    quote = _quote(row, code)
    form = QuoteForm(
        request.POST if posting else None,
        conference=row,
        quote=quote,
        initial=QuoteForm.initial_of(quote),
    )
    if posting and form.is_valid():
        changed = attempt(
            form,
            [quote],
            lambda: change_quote(
                quote=quote, changes=form.values(), expected=form.expected, actor=actor_of(request)
            ),
        )
        if changed is not None:
            anew = quote.state != QuoteState.DRAFT and changed.state == QuoteState.DRAFT
            more = " The words are others now, so approval is needed anew." if anew else ""
            messages.success(request, f"Saved.{more}")
            return redirect("manage-quote", organisation, conference, code)
    return render(request, "events/manage/quote.html", _context(request, quote) | {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def quote_record(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Write down an answer that came by phone, by mail or in person."""
    row = get_conference(request, organisation, conference, Permission.CONFERENCE_WRITE)
    quote = _quote(row, code)
    form = QuoteRecordForm(
        request.POST if request.method == "POST" else None,
        initial={"version": quote.version, "answer": "approve"},
    )
    rule = attribution_of(row, quote.person, quote.session)
    if rule != Attribution.CHATHAM_HOUSE:
        del form.fields["by_name"]
    if request.method == "POST" and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        answered = attempt(
            form,
            [quote],
            lambda: answer_quote(
                quote=quote, expected=form.expected, actor=actor_of(request), **data
            ),
        )
        if answered is not None:
            messages.success(request, "Written down.")
            return redirect("manage-quote", organisation, conference, code)
    context = _context(request, quote) | {"form": form}
    return render(request, "events/manage/quote_record.html", context)


@require_POST
@console_page
def quote_verb(
    request: HttpRequest, organisation: str, conference: str, code: str, verb: str
) -> HttpResponse:
    """Ask, take over proposed words, withdraw, revoke the link or delete."""
    row = get_conference(request, organisation, conference, Permission.CONFERENCE_WRITE)
    quote = _quote(row, code)
    if verb not in _VERBS:
        raise Http404
    deed = _VERBS[verb]
    happened = try_verb(
        request,
        [quote],
        deed.done % _name(quote),
        lambda: deed.call(quote=quote, expected=posted_version(request), actor=actor_of(request)),
    )
    if verb == "delete" and happened:
        return redirect(_HERE, organisation, conference)
    return redirect("manage-quote", organisation, conference, code)


def _context(request: HttpRequest, quote: Quote) -> dict[str, Any]:
    conference = quote.outcome.conference
    at = [conference.organisation.slug, conference.slug]
    return outcome_frame(request, conference, quote.outcome, _HERE) | {
        "quote": quote,
        "name": _name(quote),
        "assistants": list(quote.person.assistants.all()),
        "is_chatham": attribution_of(conference, quote.person, quote.session)
        == Attribution.CHATHAM_HOUSE,
        "list_url": reverse(_HERE, args=at),
        "back_url": reverse("manage-quote", args=[*at, quote.code]),
    }


def _quote(conference: Conference, code: str) -> Quote:
    outcome = get_outcome(conference)
    quote = outcome.quotes.select_related("person", "session").filter(code=code).first()
    if quote is None:
        raise Http404
    quote.outcome = outcome
    return quote


def _name(quote: Quote) -> str:
    return full_name(quote.person.given_name, quote.person.family_name)

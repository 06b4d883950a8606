"""Whether somebody may be quoted: their words, three buttons, and how their answer stands.

The address is the secret and the only right there is: no cookie counts, so a foreign page can send
nothing. Nobody keeps the page or learns its address. GET changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from core.enums import AnsweredVia, Visibility
from core.errors import DomainError
from core.text import full_name
from core.views.links import count_wrong_link, kept_by_nobody
from events import words
from events.enums import Attribution, ConferenceState, QuoteState
from events.forms.quoting import QuoteAnswerForm
from events.languages import Reader, choose, name_in
from events.models import Quote
from events.services.attribution import attribution_of
from events.services.quote_answers import ANSWERS, OPEN, OTHER_WORDS, answer_quote
from events.services.quote_links import (
    find_by_former_quote_link,
    find_by_quote_link,
    quote_path,
)
from events.views.public.context import conference_context, conference_of, language_links
from events.views.speaker.base import GONE, check_sends, guest

_METHODS: Final = ("GET", "HEAD", "POST")


def by_quote_link(
    view: Callable[[HttpRequest, Quote], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Make a view of one that gets the quote that the link opens, as nobody may keep it."""

    @csrf_exempt
    @wraps(view)
    def page(request: HttpRequest, code: str, token: str) -> HttpResponse:
        if request.method not in _METHODS:
            return kept_by_nobody(HttpResponseNotAllowed(_METHODS))
        row = find_by_quote_link(code, token)
        if row is not None:
            return kept_by_nobody(view(request, row))
        former = find_by_former_quote_link(code, token)
        if former is None:
            count_wrong_link(request)
            raise Http404
        return kept_by_nobody(_closed(request, former, "revoked", GONE))

    return page


@by_quote_link
def quote_answer_page(request: HttpRequest, row: Quote) -> HttpResponse:
    """The words and how they are to be shown; POST answers."""
    closed = _why_closed(row)
    if closed:
        return _closed(request, row, closed)
    reader = reader_for(request, row)
    with translation.override(reader.catalogue):
        if request.method != "POST":
            return _page(request, row, reader, QuoteAnswerForm(quote=row))
        check_sends(request)
        return _answer(request, row, reader)


def _answer(request: HttpRequest, row: Quote, reader: Reader) -> HttpResponse:
    form = QuoteAnswerForm(request.POST, quote=row)
    answer = request.POST.get("answer", "")
    if answer not in ANSWERS or not form.is_valid():
        return _page(request, row, reader, form, status=400)
    said = form.cleaned_data
    try:
        answer_quote(
            quote=row,
            answer=answer,
            via=AnsweredVia.ASSISTANT if said["answered_by"] else AnsweredVia.LINK,
            expected=said["version"] or 0,
            answered_name=said["answered_by"],
            by_name=said["by_name"],
            proposal=form.proposal() if answer == OTHER_WORDS else None,
            comment=said["comment"],
            by_quoted=True,
            actor=guest(),
        )
    except DomainError as refusal:
        row = _again(row)
        if refusal.kind == "stale":
            form = QuoteAnswerForm(quote=row)
            stale = _("The words have changed since you opened this page. Read them once more.")
            return _page(request, row, reader, form, refusal.status, {"refusal": stale})
        form.refuse(refusal)
        return _page(request, row, reader, form, refusal.status)
    return redirect(f"{quote_path(row)}{reader.query}")


def _again(row: Quote) -> Quote:
    fresh = find_by_quote_link(row.code, quote_path(row).rstrip("/").rpartition("/")[2])
    return fresh if fresh is not None else row


def reader_for(request: HttpRequest, row: Quote) -> Reader:
    """Read in the person's language, unless the address names another one."""
    conference = row.outcome.conference
    own = row.person.language or conference.first_language
    return choose(request.GET.get("lang"), "", list(dict.fromkeys([own, *conference.languages])))


def _why_closed(row: Quote) -> str:
    rule = attribution_of(row.outcome.conference, row.person, row.session)
    if rule == Attribution.CLOSED:
        return "closed"
    return "" if row.state in OPEN else "not_asked"


def _page(
    request: HttpRequest,
    row: Quote,
    reader: Reader,
    form: QuoteAnswerForm,
    status: int = 200,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> HttpResponse:
    conference = row.outcome.conference
    rule = attribution_of(conference, row.person, row.session)
    context = {
        "form": form,
        "texts": [(tag, row.text[tag]) for tag in _first(reader.tag, form.tags)],
        "proposed": [(tag, row.proposal[tag]) for tag in _first(reader.tag, list(row.proposal))],
        "is_chatham": rule == Attribution.CHATHAM_HOUSE,
        "rule": words.QUOTED[rule],
        "session": row.session,
        "is_asked": row.state == QuoteState.ASKED,
        "wants_words": bool(form.is_bound and request.POST.get("answer") == OTHER_WORDS),
        **more,
    }
    return _show(request, row, "answer", reader, context, status)


def _first(tag: str, tags: list[str]) -> list[str]:
    return sorted(tags, key=lambda one: one != tag)


def _closed(request: HttpRequest, row: Quote, why: str, status: int = 200) -> HttpResponse:
    reader = reader_for(request, row)
    with translation.override(reader.catalogue):
        sentence = {
            "revoked": _(
                "This link does not open anything any more. Use the one in our last letter."
            ),
            "closed": _("This was said in a closed session, so it is not quoted."),
            "not_asked": _("These words are being worked on. You will get a letter."),
        }[why]
        return _show(request, row, "closed", reader, {"sentence": sentence}, status)


def _show(
    request: HttpRequest,
    row: Quote,
    template: str,
    reader: Reader,
    more: Mapping[str, Any],
    status: int,
) -> HttpResponse:
    conference = conference_of(row.outcome.conference_id)
    at = {"organisation": conference.organisation.slug, "conference": conference.slug}
    is_public = conference.visibility != Visibility.PRIVATE
    name = full_name(*name_in(reader.tag, row.person))
    context = conference_context(conference, reader, "conference", at) | {
        "page": "quote",
        "noindex": True,
        "languages": language_links(request.path, reader),
        "quote": row,
        "person": row.person,
        "who": f"{row.person.honorific} {name}".strip(),
        "path": f"{request.path}{reader.query}",
        "has_page": is_public and conference.state != ConferenceState.DRAFT,
        "mail_to": conference.contact_email or conference.organisation.contact_email,
        "phone_to": conference.contact_phone or conference.organisation.contact_phone,
        **more,
    }
    response = render(request, f"events/quote/{template}.html", context, status=status)
    response["Content-Language"] = reader.tag
    return response

"""The public form: one page, no account, and nothing that was typed is lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import copy
from functools import partial
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from core.counting import client_of
from core.errors import DomainError
from events.languages import Reader, choose
from events.models import Conference
from events.views.public.context import conference_context, conference_of
from registrations.enums import RegistrationSource, TypeState
from registrations.forms.guest import GuestForm, TypeCard
from registrations.forms.sessions import offer_sessions
from registrations.models import RegistrationType
from registrations.services.code_guessing import check_guesses, count_guess
from registrations.services.form_facts import SENDING, FormFacts, form_facts, newer_facts
from registrations.services.guest_registering import register_guest
from registrations.services.type_states import TypeOffer
from registrations.views.public.asking import received_files
from registrations.views.public.base import answer, check_sends, guest
from registrations.views.public.kept_page import cut, serve

_TEMPLATE: Final = "registrations/public/register.html"


@gzip_page
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def register_page(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Show the form; POST registers and goes on to the personal page.

    What is shown is a few seconds old at most (`form_facts`) and costs no query; what is sent meets
    the database.
    """
    is_sent = request.method == "POST"
    facts = form_facts(organisation, conference, unasked=SENDING if is_sent else 0)
    if facts is None:
        raise Http404
    row = facts.conference
    accepted = request.headers.get("Accept-Language", "")
    reader = choose(request.GET.get("lang"), accepted, row.languages)
    if is_sent:
        with translation.override(reader.catalogue):
            return _register(request, facts, reader)
    if (row.organisation.slug, row.slug) != (organisation, conference):
        return redirect(_path(row) + reader.query, permanent=True)
    code = request.GET.get("code", "")[:40]
    if code.strip():
        return _show(request, facts, reader, _empty_form(facts, reader, code))
    page = facts.once(("page", reader), lambda: cut(partial(_render, facts, reader)))
    return serve(request, page, reader)


def preview(
    request: HttpRequest, row: Conference, reader: Reader, kind: RegistrationType
) -> HttpResponse:
    """Show the form as guests of a kind will read it, open or not; nothing can be sent."""
    facts = FormFacts(row)
    return _show(request, facts, reader, _empty_form(facts, reader), shown=kind)


def _empty_form(facts: FormFacts, reader: Reader, code: str = "") -> GuestForm:
    with translation.override(reader.catalogue):
        form = GuestForm(reader=reader, initial={"access_code": code})
        form.ask(facts.form, reader)
    return form


def _render(facts: FormFacts, reader: Reader, csrf: str, key: str) -> bytes:
    """Return the page that all get who open it without an access code, with these tokens in it."""
    form = _empty_form(facts, reader)
    form.fields["request_key"].initial = key
    # A request of nobody: a page that many get can hold nothing of one of them.
    request = HttpRequest()
    with translation.override(reader.catalogue):
        context = _context(request, facts, reader, form) | {"csrf_token": csrf}
        return render_to_string(_TEMPLATE, context, request).encode()


def _register(request: HttpRequest, facts: FormFacts, reader: Reader) -> HttpResponse:
    form = facts.once(("form", reader), lambda: _empty_form(facts, reader)).sent(request.POST)
    row = copy(facts.conference)
    try:
        check_sends(request)
        form.take_files(*received_files(request, row, facts.form, guest()))
        if "use_code" in request.POST:
            form.only_shown()
            return _show(request, FormFacts(row), reader, form)
        if not form.is_valid():
            return _show(request, FormFacts(row), reader, form, status=400)
        key, body = form.key_and_body()
        made = register_guest(
            conference=row,
            details=form.details(),
            source=RegistrationSource.FORM,
            actor=guest(),
            scope=f"form {client_of(request)}:{request.path}",
            key=key,
            body=body,
            parts=form.parts,
            client=client_of(request),
            link_only=True,
        )
    except DomainError as refusal:
        form.refuse(refusal)
        slug = request.POST.get("registration_type", "")
        now = facts if refusal.kind == "sold-out" and facts.says_full(slug) else newer_facts(facts)
        form.ask(now.form, reader)
        return _show(request, now, reader, form, refusal)
    response = HttpResponseRedirect(json.loads(made.body)["manage_url"])
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _show(
    request: HttpRequest,
    facts: FormFacts,
    reader: Reader,
    form: GuestForm,
    refusal: DomainError | None = None,
    status: int = 200,
    shown: RegistrationType | None = None,
) -> HttpResponse:
    with translation.override(reader.catalogue):
        context = _context(request, facts, reader, form, shown) | {"refusal": refusal}
    return answer(request, _TEMPLATE, context, reader, refusal, status)


def _context(
    request: HttpRequest,
    facts: FormFacts,
    reader: Reader,
    form: GuestForm,
    shown: RegistrationType | None = None,
) -> dict[str, Any]:
    if form.is_bound:
        form.have_own_fields()
    row = facts.once("conference", lambda: conference_of(facts.conference.pk))
    at = {"organisation": row.organisation.slug, "conference": row.slug}
    opened, code_refusal = _opened_by_code(request, facts, form)
    if shown is not None:
        offers: Sequence[TypeOffer] = [TypeOffer(shown, TypeState.OPEN, None)]
    else:
        offers = facts.offers if opened is None else opened
    form.offer(offers, reader)
    form.ask_of(offers)
    names = {one.type.slug: reader.text(one.type.name) for one in offers}
    offer_sessions(form, facts.sessions, reader, names=names)
    cards = [TypeCard(offer, reader) for offer in offers]
    return {
        **conference_context(row, reader, "register", at),
        "form": form,
        "cards": cards,
        "only_card": cards[0] if len(cards) == 1 else None,
        "is_open": any(card.takes_registrations for card in cards),
        "keep": f"register-{row.uid}",
        "preview": shown is not None,
        "has_codes": facts.has_codes,
        "code_opens": list(names.values()) if opened is not None else [],
        "code_refusal": code_refusal,
    }


def _opened_by_code(
    request: HttpRequest, facts: FormFacts, form: GuestForm
) -> tuple[Sequence[TypeOffer] | None, DomainError | None]:
    """Return what the code opens that stands in the form, or why it opens nothing."""
    text = str(form["access_code"].value() or "")
    # What has been refused already is not looked at a second time.
    if not text.strip() or (form.is_bound and "access_code" in form.errors):
        return None, None
    row, client = facts.conference, client_of(request)
    try:
        check_guesses(row, client, text)
        return facts.opened_by(text)[1], None
    except DomainError as refusal:
        count_guess(row, client, refusal)
        if form.is_bound:
            form.add_error("access_code", refusal.detail)
        return None, refusal


def _path(row: Conference) -> str:
    kwargs = {"organisation": row.organisation.slug, "conference": row.slug}
    return reverse("register", kwargs=kwargs)

"""The public form: one page, no account, and nothing that was typed is lost."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
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
from registrations.models import AccessCode, RegistrationType
from registrations.services.code_guessing import check_guesses, count_guess
from registrations.services.code_uses import find_code
from registrations.services.form_definition import read_form
from registrations.services.guest_registering import register_guest
from registrations.services.session_offers import session_offers
from registrations.services.type_states import TypeOffer, public_offers
from registrations.views.public.asking import received_files
from registrations.views.public.base import answer, check_sends, guest, visible_conference


@gzip_page
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def register_page(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Show the form; POST registers and goes on to the personal page."""
    row = visible_conference(organisation, conference)
    accepted = request.headers.get("Accept-Language", "")
    reader = choose(request.GET.get("lang"), accepted, row.languages)
    if request.method == "POST":
        with translation.override(reader.catalogue):
            return _register(request, row, reader)
    if (row.organisation.slug, row.slug) != (organisation, conference):
        return redirect(_path(row) + reader.query, permanent=True)
    with translation.override(reader.catalogue):
        form = GuestForm(reader=reader, initial={"access_code": request.GET.get("code", "")[:40]})
        form.ask(read_form(row), reader)
    return _show(request, row, reader, form)


def preview(
    request: HttpRequest, row: Conference, reader: Reader, kind: RegistrationType
) -> HttpResponse:
    """Show the form as guests of a kind will read it, open or not; nothing can be sent."""
    with translation.override(reader.catalogue):
        form = GuestForm(reader=reader)
        form.ask(read_form(row), reader)
    return _show(request, row, reader, form, shown=kind)


def _register(request: HttpRequest, row: Conference, reader: Reader) -> HttpResponse:
    form = GuestForm(request.POST, reader=reader)
    asks = read_form(row)
    form.ask(asks, reader)
    try:
        check_sends(request)
        form.take_files(*received_files(request, row, asks, guest()))
        if "use_code" in request.POST:
            form.only_shown()
            return _show(request, row, reader, form)
        if not form.is_valid():
            return _show(request, row, reader, form, status=400)
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
        )
    except DomainError as refusal:
        form.refuse(refusal)
        # What is full is shown as it is now.
        form.ask(read_form(row), reader)
        return _show(request, row, reader, form, refusal)
    response = redirect(json.loads(made.body)["manage_url"])
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _show(
    request: HttpRequest,
    row: Conference,
    reader: Reader,
    form: GuestForm,
    refusal: DomainError | None = None,
    status: int = 200,
    shown: RegistrationType | None = None,
) -> HttpResponse:
    with translation.override(reader.catalogue):
        context = _context(conference_of(row.pk), reader)
        code, code_refusal = _code_of(request, row, form)
        offers = [TypeOffer(shown, TypeState.OPEN, None)] if shown else public_offers(row, code)
        form.offer(offers, reader)
        form.ask_of(offers)
        names = {one.type.slug: reader.text(one.type.name) for one in offers}
        offer_sessions(form, session_offers(context["conference"]), reader, names=names)
        cards = [TypeCard(offer, reader) for offer in offers]
        context |= {
            "form": form,
            "cards": cards,
            "only_card": cards[0] if len(cards) == 1 else None,
            "is_open": any(card.takes_registrations for card in cards),
            "keep": f"register-{row.uid}",
            "preview": shown is not None,
            "refusal": refusal,
            "has_codes": row.access_codes.in_use().exists(),
            "code_opens": list(names.values()) if code else [],
            "code_refusal": code_refusal,
        }
    return answer(request, "registrations/public/register.html", context, reader, refusal, status)


def _code_of(
    request: HttpRequest, row: Conference, form: GuestForm
) -> tuple[AccessCode | None, DomainError | None]:
    """Return the code that stands in the form, or why it opens nothing."""
    text = str(form["access_code"].value() or "")
    # What has been refused already is not looked at a second time.
    if not text.strip() or (form.is_bound and "access_code" in form.errors):
        return None, None
    client = client_of(request)
    try:
        check_guesses(row, client, text)
        return find_code(row, text), None
    except DomainError as refusal:
        count_guess(row, client, refusal)
        if form.is_bound:
            form.add_error("access_code", refusal.detail)
        return None, refusal


def _context(row: Conference, reader: Reader) -> dict[str, Any]:
    at = {"organisation": row.organisation.slug, "conference": row.slug}
    return conference_context(row, reader, "register", at)


def _path(row: Conference) -> str:
    kwargs = {"organisation": row.organisation.slug, "conference": row.slug}
    return reverse("register", kwargs=kwargs)

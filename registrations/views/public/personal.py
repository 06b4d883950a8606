"""Whoever holds the personal link sees, changes and gives back their place.

The address itself is the secret and gives the only right there is: no cookie does. A foreign page
can not know it, so these pages need no other token against forged requests; and they send no
referrer, for which browsers would send `Origin: null` with each form.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.actors import Actor
from core.clock import to_local
from core.errors import DomainError
from core.logging import request_id
from core.views.links import kept_by_nobody
from events import dates
from events.languages import Reader, choose
from events.models import Conference
from events.views.public.context import conference_context, conference_of, language_links
from registrations import words
from registrations.enums import TAKING_A_PLACE, RegistrationStatus
from registrations.forms.guest import ChangeForm, DetailsForm
from registrations.models import Registration
from registrations.services.cancelling import cancel_registration, guests_may_change
from registrations.services.changing_answers import change_details_and_answers
from registrations.services.doors import AlreadyRegisteredError
from registrations.services.links import find_by_link, manage_path, request_link, ticket_svg
from registrations.services.offering import may_join_again
from registrations.services.reconfirming import confirm_new_date, is_asked
from registrations.services.still_coming import has_answered, open_round_of
from registrations.services.type_states import place_in_line, types_waited_for
from registrations.views.public.asking import ask_again, received_files, still_missing
from registrations.views.public.base import answer, chosen_query
from registrations.views.public.chosen_sessions import session_context
from registrations.views.public.handed_over import opens_nothing, somebody_else
from registrations.views.public.headings import heading
from registrations.views.public.party_shown import party_context

View = Callable[..., HttpResponse]


def personal(*methods: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Make a view of one that gets the registration that the link opens, as nobody may keep it."""

    def make(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @require_http_methods(methods)
        @wraps(view)
        def page(request: HttpRequest, code: str, token: str, **more: str) -> HttpResponse:
            registration = find_by_link(code, token)
            if registration is None:
                return kept_by_nobody(opens_nothing(request, code, token))
            return kept_by_nobody(view(request, registration, **more))

        return page

    return make


@personal("GET", "HEAD")
def personal_page(request: HttpRequest, registration: Registration) -> HttpResponse:
    """How things stand: the ticket, when and where, what can be done."""
    return answer_personal(request, registration, "personal", {})


@personal("GET", "HEAD")
def ticket_picture(_request: HttpRequest, registration: Registration) -> HttpResponse:
    """The ticket's QR code."""
    if registration.status != RegistrationStatus.CONFIRMED:
        raise Http404
    return HttpResponse(ticket_svg(registration), content_type="image/svg+xml")


@personal("GET", "HEAD", "POST")
def change_page(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Change the details; a new address gets a new link, and the old one ends."""
    reader = reader_of(request, registration)
    initial = {name: getattr(registration, name) for name in ChangeForm.cleaners}
    initial["version"] = registration.version
    with translation.override(reader.catalogue):
        form = ChangeForm(request.POST or None, reader=reader, initial=initial)
        form.let_lack(registration)
        refusal = None
        asks = ask_again(form, registration, reader)
        if request.method == "POST":
            form.take_files(
                *received_files(request, registration.conference, asks, guest_by_link())
            )
        if request.method == "POST" and form.is_valid():
            try:
                changed = change_details_and_answers(
                    registration=registration,
                    details=form.details(),
                    answers=form.raw_answers(registration.registration_type.slug),
                    consents=form.raw_consents(registration.registration_type.slug),
                    expected=form.cleaned_data["version"],
                    actor=guest_by_link(),
                    by_guest=True,
                    reader=reader,
                )
            except DomainError as error:
                refusal = error
                refuse_change(form, registration, error)
                # What is full is shown as it is now.
                ask_again(form, registration, reader)
            else:
                return redirect(f"{manage_path(changed)}?{chosen_query(request)}saved=1")
    status = 400 if form.errors else 200
    return answer_personal(request, registration, "change", {"form": form}, refusal, status)


@personal("GET", "HEAD", "POST")
def cancel_page(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Ask once more; POST gives the place back."""
    back = f"{manage_path(registration)}?{chosen_query(request)}"
    if request.method == "POST":
        try:
            cancel_registration(
                registration=registration,
                actor=guest_by_link(),
                by_guest=True,
                when_asked=open_round_of(registration) is not None,
                everybody=request.POST.get("who") == "all",
            )
        except DomainError as refusal:
            registration.refresh_from_db()
            if registration.is_live:
                return answer_personal(
                    request, registration, "cancel", {"refusal": refusal}, refusal
                )
        return redirect(back.rstrip("?"))
    if not registration.is_live:
        return redirect(back.rstrip("?"))
    return answer_personal(request, registration, "cancel", {})


@personal("GET", "HEAD", "POST")
def new_date_page(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Say yes to the day that the page showed; reading it says nothing."""
    back = f"{manage_path(registration)}?{chosen_query(request)}"
    if request.method == "POST":
        try:
            confirm_new_date(
                registration=registration,
                day=_day(request.POST.get("day", "")),
                actor=guest_by_link(),
                by_guest=True,
            )
        except DomainError as refusal:
            registration.refresh_from_db()
            return answer_personal(request, registration, "personal", {"refusal": refusal}, refusal)
        return redirect(f"{back}confirmed=1")
    return redirect(back.rstrip("?"))


def refuse_change(form: DetailsForm, registration: Registration, refusal: DomainError) -> None:
    """Say a refusal in the form; whose address it is learns of it as the sentence promises.

    What was changed meanwhile can be changed again, on what holds now.
    """
    form.refuse(refusal)
    if isinstance(refusal, AlreadyRegisteredError):
        request_link(
            conference=registration.conference,
            email=form.cleaned_data["email"],
            actor=guest_by_link(),
        )
    if refusal.kind == "stale":
        registration.refresh_from_db()
        form.on_version(registration.version)


def _moment(at: dt.datetime | None, conference: Conference, reader: Reader) -> str:
    """Return a day and a time on the conference's clock, in the reader's words."""
    if at is None:
        return ""
    local = to_local(at, conference.time_zone)
    return f"{dates.say_day(local, reader.tag)}, {dates.say_time(local, reader.tag)}"


def _day(text: str) -> dt.date:
    """Return the day of a form; one that nobody can mean where it is none."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return dt.date.min


def guest_by_link() -> Actor:
    """Return who acts on a page that a personal link opens."""
    return Actor("guest", "", request_id.get())


def reader_of(request: HttpRequest, registration: Registration) -> Reader:
    """Read in the language of the registration, unless the address names another one."""
    offered = dict.fromkeys([registration.language, *registration.conference.languages])
    return choose(request.GET.get("lang"), "", list(offered))


def answer_personal(
    request: HttpRequest,
    registration: Registration,
    page: str,
    more: dict[str, Any],
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render one of the pages of a registration."""
    reader = reader_of(request, registration)
    conference = conference_of(registration.conference_id)
    with translation.override(reader.catalogue):
        context = _context(request, registration, conference, reader) | more
    template = f"registrations/public/{page}.html"
    return answer(request, template, context, reader, refusal, status)


def _context(
    request: HttpRequest, registration: Registration, conference: Conference, reader: Reader
) -> dict[str, Any]:
    at = {"organisation": conference.organisation.slug, "conference": conference.slug}
    context = conference_context(conference, reader, "conference", at)
    path = manage_path(registration)
    waits = registration.status == RegistrationStatus.WAITING_LIST
    asked_in = open_round_of(registration)
    may_change = registration.is_live and guests_may_change(conference)
    return context | {
        "page": "personal",
        "noindex": True,
        "languages": language_links(request.path, reader),
        "registration": registration,
        "type_name": reader.text(registration.registration_type.name),
        "status_word": words.STATUSES[RegistrationStatus(registration.status)],
        "has_place": registration.status in TAKING_A_PLACE,
        "place_in_line": place_in_line(registration) if waits else None,
        "may_change": may_change,
        "may_cancel": may_change or asked_in is not None,
        "somebody_waits": registration.status in TAKING_A_PLACE
        and registration.registration_type_id in types_waited_for(conference),
        "offer_until": _moment(registration.offer_expires_at, conference, reader),
        "asked_until": _moment(asked_in.until_at if asked_in else None, conference, reader),
        "has_answered": has_answered(registration),
        "may_join_again": may_join_again(registration, conference),
        "manage_path": path,
        "heading": heading(registration, conference, reader),
        "saved": "saved" in request.GET,
        "confirmed_now": "confirmed" in request.GET,
        "still_now": "still" in request.GET,
        "new_date": is_asked(registration, conference),
        "day_words": dates.say_day(dates.span_of(conference)[0], reader.tag),
        "keep": f"register-{conference.uid}",
        "mail_to": conference.contact_email or conference.organisation.contact_email,
        "address": registration.email or registration.booking.contact_email,
        "missing": still_missing(registration),
        "change_path": f"{path}change/{reader.query}",
        **somebody_else(registration),
        **session_context(registration, conference, reader),
        **party_context(registration, query=reader.query),
    }

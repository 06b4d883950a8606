"""The holder of a personal link chooses sessions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from core.errors import DomainError
from registrations.forms.sessions import ChooseSessionsForm, offer_sessions
from registrations.models import Registration
from registrations.services.links import manage_path
from registrations.services.session_offers import SessionOffer, chosen_codes, session_offers
from registrations.services.signing_up import choose_sessions, leave_session
from registrations.views.public import personal
from registrations.views.public.base import chosen_query


@personal.personal("GET", "HEAD", "POST")
def sessions_page(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Tick what one wants to attend; POST takes the places and gives the others back.

    A button on the personal page gives one back, pressed once or twice.
    """
    if request.method == "POST" and "leave" in request.POST:
        return _leave(request, registration)
    reader = personal.reader_of(request, registration)
    chosen = chosen_codes(registration)
    offers = _offers_for(registration)
    initial = {"sessions": chosen, "version": registration.version}
    with translation.override(reader.catalogue):
        form = ChooseSessionsForm(request.POST or None, initial=initial)
        offer_sessions(form, offers, reader, kept=chosen)
        refusal = None
        if request.method == "POST" and form.is_valid():
            try:
                changed = choose_sessions(
                    registration=registration,
                    # What is no longer offered stands hidden in the form.
                    codes=request.POST.getlist("sessions")[:100],
                    expected=form.cleaned_data["version"],
                    actor=personal.guest_by_link(),
                    by_guest=True,
                    language=reader.tag,
                )
            except DomainError as error:
                refusal = error
                if error.kind == "stale":
                    registration.refresh_from_db()
                    form.on_version(registration.version)
                form.add_error("sessions" if "sessions" in form.fields else None, error.detail)
            else:
                return redirect(f"{manage_path(changed)}?{chosen_query(request)}saved=1")
    seen = {one.code for one in offers}
    more = {"form": form, "beyond": [code for code in chosen if code not in seen]}
    status = 400 if form.errors else 200
    return personal.answer_personal(request, registration, "sessions", more, refusal, status)


def _leave(request: HttpRequest, registration: Registration) -> HttpResponse:
    try:
        changed = leave_session(
            registration=registration,
            session=request.POST["leave"],
            actor=personal.guest_by_link(),
            by_guest=True,
        )
    except DomainError as refusal:
        registration.refresh_from_db()
        more = {"refusal": refusal}
        return personal.answer_personal(request, registration, "personal", more, refusal)
    return redirect(f"{manage_path(changed)}?{chosen_query(request)}saved=1")


def _offers_for(registration: Registration) -> list[SessionOffer]:
    slug = registration.registration_type.slug
    return [one for one in session_offers(registration.conference) if one.is_for(slug)]

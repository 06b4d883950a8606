"""Who leads a party names the others, takes one out, and brings one more.

The link opens the lead's own party only: whoever is asked for is looked for among its companions.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from core.errors import DomainError
from registrations.forms.party import CompanionForm
from registrations.models import Registration
from registrations.services.cancelling import cancel_registration
from registrations.services.changing import change_registration
from registrations.services.links import manage_path
from registrations.services.offering import accept_offer
from registrations.services.party_places import add_companion_once, companions_of, may_add
from registrations.services.still_coming import open_round_of
from registrations.views.public.base import chosen_query
from registrations.views.public.party_shown import status_word
from registrations.views.public.personal import (
    answer_personal,
    guest_by_link,
    personal,
    reader_of,
)


@personal("GET", "HEAD", "POST")
def companion_page(
    request: HttpRequest, registration: Registration, companion: str
) -> HttpResponse:
    """Name a companion, or change the name; who has an address of their own does that alone."""
    row = _companion(registration, companion)
    initial = {name: getattr(row, name) for name in CompanionForm.cleaners}
    with translation.override(reader_of(request, registration).catalogue):
        form = CompanionForm(request.POST or None, initial=initial | {"version": row.version})
        refusal = None
        if request.method == "POST" and row.email:
            raise Http404
        if request.method == "POST" and form.is_valid():
            try:
                change_registration(
                    registration=row,
                    changes=form.details(),
                    expected=form.cleaned_data["version"],
                    actor=guest_by_link(),
                    by_guest=True,
                )
            except DomainError as error:
                refusal = error
                form.refuse(error)
            else:
                return redirect(_back(request, registration))
    more = {"form": form, "companion": row, "status_of_companion": status_word(row)}
    status = 400 if form.errors else 200
    return answer_personal(request, registration, "companion", more, refusal, status)


@personal("GET", "HEAD", "POST")
def companion_new_page(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Bring one more: a place is taken, or they wait for one."""
    number = companions_of(registration).count()
    if not may_add(registration, registration.conference, number):
        return redirect(_back(request, registration))
    with translation.override(reader_of(request, registration).catalogue):
        form = CompanionForm(request.POST or None)
        refusal = None
        if request.method == "POST" and form.is_valid():
            try:
                key, body = form.key_of(form.details())
                add_companion_once(
                    registration=registration,
                    details=form.details(),
                    actor=guest_by_link(),
                    key=key,
                    body=body,
                )
            except DomainError as error:
                refusal = error
                form.refuse(error)
            else:
                return redirect(_back(request, registration))
    status = 400 if form.errors else 200
    return answer_personal(request, registration, "companion", {"form": form}, refusal, status)


@personal("GET", "HEAD", "POST")
def companion_remove(
    request: HttpRequest, registration: Registration, companion: str
) -> HttpResponse:
    """Take one out of the party by a POST: the place is free."""
    row = _companion(registration, companion)
    if request.method != "POST":
        return redirect(manage_path(registration))
    return _deed(
        request,
        registration,
        lambda: cancel_registration(
            registration=row,
            actor=guest_by_link(),
            by_guest=True,
            when_asked=open_round_of(row) is not None,
        ),
    )


@personal("GET", "HEAD", "POST")
def companion_accept(
    request: HttpRequest, registration: Registration, companion: str
) -> HttpResponse:
    """Take, by a POST, the place offered to a companion without an address of their own."""
    row = _companion(registration, companion)
    if row.email:
        raise Http404
    if request.method != "POST":
        return redirect(manage_path(registration))
    return _deed(
        request,
        registration,
        lambda: accept_offer(registration=row, actor=guest_by_link(), by_guest=True),
    )


def _companion(registration: Registration, code: str) -> Registration:
    rows = companions_of(registration).filter(code=code)
    row = rows.select_related("conference", "registration_type", "booking").first()
    if row is None:
        raise Http404
    return row


def _back(request: HttpRequest, registration: Registration) -> str:
    return f"{manage_path(registration)}?{chosen_query(request)}saved=1"


def _deed(request: HttpRequest, registration: Registration, deed: Any) -> HttpResponse:
    try:
        deed()
    except DomainError as refusal:
        return answer_personal(request, registration, "personal", {"refusal": refusal}, refusal)
    return redirect(_back(request, registration))

"""What a guest answers to an offer, and to "still coming?"; a lapsed one joins the list again.

Reading these pages says nothing: each answer is a POST of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.errors import DomainError
from registrations.enums import RegistrationStatus
from registrations.models import Registration
from registrations.services.cancelling import cancel_registration
from registrations.services.links import manage_path
from registrations.services.offering import decline_offer, join_list_again
from registrations.services.party_places import accept_offer_of_party
from registrations.services.still_coming import confirm_still_coming, has_answered, open_round_of
from registrations.views.public.base import chosen_query
from registrations.views.public.personal import answer_personal, guest_by_link, personal


@personal("GET", "HEAD", "POST")
def offer_page(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Take the place on offer, or give it to the next."""
    if request.method == "POST":
        deed = decline_offer if request.POST.get("answer") == "no" else accept_offer_of_party
        return _deed(request, registration, "offer", lambda: deed(**_by(registration)))
    if registration.status != RegistrationStatus.OFFERED:
        return redirect(_back(request, registration))
    return answer_personal(request, registration, "offer", {})


@personal("GET", "HEAD", "POST")
def still_coming_page(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Say that one still comes, or give the place away."""
    if request.method == "POST":
        if request.POST.get("answer") == "no":
            asked = open_round_of(registration) is not None
            return _deed(
                request,
                registration,
                "still_coming",
                lambda: cancel_registration(**_by(registration), when_asked=asked),
            )
        return _deed(
            request,
            registration,
            "still_coming",
            lambda: confirm_still_coming(**_by(registration)),
            done="still=1",
        )
    if open_round_of(registration) is None or has_answered(registration):
        return redirect(_back(request, registration))
    return answer_personal(request, registration, "still_coming", {})


@personal("GET", "HEAD", "POST")
def join_again_page(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Join the waiting list again, at its end."""
    if request.method == "POST":
        return _deed(
            request, registration, "personal", lambda: join_list_again(**_by(registration))
        )
    return redirect(_back(request, registration))


def _by(registration: Registration) -> dict[str, Any]:
    return {"registration": registration, "actor": guest_by_link(), "by_guest": True}


def _back(request: HttpRequest, registration: Registration, done: str = "") -> str:
    return f"{manage_path(registration)}?{chosen_query(request)}{done}".rstrip("?&")


def _deed(
    request: HttpRequest,
    registration: Registration,
    page: str,
    deed: Callable[[], Any],
    done: str = "",
) -> HttpResponse:
    """Do it and lead to the personal page; a refusal is said there or here."""
    try:
        deed()
    except DomainError as refusal:
        registration.refresh_from_db()
        if page == "offer" and registration.status != RegistrationStatus.OFFERED:
            page = "personal"
        return answer_personal(request, registration, page, {"refusal": refusal}, refusal)
    return redirect(_back(request, registration, done))

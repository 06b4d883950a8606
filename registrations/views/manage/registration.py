"""One registration, with everything that an organiser can do to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.text import full_name
from events.enums import ConferenceState
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from registrations.enums import RegistrationStatus
from registrations.forms.manage import CancelForm, DetailsForm
from registrations.models import Invitation, Registration
from registrations.services.approving import (
    approve_registration,
    put_on_waiting_list,
    reject_registration,
)
from registrations.services.attendance import check_in, undo_check_in
from registrations.services.cancelling import cancel_registration, uncancel_registration
from registrations.services.changing import change_registration
from registrations.services.links import manage_url, resend_link, revoke_link
from registrations.services.needs import comes_on_top
from registrations.services.offering import accept_offer, offer_place
from registrations.services.reconfirming import confirm_new_date, is_asked
from registrations.services.registration_list import rows_of
from registrations.services.still_coming import (
    confirm_still_coming,
    has_answered,
    open_round_of,
)
from registrations.services.substituting import why_no_substitute
from registrations.services.time_line import time_line
from registrations.views.manage.answers_shown import answers_context

# verb -> the service, and what is said when it is done.
_VERBS: Final[Mapping[str, tuple[Callable[..., Any], str]]] = {
    "approve": (approve_registration, "{name} has a place."),
    "cancel": (cancel_registration, "{name} is cancelled, and the place is free."),
    "reject": (reject_registration, "{name} is turned down."),
    "put-on-list": (put_on_waiting_list, "{name} is on the waiting list."),
    "offer": (offer_place, "{name} is offered a place."),
    "accept-offer": (accept_offer, "{name} has a place."),
    "still-coming": (confirm_still_coming, "{name} still comes."),
    "uncancel": (uncancel_registration, "{name} has a place again."),
    "check-in": (check_in, "{name} is checked in."),
    "undo-check-in": (undo_check_in, "{name} is not checked in any more."),
    "confirm-date": (confirm_new_date, "{name} comes on the new date."),
    "revoke-link": (revoke_link, "The old links of {name} open nothing any more."),
    "resend-link": (resend_link, "The link is on its way to {name}."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def registration_page(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Who it is, how things stand, what happened; POST saves the details."""
    posting = request.method == "POST"
    needed = Permission.REGISTRATION_WRITE if posting else Permission.REGISTRATION_READ
    row = get_conference(request, organisation, conference, needed)
    registration = registration_at(row, code)
    form = DetailsForm(request.POST or None, registration=registration)
    if posting and form.is_valid():
        changed = attempt(
            form,
            [registration],
            lambda: change_registration(
                registration=registration,
                changes=form.values(),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if changed is not None:
            messages.success(request, "Saved.")
            return redirect("manage-registration", organisation, conference, code)
    may_write = may(request, Permission.REGISTRATION_WRITE)
    context = {
        "conference": row,
        "registration": registration,
        "name": full_name(registration.given_name, registration.family_name),
        "form": form,
        "cancel_form": CancelForm(),
        "may_write": may_write,
        # Whoever has the link can act as the guest, so it is shown only to those who may anyway.
        "link": manage_url(registration) if may_write and registration.is_live else "",
        "address": registration.email or registration.booking.contact_email,
        "history": time_line(registration),
        "sessions": [
            one.sign_up_session.session
            for one in registration.sign_ups.select_related("sign_up_session__session")
        ],
        "takes_place": row.state in {ConferenceState.PUBLISHED, ConferenceState.ARCHIVED},
        "new_date": is_asked(registration, row),
        "sees_mail": may(request, Permission.MAIL_READ),
        "still_asked": open_round_of(registration) is not None and not has_answered(registration),
        **_beside(registration),
        **answers_context(row, registration),
    }
    return render(request, "registrations/manage/registration.html", context)


@require_POST
@console_page
def registration_verb(
    request: HttpRequest, organisation: str, conference: str, code: str, verb: str
) -> HttpResponse:
    """Approve, turn down, cancel, check in, end links, send the link: one button each."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    registration = registration_at(row, code)
    arguments: dict[str, Any] = {"registration": registration, "actor": actor_of(request)}
    if verb not in _VERBS:
        raise Http404
    service, done = _VERBS[verb]
    if verb == "cancel":
        arguments["reason"] = request.POST.get("reason", "")
    if verb == "approve":
        arguments["or_wait"] = "or_wait" in request.POST
    if verb != "resend-link":
        arguments["expected"] = posted_version(request)
    name = full_name(registration.given_name, registration.family_name)

    def said(result: Any) -> str:
        waits = verb == "approve" and result.status != RegistrationStatus.CONFIRMED
        sentence = "No place is left, so {name} is on the waiting list." if waits else done
        return sentence.format(name=name)

    try_verb(request, [registration], said, lambda: service(**arguments))
    if request.POST.get("next") == "queue":
        waiting = reverse("manage-queue", args=[organisation, conference])
        return redirect(f"{waiting}?show=waiting")
    return redirect("manage-registration", organisation, conference, code)


def _beside(registration: Registration) -> dict[str, Any]:
    """Return what stands beside a registration: places, invitation, the booking's others."""
    others = registration.booking.registrations.exclude(pk=registration.pk)
    places = registration.places.select_related("allotment").order_by("allotment_id")
    mine = Q(registration=registration) | Q(companion=registration)
    invitations = list(Invitation.objects.filter(mine).select_related("person").order_by("pk"))
    live = next((one for one in invitations if one.is_live), None)
    return {
        "places": [(one.allotment.name, one.count) for one in places],
        # Confirmed, and no place is taken for it although its kind has a number of them.
        "on_top": rows_of(registration.conference)
        .filter(comes_on_top(), pk=registration.pk)
        .exists(),
        "invitation": live or next(iter(invitations), None),
        "may_give_on": why_no_substitute(registration, live, by_guest=False) is None,
        "others": list(
            others.select_related("registration_type").order_by("created_at", "pk")[:50]
        ),
    }


def registration_at(conference: Conference, code: str) -> Registration:
    """Return the conference's registration with this code.

    Raises:
        Http404: when there is none.
    """
    row = (
        Registration.objects.filter(conference=conference, code=code)
        .select_related("registration_type", "booking", "person", "access_code", "lead")
        .first()
    )
    if row is None:
        raise Http404
    row.conference = conference
    return row

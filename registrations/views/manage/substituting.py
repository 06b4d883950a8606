"""An organiser gives somebody's place to another person."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.views.access import actor_of
from core.text import full_name
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page
from registrations.forms.manage import DetailsForm
from registrations.services.following import seen_invitation_of
from registrations.services.substituting import substitute, why_no_substitute
from registrations.views.manage.registration import registration_at


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def registration_substitute(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Ask who comes instead, and say what becomes of what the first one left; POST does it."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    registration = registration_at(row, code)
    known = ("affiliation", "language", "version")
    initial = {name: getattr(registration, name) for name in known}
    form = DetailsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            [registration],
            lambda: substitute(
                registration=registration,
                expected=form.expected,
                actor=actor_of(request),
                **form.values(),
            ),
        )
        if done is not None:
            messages.success(request, f"{full_name(done.given_name, done.family_name)} comes now.")
            return redirect("manage-registration", organisation, conference, code)
    invitation = seen_invitation_of(registration)
    context = {
        "conference": row,
        "registration": registration,
        "name": full_name(registration.given_name, registration.family_name),
        "form": form,
        "invitation": invitation,
        "why_not": why_no_substitute(registration, invitation, by_guest=False),
    }
    return render(request, "registrations/manage/registration_substitute.html", context)

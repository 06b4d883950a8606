"""The holder of a personal link sends somebody else in their place."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from core.errors import DomainError
from registrations.forms.substitute import SubstituteForm
from registrations.models import Registration
from registrations.services.following import seen_invitation_of
from registrations.services.links import manage_path
from registrations.services.substituting import substitute, why_no_substitute
from registrations.views.public import personal
from registrations.views.public.base import chosen_query


@personal.personal("GET", "HEAD", "POST")
def substitute_page(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Ask who comes instead; POST gives them the place, and this link opens nothing any more."""
    reader = personal.reader_of(request, registration)
    # Of before: where the new one's link leads is for the new one alone.
    here = f"{manage_path(registration)}?{chosen_query(request)}".rstrip("?&")
    initial = {
        "affiliation": registration.affiliation,
        "language": registration.language,
        "version": registration.version,
    }
    refusal = None
    with translation.override(reader.catalogue):
        form = SubstituteForm(request.POST or None, reader=reader, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                substitute(
                    registration=registration,
                    expected=form.cleaned_data["version"],
                    actor=personal.guest_by_link(),
                    by_guest=True,
                    **form.details(),
                )
            except DomainError as error:
                refusal = error
                personal.refuse_change(form, registration, error)
            else:
                return redirect(here)
        why_not = why_no_substitute(registration, seen_invitation_of(registration), by_guest=True)
    more = {"form": form, "why_not": why_not}
    status = 400 if form.errors else 200
    return personal.answer_personal(request, registration, "substitute", more, refusal, status)

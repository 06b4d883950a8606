"""What a guest answered: shown on the registration's page, changed on a page of its own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.views.access import actor_of
from core.text import full_name
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page
from registrations.forms.answers import AnswersForm
from registrations.services.changing_answers import change_answers, note_sensitive_shown
from registrations.services.form_definition import read_form
from registrations.services.reading_answers import answers_of, given_of
from registrations.views.manage.answers_shown import answer_row
from registrations.views.manage.registration import registration_at
from registrations.views.public.asking import received_files


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def registration_answers(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Change the answers; those about food and access only after a click, which is written down."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    registration = registration_at(row, code)
    shows = request.method == "POST" and "show" in request.POST
    with_sensitive = shows or "sensitive" in request.POST
    if shows:
        note_sensitive_shown(registration=registration, actor=actor_of(request))
    definition = read_form(row).for_type(registration.registration_type.slug)
    saves = request.method == "POST" and not shows
    form = AnswersForm(request.POST if saves else None)
    form.show(
        definition,
        given_of(definition, registration),
        registration.version,
        with_sensitive=with_sensitive,
    )
    if saves:
        form.take_files(*received_files(request, row, form.form_definition, actor_of(request)))
    if saves and form.is_valid():
        changed = attempt(
            form,
            [registration],
            lambda: change_answers(
                registration=registration,
                answers=form.raw_answers(registration.registration_type.slug),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if changed is not None:
            messages.success(request, "Saved.")
            return redirect("manage-registration", organisation, conference, code)
    context = {
        "conference": row,
        "registration": registration,
        "name": full_name(registration.given_name, registration.family_name),
        "form": form,
        "with_sensitive": with_sensitive,
        "has_sensitive": any(ask.sensitivity for ask in definition.asks),
    }
    return render(request, "registrations/manage/registration_answers.html", context)


@require_POST
@console_page
def registration_sensitive(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Show what was answered about food and access; who looked is written down."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    registration = registration_at(row, code)
    note_sensitive_shown(registration=registration, actor=actor_of(request))
    lines = [line for line in answers_of(registration, sensitive=True) if line.sensitivity]
    context = {
        "conference": row,
        "registration": registration,
        "name": full_name(registration.given_name, registration.family_name),
        "answers": [answer_row(line, row) for line in lines],
    }
    return render(request, "registrations/manage/registration_sensitive.html", context)

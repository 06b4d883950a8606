"""The headings of the form."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.views.access import actor_of
from core.text import pick_text
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from registrations.forms.questions import SectionForm
from registrations.services.question_sections import (
    change_section,
    create_section,
    delete_section,
    move_section,
)
from registrations.views.manage.form import section_of


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def section_new(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Put a heading on the form."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    form = SectionForm(request.POST or None, conference=row)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            [],
            lambda: create_section(conference=row, actor=actor_of(request), **form.values()),
        )
        if made is not None:
            messages.success(request, "The section is at the end of the form.")
            return redirect("manage-form", organisation, conference)
    context = {"conference": row, "form": form, "title": "New section", "button": "Add the section"}
    return render(request, "registrations/manage/form_section.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def section_page(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """One heading; `code` is its slug."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    section = section_of(row, code)
    form = SectionForm(request.POST or None, conference=row, section=section)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            [section],
            lambda: change_section(
                section=section,
                changes=form.values(),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if changed is not None:
            messages.success(request, "Saved.")
            return redirect("manage-form", organisation, conference)
    context = {
        "conference": row,
        "form": form,
        "section": section,
        "title": pick_text(section.title, "en", row.languages),
        "button": "Save",
    }
    return render(request, "registrations/manage/form_section.html", context)


@require_POST
@console_page
def section_move(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Put a section, with its questions, one earlier or later."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    section = section_of(row, code)
    slugs = list(row.question_sections.values_list("slug", flat=True))
    there = slugs.index(code) + (1 if request.POST.get("to") == "later" else -1)
    if 0 <= there < len(slugs):
        try_verb(
            request,
            [section],
            "The section is moved.",
            lambda: move_section(
                section=section,
                position=there,
                expected=posted_version(request),
                actor=actor_of(request),
            ),
        )
    return redirect("manage-form", organisation, conference)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def section_delete(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Ask once more, then take a heading off the form."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    section = section_of(row, code)
    if request.method == "POST":
        try_verb(
            request,
            [section],
            "The section is deleted; its questions are still on the form.",
            lambda: delete_section(
                section=section, expected=posted_version(request), actor=actor_of(request)
            ),
        )
        return redirect("manage-form", organisation, conference)
    title = pick_text(section.title, "en", row.languages)
    context = {
        "conference": row,
        "words": {"title": f"Delete {title}?", "label": "Delete the section", "danger": True},
        "text": "Its questions stay where they are, below the section before.",
        "version": section.version,
        "cancel_url": reverse("manage-form", args=[organisation, conference]),
    }
    return render(request, "events/manage/confirm.html", context)

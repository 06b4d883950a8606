"""The form that guests fill in, as a whole: its outline, its order, and how it will look."""

from __future__ import annotations

from typing import Any, Final

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.errors import DomainError
from core.text import LANGUAGES, pick_text
from events.languages import choose
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import console_page, try_verb
from registrations.models import QuestionSection, RegistrationType
from registrations.services.form_outline import form_outline
from registrations.services.questions import order_questions
from registrations.services.usual_questions import NAMES, add_usual_question, usual_questions
from registrations.views.public.register import preview

# The form stands in a frame of its own, in which scripts run and nothing can be sent.
FRAMES: Final = {"frame-src": [SELF]}
_FRAMED: Final = {
    "frame-ancestors": [SELF],
    "form-action": [NONE],
    "sandbox": ["allow-scripts", "allow-same-origin"],
}
WIDTHS: Final = (("phone", "Phone"), ("desk", "Desk"))


@require_safe
@csp_replace(FRAMES)
@console_page
def form_page(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """All questions in order, what can be added, and the preview beside them."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    outline = form_outline(row)
    context = {
        "conference": row,
        "outline": outline,
        "is_empty": not any(part.section or part.lines for part in outline),
        "usual": usual_questions(row),
        "may_write": may(request, Permission.REGISTRATION_WRITE),
        **preview_context(request, row),
    }
    return render(request, "registrations/manage/form.html", context)


@require_safe
@csp_replace(_FRAMED)  # type: ignore[arg-type]  # its types know only views of one argument
def form_preview(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """The public page as guests of a kind will read it; it sends nothing."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    slug = request.GET.get("type")
    types = row.registration_types.filter(slug=slug) if slug else row.registration_types.all()
    kind = types.first()
    if kind is None:
        raise Http404
    kind.conference = row
    response = preview(request, row, choose(request.GET.get("lang"), "", row.languages), kind)
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


@require_POST
@console_page
def form_order(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Take the order in which questions of a section were dragged."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    slug = request.GET.get("section")
    section = section_of(row, slug) if slug else None
    try:
        order_questions(
            conference=row,
            section=section,
            slugs=request.POST.get("order", "").split(","),
            actor=actor_of(request),
        )
    except DomainError as refusal:
        messages.error(request, refusal.detail)
        return HttpResponse(status=refusal.status)
    messages.success(request, "The order is saved.")
    return HttpResponse(status=204)


@require_POST
@console_page
def form_usual(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Put a usual question on the form."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    name = request.POST.get("name", "")
    try_verb(
        request,
        [],
        f"“{NAMES.get(name)}” is on the form, in four languages.",
        lambda: add_usual_question(conference=row, name=name, actor=actor_of(request)),
    )
    return redirect("manage-form", organisation, conference)


def section_of(conference: Conference, slug: str) -> QuestionSection:
    """Return a section of a conference by its slug.

    Raises:
        Http404: when it has none such.
    """
    row = conference.question_sections.filter(slug=slug).first()
    if row is None:
        raise Http404
    row.conference = conference
    return row


def preview_context(
    request: HttpRequest, row: Conference, first: RegistrationType | None = None
) -> dict[str, Any]:
    """Return what the frame beside the form shows: of which kind, in which language, how wide.

    Arguments:
        first: the kind that is shown unless the reader asks for another.
    """
    types = list(row.registration_types.all())
    slugs = [one.slug for one in types]
    asked = request.GET.get("type", first.slug if first else "")
    lang, width = request.GET.get("lang", ""), request.GET.get("width", "")
    return {
        "preview_types": [(one.slug, pick_text(one.name, "en", row.languages)) for one in types],
        "preview_languages": [(tag, LANGUAGES[tag]) for tag in row.languages if tag in LANGUAGES],
        "preview_widths": WIDTHS,
        "preview_type": asked if asked in slugs else next(iter(slugs), ""),
        "preview_lang": lang if lang in row.languages else row.first_language,
        "preview_width": width if width in dict(WIDTHS) else WIDTHS[0][0],
    }

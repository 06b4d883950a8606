"""One question of the form, with its options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from csp.decorators import csp_replace
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.views.access import actor_of
from core.text import pick_text
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from registrations.enums import WITH_OPTIONS, QuestionKind
from registrations.forms.question_options import OptionRows
from registrations.forms.questions import QuestionForm
from registrations.models import Question
from registrations.services.form_order import step
from registrations.services.form_outline import with_parts
from registrations.services.question_options import chosen_options
from registrations.services.questions import (
    change_question,
    create_question,
    delete_question,
    move_question,
    restore_question,
    retire_question,
)
from registrations.views.manage.form import FRAMES, preview_context

# What each kind is good for, said where one chooses among them.
HINTS: Final = {
    QuestionKind.TEXT: "One line, such as a flight number",
    QuestionKind.LONG_TEXT: "Several lines",
    QuestionKind.NUMBER: "A whole number, within limits if you like",
    QuestionKind.CHOICE: "One of several answers, perhaps with places",
    QuestionKind.CHOICES: "As many of several answers as they like",
    QuestionKind.YES_NO: "Yes or no; further questions can hang on it",
    QuestionKind.DATE: "A day",
    QuestionKind.COUNTRY: "One of the world's countries",
    QuestionKind.FILE: "A document or a picture",
    QuestionKind.CONSENT: "Words to agree to, kept version by version",
}


@require_http_methods(["GET", "HEAD", "POST"])
@csp_replace(FRAMES)
@console_page
def question_new(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Choose what sort of answer it takes; then write the question."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in QuestionKind.values:
        kinds = [(one.value, one.label, HINTS[one]) for one in QuestionKind]
        context = {"conference": row, "kinds": kinds}
        return render(request, "registrations/manage/form_kinds.html", context)
    form = _form(request, row, kind, None)
    if request.method == "POST" and "do" not in request.POST and form.is_valid():
        values = form.values()
        made = attempt(
            form, [], lambda: create_question(conference=row, actor=actor_of(request), **values)
        )
        if made is not None:
            messages.success(request, "The question is on the form.")
            return redirect("manage-form", organisation, conference)
    context = {"title": "New question", "button": "Add the question"}
    return _show(request, row, form, kind, context)


@require_http_methods(["GET", "HEAD", "POST"])
@csp_replace(FRAMES)
@console_page
def question_page(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """One question; `code` is its slug."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    question = _one(row, code)
    form = _form(request, row, question.kind, question)
    if request.method == "POST" and "do" not in request.POST and form.is_valid():
        changes = form.values()
        changed = attempt(
            form,
            [question],
            lambda: change_question(
                question=question,
                changes=changes,
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if changed is not None:
            messages.success(request, "Saved.")
            return redirect("manage-form-question", organisation, conference, changed.slug)
    context = {
        "question": question,
        "title": pick_text(question.label, "en", row.languages),
        "button": "Save",
    }
    return _show(request, row, form, question.kind, context)


@require_POST
@console_page
def question_move(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Put a question one earlier or later, from a section's end into the next one."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    question = _one(row, code)
    place = step(row, question, later=request.POST.get("to") == "later")
    if place is not None:
        section, position = place
        try_verb(
            request,
            [question],
            "The question is moved.",
            lambda: move_question(
                question=question,
                section=section,
                position=position,
                expected=posted_version(request),
                actor=actor_of(request),
            ),
        )
    back = reverse("manage-form", args=[organisation, conference])
    return redirect(f"{back}#q-{question.slug}")


@require_POST
@console_page
def question_retire(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Ask a question no more."""
    done = "The question is asked no more. Its answers stay; you can restore it here."
    return _verb(request, organisation, conference, code, done, retire_question)


@require_POST
@console_page
def question_restore(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Ask a retired question again."""
    done = "The question is asked again."
    return _verb(request, organisation, conference, code, done, restore_question)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def question_delete(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Ask once more, then delete a question that nobody answered."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    question = _one(row, code)
    if request.method == "POST":
        gone = try_verb(
            request,
            [question],
            "The question is deleted.",
            lambda: delete_question(
                question=question, expected=posted_version(request), actor=actor_of(request)
            ),
        )
        if not gone:
            return redirect("manage-form-question", organisation, conference, code)
        return redirect("manage-form", organisation, conference)
    label = pick_text(question.label, "en", row.languages)
    context = {
        "conference": row,
        "words": {"title": f"Delete “{label}”?", "label": "Delete the question", "danger": True},
        "text": "It goes with its options and their words in all languages. A question that "
        "somebody has answered is retired, never deleted.",
        "version": question.version,
        "cancel_url": reverse("manage-form-question", args=[organisation, conference, code]),
    }
    return render(request, "events/manage/confirm.html", context)


def _verb(
    request: HttpRequest,
    organisation: str,
    conference: str,
    code: str,
    done: str,
    verb: Callable[..., Question],
) -> HttpResponse:
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    question = _one(row, code)
    try_verb(
        request,
        [question],
        done,
        lambda: verb(question=question, expected=posted_version(request), actor=actor_of(request)),
    )
    return redirect("manage-form-question", organisation, conference, code)


def _form(
    request: HttpRequest, row: Conference, kind: str, question: Question | None
) -> QuestionForm:
    """Return the form as it begins, as it was sent, or with a row of options added or moved."""
    data = request.POST if request.method == "POST" else None
    rows = None
    if kind in WITH_OPTIONS:
        used = chosen_options(question) if question is not None else ()
        rows = OptionRows(conference=row, question=question, data=data, used=used)
    about: dict[str, Any] = {
        "conference": row,
        "kind": kind,
        "types": list(row.registration_types.all()),
        "question": question,
        "answered": question is not None and question.answered,  # type: ignore[attr-defined]  # annotated
        "rows": rows,
    }
    if data is None or "do" not in data:
        return QuestionForm(data, **about)
    if rows is not None:
        rows.rearrange(request.POST, data["do"])
    return QuestionForm(initial=QuestionForm(**about).typed(request.POST), **about)


def _show(
    request: HttpRequest,
    row: Conference,
    form: QuestionForm,
    kind: str,
    context: dict[str, Any],
) -> HttpResponse:
    question: Question | None = context.get("question")
    first = question.registration_types.first() if question is not None else None
    context |= {
        "conference": row,
        "form": form,
        "kind_word": QuestionKind(kind).label,
        "is_unsaved": request.method == "POST",
        **preview_context(request, row, first),
    }
    return render(request, "registrations/manage/form_question.html", context)


def _one(conference: Conference, slug: str) -> Question:
    row = with_parts(conference.questions.all()).filter(slug=slug).first()
    if row is None:
        raise Http404
    row.conference = conference
    return row

"""Questions on guests' pages; files are kept at once, so that sending a form again has them."""

from __future__ import annotations

from django.http import HttpRequest

from core.actors import Actor
from core.cleaning import Wrong
from core.counting import client_of
from events.languages import Reader
from events.models import Conference
from registrations.enums import QuestionKind
from registrations.forms.asked_questions import QuestionsForm
from registrations.models import Registration
from registrations.services.answer_values import FileRef
from registrations.services.cancelling import guests_may_change
from registrations.services.form_definition import Ask, FormDefinition, read_form
from registrations.services.reading_answers import consents_of, given_of, missing_of
from registrations.services.uploads import MAX_BYTES, keep_guest_file, waiting_file


def received_files(
    request: HttpRequest, conference: Conference, form: FormDefinition, actor: Actor
) -> tuple[dict[str, FileRef], dict[str, str]]:
    """Return the files of a form that was sent, and why others were not taken; both by slug.

    Raises:
        DomainError: ``throttled``.
    """
    files: dict[str, FileRef] = {}
    wrong: dict[str, str] = {}
    for ask in form.questions:
        if ask.kind != QuestionKind.FILE:
            continue
        sent = request.FILES.get(f"q-{ask.slug}")
        token = request.POST.get(f"f-{ask.slug}", "")
        try:
            if sent is not None:
                files[ask.slug] = keep_guest_file(
                    conference=conference,
                    content=sent.read(MAX_BYTES + 1),
                    name=sent.name or "",
                    actor=actor,
                    client=client_of(request),
                )
            elif token:
                files[ask.slug] = waiting_file(conference, token)
        except Wrong as error:
            wrong[ask.slug] = error.detail
    return files, wrong


def ask_again(form: QuestionsForm, registration: Registration, reader: Reader) -> FormDefinition:
    """Put the questions of a registration's type into a form, with what was answered."""
    asks = read_form(registration.conference).for_type(registration.registration_type.slug)
    if asks:
        standing = {
            line.slug: line.text for line in consents_of(registration) if not line.withdrawn_at
        }
        form.ask(asks, reader, given=given_of(asks, registration), standing=standing)
    return asks


def still_missing(registration: Registration) -> tuple[Ask, ...]:
    """Return the questions that an answer is still needed to, while it can be given here."""
    if not guests_may_change(registration.conference):
        return ()
    return missing_of(read_form(registration.conference), registration)

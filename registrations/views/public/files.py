"""Files that come with a guest's form: kept at once, so that sending it again still has them."""

from __future__ import annotations

from django.http import HttpRequest

from core.cleaning import Wrong
from core.counting import client_of
from events.models import Conference
from registrations.enums import QuestionKind
from registrations.services.answer_values import FileRef
from registrations.services.form_definition import FormDefinition
from registrations.services.uploads import MAX_BYTES, keep_guest_file, waiting_file
from registrations.views.public.base import guest


def received_files(
    request: HttpRequest, conference: Conference, form: FormDefinition
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
                    actor=guest(),
                    client=client_of(request),
                )
            elif token:
                files[ask.slug] = waiting_file(conference, token)
        except Wrong as error:
            wrong[ask.slug] = error.detail
    return files, wrong

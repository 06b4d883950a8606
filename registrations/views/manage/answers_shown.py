"""Answers as the registration's page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from events.models import Conference
from registrations.models import Registration
from registrations.services.form_definition import Texts, read_form
from registrations.services.reading_answers import AnswerLine, answer_facts


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A question and what was answered; `url` of a file."""

    label: Texts
    words: str
    url: str = ""


def answers_context(row: Conference, registration: Registration) -> dict[str, Any]:
    """Return what the page says of a registration's answers; of sensitive ones that there are."""
    form = read_form(row)
    facts = answer_facts(form, [registration])[registration.pk]
    return {
        "answers": [answer_row(line, row) for line in facts.lines],
        "has_sensitive_answers": bool(facts.sensitive),
        "missing_answers": facts.missing,
        "consents": facts.consents,
        "has_questions": bool(form.for_type(registration.registration_type.slug).questions),
    }


def answer_row(line: AnswerLine, conference: Conference) -> AnswerRow:
    url = reverse("file", kwargs={"uid": line.file[0]}) if line.file else ""
    return AnswerRow(line.label, line.words("en", conference.languages), url)

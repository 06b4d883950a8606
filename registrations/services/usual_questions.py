"""Questions that most conferences ask: put on the form with a click, in all four languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from core.actors import Actor
from core.errors import DomainError, not_found
from events.models import Conference
from registrations.models import Question, QuestionSection
from registrations.services.questions import create_question

_FILE: Final = Path(__file__).resolve().parent.parent / "usual_questions.toml"
# Who agrees to it is named in donor packs (console.donor_pack).
FUNDERS: Final = "funders"
# What organisers call them.
NAMES: Final[Mapping[str, str]] = {
    "food": "Food",
    "access": "Access needs",
    "photos": "Consent to photographs",
    "data-protection": "Consent to use their data",
    FUNDERS: "Consent to be named to funders",
    "country": "Country",
    "heard": "How they heard of it",
    "phone": "Phone number",
    # Whoever moderates reads its answers in their briefing: services.speaker_questions.
    "for-speakers": "Question to those who speak",
}


@dataclass(frozen=True, slots=True)
class Usual:
    """A question that can be put on the form, or is on it already."""

    name: str
    label: str
    question: Question | None


@cache
def _all() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def usual_questions(conference: Conference) -> list[Usual]:
    """Return the usual questions and which of them are on the form; one query."""
    there = {row.slug: row for row in conference.questions.filter(slug__in=NAMES)}
    return [Usual(name, label, there.get(name)) for name, label in NAMES.items()]


@transaction.atomic
def add_usual_question(
    *, conference: Conference, name: str, actor: Actor, section: QuestionSection | None = None
) -> Question:
    """Put a usual question on the form, with what is asked after one of its answers.

    Without a section it comes into the last one.

    Raises:
        DomainError: ``not-found``; ``conflict`` when it is on the form already.
    """
    if name not in NAMES:
        raise not_found()
    if conference.questions.filter(slug=name).exists():
        raise DomainError("conflict", f"“{NAMES[name]}” is on the form already.")
    fields = dict(_all()[name])
    follow_up = fields.pop("follow_up", None)
    section = section or conference.question_sections.order_by("order", "id").last()
    row = create_question(conference=conference, slug=name, section=section, actor=actor, **fields)
    if follow_up is not None:
        further = dict(follow_up)
        answers = further.pop("answers")
        create_question(
            conference=conference,
            section=section,
            shown_if=row,
            shown_if_answers=answers,
            actor=actor,
            **further,
        )
    return row

"""Answers beside each other: a column for each question, for pages of the list and for its files.

Those about food and access are columns only for who may read them and asks for them; that they were
read is written down.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from core.actors import Actor
from core.services import audit
from core.text import pick_text
from events.models import Conference
from registrations.enums import QuestionKind
from registrations.models import Answer, ConsentGiven, Question, SensitiveAnswer
from registrations.services.form_definition import place_of
from registrations.services.reading_answers import (
    AnswerLine,
    ConsentLine,
    answers_by_registration,
    consents_by_registration,
)

PREFIX: Final = "answer:"
Cell = str | int | float


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """A question as a column; `label` is in the console's language."""

    question: int
    slug: str
    kind: str
    label: str
    sensitivity: str = ""

    @property
    def name(self) -> str:
        """How a query string and the head of a file name it."""
        return PREFIX + self.slug

    @property
    def is_consent(self) -> bool:
        return self.kind == QuestionKind.CONSENT


def answer_columns(conference: Conference, *, sensitive: bool) -> tuple[AnswerColumn, ...]:
    """Return a column for each question in the order of the form; one query.

    One that is not asked any more has a column where somebody answered it.
    """
    answered = Q()
    for model, path in _ANSWERS:
        answered |= Q(Exists(model.objects.filter(**{path: OuterRef("pk")})))
    rows = Question.objects.filter(Q(active=True) | answered, conference=conference)
    if not sensitive:
        rows = rows.filter(sensitivity="")
    return tuple(
        AnswerColumn(
            question=row.pk,
            slug=row.slug,
            kind=row.kind,
            label=pick_text(row.label, "en", conference.languages),
            sensitivity=row.sensitivity,
        )
        for row in sorted(rows.select_related("section"), key=place_of)
    )


_ANSWERS: Final[Sequence[tuple[Any, str]]] = (
    (Answer, "question"),
    (SensitiveAnswer, "question"),
    (ConsentGiven, "consent_text__question"),
)


def cells_by_registration(
    registration_ids: Collection[int],
    columns: Sequence[AnswerColumn],
    languages: Collection[str],
    *,
    for_people: bool,
) -> Mapping[int, Mapping[str, Cell]]:
    """Return what stands in these columns, by registration id and by the column's name.

    One query for answers, one for sensitive ones and one for consents, each only where a column
    asks for it.

    Arguments:
        for_people: whether it is read on a page; in a file numbers are numbers and days ISO 8601.
    """
    by_slug = {one.slug: one for one in columns}
    questions = [one.question for one in columns if not one.is_consent]
    found: dict[int, dict[str, Cell]] = {}
    if questions:
        lines = answers_by_registration(
            registration_ids,
            sensitive=any(one.sensitivity for one in columns),
            questions=questions,
        )
        for pk, given in lines.items():
            found[pk] = {
                by_slug[line.slug].name: _cell(line, languages, for_people=for_people)
                for line in given
            }
    consents = [one.question for one in columns if one.is_consent]
    if consents:
        for pk, agreed in consents_by_registration(registration_ids, consents).items():
            # What was agreed to last stands last.
            found.setdefault(pk, {}).update(
                {by_slug[line.slug].name: _consent_cell(line) for line in agreed}
            )
    return found


def note_sensitive_read(
    *, conference: Conference, columns: Sequence[AnswerColumn], where: str, actor: Actor
) -> None:
    """Write down that somebody has read answers about food and access of many, if that is so.

    Arguments:
        where: ``list``, ``csv``, ``xlsx`` or ``figures``.
    """
    slugs = [one.slug for one in columns if one.sensitivity]
    if slugs:
        audit.record(
            verb="read_sensitive_answers",
            obj=conference,
            organisation_id=conference.organisation_id,
            actor=actor,
            facts={"questions": slugs, "where": where},
        )


def _cell(line: AnswerLine, languages: Collection[str], *, for_people: bool) -> Cell:
    if line.text and not for_people:
        if line.kind == QuestionKind.NUMBER:
            number: Cell = line.value
            return number
        if line.kind == QuestionKind.DATE:
            return line.text
    return line.words("en", languages)


def _consent_cell(line: ConsentLine) -> str:
    return "Withdrawn" if line.withdrawn_at else f"Agreed to version {line.number}"

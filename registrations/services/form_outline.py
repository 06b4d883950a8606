"""The whole form as organisers see it: sections, questions, and what is to be known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from core.text import LANGUAGES, pick_text
from events.models import Conference
from registrations.enums import QuestionKind
from registrations.models import (
    Answer,
    ConsentGiven,
    ConsentText,
    Question,
    QuestionOption,
    QuestionSection,
    SensitiveAnswer,
)
from registrations.services.form_order import in_form_order


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question as the list shows it.

    Arguments:
        asked_of: names of the kinds of place; empty is everybody.
        hangs_on: after which answer to what it is asked, in words; "" is always.
        missing: names of the conference's languages in which something of it has no text.
    """

    question: Question
    asked_of: list[str]
    hangs_on: str
    places: list[str]
    missing: list[str]
    is_answered: bool


@dataclass(slots=True)
class SectionLine:
    """A heading, or the questions above the first one."""

    section: QuestionSection | None
    lines: list[QuestionLine] = field(default_factory=list)


def with_parts(rows: QuerySet[Question]) -> QuerySet[Question]:
    """Return questions with options, kinds of place, words of consent and whether answered."""
    own = {"question": OuterRef("pk")}
    return (
        rows.select_related("section", "shown_if")
        .prefetch_related(
            Prefetch("options", QuestionOption.objects.select_related("allotment")),
            Prefetch("consent_texts", ConsentText.objects.order_by("number")),
            "registration_types",
        )
        .annotate(
            answered=Exists(Answer.objects.filter(**own))
            | Exists(SensitiveAnswer.objects.filter(**own))
            | Exists(ConsentGiven.objects.filter(consent_text__question=OuterRef("pk")))
        )
    )


def form_outline(conference: Conference) -> list[SectionLine]:
    """Return the form in order; the same number of queries however long it is."""
    rows = {row.pk: row for row in with_parts(conference.questions.all())}
    sections: list[QuestionSection | None] = [None, *conference.question_sections.all()]
    lines = {None if one is None else one.pk: SectionLine(one) for one in sections}
    for one in in_form_order(conference):
        lines[one.section_id].lines.append(_line(rows[one.pk], rows, conference))
    return [line for line in lines.values() if line.section is not None or line.lines]


def _line(row: Question, rows: dict[int, Question], conference: Conference) -> QuestionLine:
    languages = conference.languages
    return QuestionLine(
        question=row,
        asked_of=[pick_text(one.name, "en", languages) for one in row.registration_types.all()],
        hangs_on=_hangs_on(row, rows, languages),
        places=[
            f"{pick_text(one.label, 'en', languages)}: "
            f"{one.allotment.taken} of {one.allotment.capacity}"
            for one in row.options.all()
            if one.allotment is not None and one.allotment.capacity is not None
        ],
        missing=[LANGUAGES[tag] for tag in languages if not _speaks(row, tag)],
        is_answered=row.answered,  # type: ignore[attr-defined]  # annotated by with_parts
    )


def _hangs_on(row: Question, rows: dict[int, Question], languages: Sequence[str]) -> str:
    if row.shown_if_id is None:
        return ""
    leading = rows[row.shown_if_id]
    names = {one.slug: pick_text(one.label, "en", languages) for one in leading.options.all()}
    names |= {"yes": "Yes", "no": "No"} if leading.kind == QuestionKind.YES_NO else {}
    answers = " or ".join(f"“{names.get(slug, slug)}”" for slug in row.shown_if_answers)
    return f"After {answers} to “{pick_text(leading.label, 'en', languages)}”"


def _speaks(row: Question, tag: str) -> bool:
    """Tell whether all that guests read of a question is there in a language."""
    texts = [row.label, *(one.label for one in row.options.all() if one.active)]
    if row.help_text:
        texts.append(row.help_text)
    texts += [one.text for one in list(row.consent_texts.all())[-1:]]
    return all(text.get(tag) for text in texts)

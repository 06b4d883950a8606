"""The order of the form, and the conditions that hang on it.

Questions without a section come first, then those of each section. `Question.order` is the place
in the whole form, so that reading by it alone gives that same order. A question that is asked only
after certain answers to another stands below that one; circles are impossible by that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from django.db.models import F
from django.utils import timezone

from core.errors import DomainError, invalid
from core.text import pick_text
from events.models import Conference
from events.services.writing import put_in_order
from registrations.enums import QuestionKind
from registrations.models import Question, QuestionOption, QuestionSection, RegistrationType

# Answers to these can decide whether another question is asked.
DECIDING: Final = (QuestionKind.CHOICE, QuestionKind.CHOICES, QuestionKind.YES_NO)
YES_OR_NO: Final = ("yes", "no")


def in_form_order(conference: Conference) -> list[Question]:
    """Return all questions of a conference as the form asks them, retired ones too; one query."""
    first = F("section__order").asc(nulls_first=True)
    rows = Question.objects.filter(conference=conference).select_related("section")
    return list(rows.order_by(first, F("section_id").asc(nulls_first=True), "order", "id"))


def number_questions(conference: Conference) -> None:
    """Write down each question's place in the whole form."""
    put_in_order(in_form_order(conference))


def place_question(conference: Conference, row: Question, position: int | None) -> None:
    """Put a saved question at a position among those of its section, and number the form anew."""
    rows = in_form_order(conference)
    own = [other for other in rows if other.section_id == row.section_id]
    start = rows.index(own[0])
    rows[start : start + len(own)] = place_among(own, row, position)
    put_in_order(rows)


def position_of(conference: Conference, row: Question, order: int) -> int:
    """Return the position in its section that is nearest to a place in the whole form."""
    rows = [other for other in in_form_order(conference) if other.pk != row.pk]
    section = row.section
    before = [other for other in rows if _stands_before(other.section, section)]
    return max(0, order - len(before))


def _stands_before(one: QuestionSection | None, other: QuestionSection | None) -> bool:
    if other is None:
        return False
    return one is None or (one.order, one.pk) < (other.order, other.pk)


def step(
    conference: Conference, row: Question, *, later: bool
) -> tuple[QuestionSection | None, int] | None:
    """Return the section and position one step earlier or later; None at the form's end.

    From the end of a section a step leads into the next one.
    """
    sections = [None, *conference.question_sections.all()]
    own = [other.pk for other in in_form_order(conference) if other.section_id == row.section_id]
    here = own.index(row.pk)
    there = here + (1 if later else -1)
    if 0 <= there < len(own):
        return row.section, there
    keys = [None if one is None else one.pk for one in sections]
    beside = keys.index(row.section_id) + (1 if later else -1)
    if not 0 <= beside < len(sections):
        return None
    section = sections[beside]
    filled = Question.objects.filter(conference=conference, section=section).count()
    return section, 0 if later else filled


def place_among(rows: Sequence[Question], row: Question, position: int | None) -> list[Question]:
    """Return the questions of a section with `row` at a position among them.

    Without a position it comes last, but before the consents with which a form ends.
    """
    others = [other for other in rows if other.pk != row.pk]
    if position is None:
        position = len(others)
        if row.kind != QuestionKind.CONSENT:
            while position and others[position - 1].kind == QuestionKind.CONSENT:
                position -= 1
    others.insert(max(0, min(position, len(others))), row)
    return others


def label_of(row: Question | QuestionSection | QuestionOption, conference: Conference) -> str:
    """Return what people call it, for sentences to organisers."""
    texts = row.title if isinstance(row, QuestionSection) else row.label
    return pick_text(texts, "en", conference.languages) or row.slug


def check_conditions(conference: Conference) -> None:
    """Refuse a form in which a question can never be asked, or is asked before what decides it.

    Raises:
        DomainError: ``validation-failed`` with a sentence that names both questions.
    """
    rows = in_form_order(conference)
    by_id = {row.pk: (place, row) for place, row in enumerate(rows)}
    depending = [(row, row.shown_if_id) for row in rows if row.shown_if_id is not None]
    if not depending:
        return
    types = _types_of(rows)
    options = _options_of({leading_id for _row, leading_id in depending})
    for row, leading_id in depending:
        place, leading = by_id[leading_id]
        name, other = label_of(row, conference), label_of(leading, conference)
        if leading.kind not in DECIDING:
            raise invalid(
                "/shown_if",
                "kind",
                f"“{name}” can hang only on a choice or a yes or no, and “{other}” is neither.",
            )
        if place >= by_id[row.pk][0]:
            raise invalid(
                "/order",
                "order",
                f"“{name}” is asked only after certain answers to “{other}”, so it has to stand "
                "below it. The order was kept.",
            )
        _check_answers(row, leading, options.get(leading.pk, {}), name, other)
        if leading.sensitivity and not row.sensitivity:
            raise invalid(
                "/sensitivity",
                "sensitive",
                f"“{other}” is sensitive, and an answer to “{name}” tells of it. Mark it as "
                "sensitive too.",
            )
        if types[row.pk] and types[leading.pk] and not types[row.pk] & types[leading.pk]:
            raise invalid(
                "/registration_types",
                "never-asked",
                f"“{name}” would never be asked: “{other}”, on which it hangs, is asked of other "
                "kinds of place.",
            )


def _check_answers(
    row: Question, leading: Question, options: dict[str, bool], name: str, other: str
) -> None:
    known = dict.fromkeys(YES_OR_NO, True) if leading.kind == QuestionKind.YES_NO else options
    if not row.shown_if_answers:
        raise invalid(
            "/shown_if_answers", "required", f"Say after which answers to “{other}” it is asked."
        )
    strange = [slug for slug in row.shown_if_answers if slug not in known]
    if strange:
        raise invalid(
            "/shown_if_answers",
            "unknown",
            f"“{name}” is asked after the answer “{strange[0]}” to “{other}”, and there is no "
            "such answer.",
        )
    if row.active and not (leading.active and any(known[slug] for slug in row.shown_if_answers)):
        raise invalid(
            "/shown_if",
            "never-asked",
            f"“{name}” is asked only after an answer to “{other}” that would not be offered any "
            f"more. Retire “{name}” first, or change when it is asked.",
        )


def _types_of(rows: Iterable[Question]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {row.pk: set() for row in rows}
    through = Question.registration_types.through.objects.filter(question_id__in=found)
    for question_id, type_id in through.values_list("question_id", "registrationtype_id"):
        found[question_id].add(type_id)
    return found


def _options_of(questions: Iterable[int]) -> dict[int, dict[str, bool]]:
    found: dict[int, dict[str, bool]] = {}
    rows = QuestionOption.objects.filter(question_id__in=list(questions))
    for question_id, slug, active in rows.values_list("question_id", "slug", "active"):
        found.setdefault(question_id, {})[slug] = active
    return found


def refuse_if_asked_alone(registration_type: RegistrationType) -> None:
    """Refuse to delete the only kind of place of which something is asked.

    Without any kind the question would be asked of everybody.

    Raises:
        DomainError: ``in-use``.
    """
    rows = Question.objects.filter(registration_types=registration_type)
    wider = Question.registration_types.through.objects.filter(question__in=rows)
    counts = Counter(wider.values_list("question_id", flat=True))
    alone = next((row for row in rows if counts[row.pk] == 1), None)
    if alone is not None:
        name = label_of(alone, registration_type.conference)
        raise DomainError(
            "in-use", f"“{name}” is asked of this type only. Change of whom it is asked first."
        )


def raise_types(conference: Conference, type_ids: Iterable[int] = ()) -> None:
    """Raise the versions of the kinds of place whose form has changed; none named means all."""
    rows = RegistrationType.objects.filter(conference=conference)
    wanted = set(type_ids)
    if wanted:
        rows = rows.filter(pk__in=wanted)
    for pk in sorted(rows.values_list("pk", flat=True)):
        # One by one in the order of ids: two who change the form never wait in a circle.
        RegistrationType.objects.filter(pk=pk).update(
            version=F("version") + 1, updated_at=timezone.now()
        )

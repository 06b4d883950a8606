"""What the form builder takes: each value as it is stored, or a sentence why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from django.db import models

from core import cleaning as v
from core.errors import DomainError, FieldError
from core.slugs import is_slug
from core.text import search_key
from events.models import Conference
from events.services.writing import missing_text
from registrations.enums import WITH_OPTIONS, QuestionKind, Sensitivity
from registrations.models import Question, QuestionSection, RegistrationType

MAX_QUESTIONS: Final = 200
MAX_SECTIONS: Final = 40
# A page of them, with a label in each language, stays below what one form may send.
MAX_OPTIONS: Final = 60
MAX_SLUG: Final = 60
_MAX_NUMBER: Final = 1_000_000_000
# The most characters that an answer may ever have, and the fewest that a limit may leave it.
LONGEST_ANSWERS: Final = {QuestionKind.TEXT: 500, QuestionKind.LONG_TEXT: 10_000}
WITH_RANGE: Final = (QuestionKind.NUMBER, *LONGEST_ANSWERS)
NEVER_SENSITIVE: Final = (QuestionKind.CONSENT, QuestionKind.FILE)
_ORDER: Final = v.whole_number(0, 32767)

Row = TypeVar("Row", bound=models.Model)


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise v.Wrong("invalid", "Give true or false.")
    return value


def _sensitivity(value: Any) -> str:
    return "" if value == "" else str(v.choice(Sensitivity)(value))


def _answers(value: Any) -> list[str]:
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise v.Wrong("invalid", "Give a list of answers.")
    slugs = list(dict.fromkeys(value))
    if len(slugs) > MAX_OPTIONS or not all(is_slug(one) for one in slugs):
        raise v.Wrong("invalid", "Name answers by their short names, or yes and no.")
    return slugs


def _row_of(model: type[Row], conference: Conference) -> v.Cleaner:
    def cleaner(value: Any) -> Row | None:
        if value is None:
            return None
        if not isinstance(value, model) or getattr(value, "conference_id", None) != conference.pk:
            raise v.Wrong("unknown", "This does not belong to the conference.")
        return value

    return cleaner


def _rows_of(model: type[Row], conference: Conference) -> v.Cleaner:
    one = _row_of(model, conference)

    def cleaner(value: Any) -> list[Any]:
        if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
            raise v.Wrong("invalid", "Give a list.")
        return list(dict.fromkeys(row for row in map(one, value) if row is not None))

    return cleaner


def _options(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list | tuple) or not all(isinstance(one, Mapping) for one in value):
        raise v.Wrong("invalid", "Give a list of options.")
    if len(value) > MAX_OPTIONS:
        raise v.Wrong("too-many", f"A question has {MAX_OPTIONS} options at the most.")
    return list(value)


def question_cleaners(conference: Conference) -> dict[str, v.Cleaner]:
    """Return what cleans each value of a question of this conference."""
    number = v.whole_number(-_MAX_NUMBER, _MAX_NUMBER, required=False)
    return {
        "slug": v.slug(MAX_SLUG),
        "kind": v.choice(QuestionKind),
        "label": v.texts(300),
        "help_text": v.texts(1000, lines=True),
        "required": flag,
        "sensitivity": _sensitivity,
        "lowest": number,
        "highest": number,
        "active": flag,
        "order": _ORDER,
        "section": _row_of(QuestionSection, conference),
        "registration_types": _rows_of(RegistrationType, conference),
        "shown_if": _row_of(Question, conference),
        "shown_if_answers": _answers,
        "options": _options,
        "consent_text": v.texts(5000, lines=True),
    }


SECTION_CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "slug": v.slug(MAX_SLUG),
    "title": v.texts(200),
    "description": v.texts(1000, lines=True),
    "order": _ORDER,
}


def check_question(row: Question, language: str) -> None:
    """Refuse a question whose parts do not fit together.

    Raises:
        DomainError: ``validation-failed``.
    """
    errors = missing_text("label", row.label, language)
    if row.sensitivity and row.kind in NEVER_SENSITIVE:
        errors.append(
            FieldError("/sensitivity", "kind", "A consent or a file can not be kept apart.")
        )
    v.refuse([*errors, *_wrong_range(row)])


def _wrong_range(row: Question) -> list[FieldError]:
    limits = (("lowest", row.lowest), ("highest", row.highest))
    given = {name: value for name, value in limits if value is not None}
    if row.kind not in WITH_RANGE:
        detail = "Only numbers and texts have limits."
        return [FieldError(f"/{name}", "kind", detail) for name in given]
    errors = []
    longest = LONGEST_ANSWERS.get(QuestionKind(row.kind))
    for name, value in given.items():
        if longest is not None and not 0 <= value <= longest:
            detail = f"Give a number of characters from 0 to {longest}."
            errors.append(FieldError(f"/{name}", "range", detail))
    if longest is not None and row.highest == 0:
        errors.append(FieldError("/highest", "range", "An answer needs a character at least."))
    if not errors and given.get("highest", _MAX_NUMBER) < given.get("lowest", -_MAX_NUMBER):
        detail = "The largest is not below the smallest."
        errors.append(FieldError("/highest", "order", detail))
    return errors


def has_options(row: Question) -> bool:
    return row.kind in WITH_OPTIONS


def free_slug(label: Mapping[str, str], language: str, taken: set[str], fallback: str) -> str:
    """Return a short name made of a text, which nothing else has yet."""
    text = label.get(language) or next(iter(label.values()), "")
    letters = "".join(ch if ch.isascii() and ch.isalnum() else " " for ch in search_key(text))
    # Room for a number behind it.
    base = "-".join(letters.split())[: MAX_SLUG - 4].strip("-") or fallback
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def too_many(what: str, most: int) -> DomainError:
    """Return the refusal of one more than there may be."""
    return DomainError("conflict", f"A form has {most} {what} at the most.")

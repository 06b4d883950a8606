"""What all changes of a question share: its parts in other tables, and what must hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core import cleaning as v
from core.actors import Actor
from core.errors import DomainError, FieldError
from core.services import audit
from registrations.enums import QuestionKind
from registrations.models import Answer, ConsentGiven, Question, SensitiveAnswer
from registrations.services.consent_texts import check_consent_text, write_consent_text
from registrations.services.form_order import check_conditions, raise_types
from registrations.services.question_cleaning import has_options
from registrations.services.question_options import check_options, write_options


def is_answered(row: Question) -> bool:
    """Tell whether anybody ever answered a question or agreed to it."""
    return (
        Answer.objects.filter(question=row).exists()
        or SensitiveAnswer.objects.filter(question=row).exists()
        or ConsentGiven.objects.filter(consent_text__question=row).exists()
    )


def write_parts(row: Question, parts: Mapping[str, Any], actor: Actor) -> list[str]:
    """Write what stands in other tables; return the names of what has changed."""
    changed = []
    if "registration_types" in parts:
        wanted = {one.pk for one in parts["registration_types"]}
        if wanted != type_ids(row):
            row.registration_types.set(wanted)
            changed.append("registration_types")
    if "options" in parts and (parts["options"] or row.options.exists()):
        if not has_options(row):
            v.refuse([FieldError("/options", "kind", "Only a choice has options.")])
        if write_options(row, parts["options"], actor):
            changed.append("options")
    if parts.get("consent_text") and write_consent_text(row, parts["consent_text"]):
        changed.append("consent_text")
    return changed


def check_shape(row: Question) -> None:
    """Refuse a condition without its answers, and answers without their question."""
    if row.shown_if is None and row.shown_if_answers:
        v.refuse([FieldError("/shown_if", "required", "Name the question with these answers.")])
    if row.shown_if is not None and row.shown_if.pk == row.pk:
        v.refuse([FieldError("/shown_if", "order", "A question can not hang on itself.")])


def check_whole(row: Question) -> None:
    check_options(row)
    check_consent_text(row)
    check_conditions(row.conference)


def check_kept(row: Question, before: str, changed: Sequence[str]) -> None:
    """Refuse what would leave answers, options or words of consent without their question."""
    if "kind" in changed and QuestionKind.CONSENT in {before, row.kind}:
        detail = "A consent stays one. Delete it and make another question."
        v.refuse([FieldError("/kind", "fixed", detail)])
    if not {"kind", "sensitivity"} & set(changed) or not is_answered(row):
        return
    what = "kind" if "kind" in changed else "sensitivity"
    detail = "Guests have answered this question, so it stays as it is. Retire it and make another."
    raise DomainError("in-use", detail, errors=[FieldError(f"/{what}", "in-use", detail)])


def type_ids(row: Question) -> set[int]:
    return set(row.registration_types.values_list("pk", flat=True))


def finish(
    verb: str,
    row: Question,
    actor: Actor,
    *,
    types: set[int],
    changed: Sequence[str] = (),
) -> None:
    """Write down what was done, and raise the kinds of place whose form it changes."""
    raise_types(row.conference, types)
    audit.record(
        verb=verb,
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
        changed=changed,
    )

"""The questions of a conference's form: making, changing, moving, retiring and deleting them.

Whoever changes the form has the conference locked, so that one change sees the whole of the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict, Unpack

from django.db import transaction

from core import cleaning as v
from core.actors import Actor
from core.errors import DomainError, invalid
from core.services import audit
from events.models import Conference
from events.services.writing import assign, load, load_root, save_root, taken_as
from registrations.models import Question, QuestionSection, RegistrationType
from registrations.services.form_order import (
    check_conditions,
    label_of,
    number_questions,
    place_question,
    position_of,
    raise_types,
)
from registrations.services.question_cleaning import (
    MAX_QUESTIONS,
    WITH_RANGE,
    check_question,
    free_slug,
    question_cleaners,
    too_many,
)
from registrations.services.question_options import check_options, drop_places, write_options
from registrations.services.question_parts import (
    check_kept,
    check_shape,
    check_whole,
    finish,
    is_answered,
    type_ids,
    write_parts,
)

_SLUG_TAKEN: Final = "Another question of this conference has this short name."
_PARTS: Final[tuple[str, ...]] = ("registration_types", "options", "consent_text", "order")


class QuestionFields(TypedDict, total=False):
    """What a question may be given besides what it must have."""

    slug: str | None
    help_text: Mapping[str, str]
    required: bool
    sensitivity: str
    lowest: int | None
    highest: int | None
    section: QuestionSection | None
    registration_types: Sequence[RegistrationType]
    shown_if: Question | None
    shown_if_answers: Sequence[str]
    options: Sequence[Mapping[str, Any]]
    consent_text: Mapping[str, str]
    active: bool
    order: int


@transaction.atomic
def create_question(
    *,
    conference: Conference,
    kind: str,
    label: Mapping[str, str],
    actor: Actor,
    **fields: Unpack[QuestionFields],
) -> Question:
    """Put a question on the form: at the end of its section, unless `order` says otherwise.

    Without `registration_types` it is asked of everybody; without a slug it gets one of its label.

    Raises:
        DomainError: ``validation-failed``; ``conflict`` when the slug is taken or the form is full.
    """
    root = load(conference)
    given = {name: value for name, value in fields.items() if name != "slug" or value}
    values = v.clean({"kind": kind, "label": label, **given}, question_cleaners(root))
    parts = {name: values.pop(name) for name in _PARTS if name in values}
    taken = set(root.questions.values_list("slug", flat=True))
    if len(taken) >= MAX_QUESTIONS:
        raise too_many("questions", MAX_QUESTIONS)
    values.setdefault(
        "slug", free_slug(values["label"], root.first_language, taken, values["kind"])
    )
    row = Question(conference=root, order=len(taken), **values)
    check_question(row, root.first_language)
    check_shape(row)
    with taken_as("/slug", _SLUG_TAKEN):
        row.save(force_insert=True)
    write_parts(row, parts, actor)
    order = parts.get("order")
    place_question(root, row, None if order is None else position_of(root, row, order))
    check_whole(row)
    finish("create_question", row, actor, types=type_ids(row))
    return row


@transaction.atomic
def change_question(
    *, question: Question, changes: Mapping[str, Any], expected: int | None, actor: Actor
) -> Question:
    """Change a question, its options and its words of consent, or where it stands.

    `options` are all of them, in order; `order` is the place in the whole form and keeps to the
    question's section. What was answered stays of its kind and as sensitive as it was.

    Raises:
        DomainError: ``stale``, ``validation-failed``, ``conflict`` (slug), ``in-use``,
            ``capacity-below-taken``.
    """
    return _change(question, changes, expected, actor, "change_question")


@transaction.atomic
def retire_question(*, question: Question, expected: int | None, actor: Actor) -> Question:
    """Ask a question no more; its answers stay.

    Raises:
        DomainError: ``stale``; ``validation-failed`` while another question hangs on it.
    """
    return _change(question, {"active": False}, expected, actor, "retire_question")


@transaction.atomic
def restore_question(*, question: Question, expected: int | None, actor: Actor) -> Question:
    """Ask a retired question again.

    Raises:
        DomainError: ``stale``; ``validation-failed`` when what it hangs on is retired.
    """
    return _change(question, {"active": True}, expected, actor, "restore_question")


@transaction.atomic
def move_question(
    *,
    question: Question,
    section: QuestionSection | None,
    position: int | None,
    expected: int | None,
    actor: Actor,
) -> Question:
    """Put a question into a section, at a position among its questions; None is at its end.

    Raises:
        DomainError: ``stale``; ``validation-failed`` when it would stand before what it hangs on.
    """
    root = load(question.conference)
    row = load_root(question, expected, "section", "shown_if")
    row.conference = root
    row.section = v.clean({"section": section}, question_cleaners(root))["section"]
    save_root(row, ["section"], expected)
    place_question(root, row, position)
    check_conditions(root)
    finish("move_question", row, actor, types=type_ids(row), changed=["order", "section"])
    return row


@transaction.atomic
def order_questions(
    *,
    conference: Conference,
    section: QuestionSection | None,
    slugs: Sequence[str],
    actor: Actor,
) -> list[Question]:
    """Put the questions of a section in the order of their slugs.

    Raises:
        DomainError: ``validation-failed`` unless each of them is named once, or when one would
            stand before what it hangs on.
    """
    root = load(conference)
    rows = {row.slug: row for row in root.questions.filter(section=section)}
    if sorted(slugs) != sorted(rows):
        raise invalid("/order", "incomplete", "The form has changed meanwhile. The order was kept.")
    before = [row.pk for row in rows.values()]
    wanted = [rows[slug] for slug in slugs]
    if [row.pk for row in wanted] == before:
        return wanted
    for position, row in enumerate(wanted):
        row.order = position
        row.save(update_fields=["order", "updated_at"])
    number_questions(root)
    check_conditions(root)
    audit.record(
        verb="order_questions",
        obj=root,
        organisation_id=root.organisation_id,
        actor=actor,
        changed=["order"],
        facts={"count": len(wanted)},
    )
    raise_types(root)
    return wanted


@transaction.atomic
def delete_question(*, question: Question, expected: int | None, actor: Actor) -> None:
    """Delete a question that nobody ever answered, with its options and their places.

    Raises:
        DomainError: ``stale``; ``in-use`` when it was answered, or another question hangs on it.
    """
    root = load(question.conference)
    row = load_root(question, expected)
    row.conference = root
    hanging = row.follow_ups.first()
    if hanging is not None:
        raise DomainError(
            "in-use",
            f"“{label_of(hanging, root)}” is asked only after certain answers to this question. "
            "Change that first. Nothing was deleted.",
        )
    if is_answered(row):
        raise DomainError(
            "in-use",
            "Guests have answered this question. Retire it: it is asked no more, and the answers "
            "stay.",
        )
    types = type_ids(row)
    write_options(row, [], actor)
    finish("delete_question", row, actor, types=types)
    row.delete()
    number_questions(root)


def _change(
    question: Question, changes: Mapping[str, Any], expected: int | None, actor: Actor, verb: str
) -> Question:
    root = load(question.conference)
    row = load_root(question, expected, "section", "shown_if")
    row.conference = root
    values = v.clean(changes, question_cleaners(root))
    parts = {name: values.pop(name) for name in _PARTS if name in values}
    if "shown_if" in values and values["shown_if"] is None:
        values["shown_if_answers"] = []
    if values.get("kind", row.kind) not in WITH_RANGE:
        values = {"lowest": None, "highest": None, **values}
    before, types = row.kind, type_ids(row)
    changed = assign(row, values)
    check_kept(row, before, changed)
    check_question(row, root.first_language)
    check_shape(row)
    if changed:
        with taken_as("/slug", _SLUG_TAKEN):
            row.save(update_fields=sorted({*changed, "updated_at"}))
    if "sensitivity" in changed and row.sensitivity:
        check_options(row)
        drop_places(list(row.options.select_related("allotment")))
    changed += write_parts(row, parts, actor)
    order = parts.get("order")
    if order is not None and order != row.order:
        place_question(root, row, position_of(root, row, order))
        changed.append("order")
    elif "section" in changed:
        place_question(root, row, None)
    if not changed:
        return row
    check_whole(row)
    save_root(row, [], expected)
    after = type_ids(row)
    # None means all: then the form of every kind of place changes.
    finish(verb, row, actor, types=types | after if types and after else set(), changed=changed)
    return row

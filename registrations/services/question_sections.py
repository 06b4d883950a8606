"""The sections of a conference's form: headings with the questions below them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from core import cleaning as v
from core.actors import Actor
from core.services import audit
from events.models import Conference
from events.services.writing import (
    assign,
    load,
    load_root,
    missing_text,
    put_in_order,
    save_root,
    taken_as,
)
from registrations.models import QuestionSection
from registrations.services.form_order import (
    check_conditions,
    in_form_order,
    number_questions,
    raise_types,
)
from registrations.services.question_cleaning import (
    MAX_SECTIONS,
    SECTION_CLEANERS,
    free_slug,
    too_many,
)

_SLUG_TAKEN: Final = "Another section of this conference has this short name."


@transaction.atomic
def create_section(
    *,
    conference: Conference,
    title: Mapping[str, str],
    actor: Actor,
    slug: str | None = None,
    description: Mapping[str, str] | None = None,
    order: int | None = None,
) -> QuestionSection:
    """Put a heading on the form, below all others unless `order` says otherwise.

    Raises:
        DomainError: ``validation-failed``; ``conflict`` when the slug is taken or there are too
            many.
    """
    root = load(conference)
    given = {"slug": slug, "title": title, "description": description, "order": order}
    values = v.clean({k: one for k, one in given.items() if one is not None}, SECTION_CLEANERS)
    place = values.pop("order", None)
    rows = list(root.question_sections.all())
    if len(rows) >= MAX_SECTIONS:
        raise too_many("sections", MAX_SECTIONS)
    taken = {row.slug for row in rows}
    values.setdefault("slug", free_slug(values["title"], root.first_language, taken, "section"))
    row = QuestionSection(conference=root, order=len(rows), **values)
    v.refuse(missing_text("title", row.title, root.first_language))
    with taken_as("/slug", _SLUG_TAKEN):
        row.save(force_insert=True)
    if place is not None:
        _put(root, row, place)
    _finish("create_section", row, actor)
    return row


@transaction.atomic
def change_section(
    *, section: QuestionSection, changes: Mapping[str, Any], expected: int | None, actor: Actor
) -> QuestionSection:
    """Change a heading, or its place among the others.

    Raises:
        DomainError: ``stale``, ``validation-failed``; ``conflict`` when the slug is taken.
    """
    root = load(section.conference)
    row = load_root(section, expected)
    row.conference = root
    values = v.clean(changes, SECTION_CLEANERS)
    place = values.pop("order", None)
    changed = assign(row, values)
    v.refuse(missing_text("title", row.title, root.first_language))
    moves = place is not None and place != row.order
    if not changed and not moves:
        return row
    with taken_as("/slug", _SLUG_TAKEN):
        save_root(row, changed, expected)
    if moves and place is not None:
        _put(root, row, place)
        changed.append("order")
    _finish("change_section", row, actor, changed)
    return row


@transaction.atomic
def move_section(
    *, section: QuestionSection, position: int, expected: int | None, actor: Actor
) -> QuestionSection:
    """Put a section, with its questions, at a position among the others.

    Raises:
        DomainError: ``stale``; ``validation-failed`` when a question would then stand before the
            one that it hangs on.
    """
    root = load(section.conference)
    row = load_root(section, expected)
    row.conference = root
    save_root(row, [], expected)
    _put(root, row, position)
    _finish("move_section", row, actor, ["order"])
    return row


@transaction.atomic
def delete_section(*, section: QuestionSection, expected: int | None, actor: Actor) -> None:
    """Take a heading off the form; its questions stay where they are, below the one before.

    Raises:
        DomainError: ``stale``.
    """
    root = load(section.conference)
    row = load_root(section, expected)
    row.conference = root
    questions = in_form_order(root)
    rows = list(root.question_sections.all())
    here = [one.pk for one in rows].index(row.pk)
    above = rows[here - 1] if here else None
    _finish("delete_section", row, actor)
    root.questions.filter(section=row).update(section=above)
    row.delete()
    put_in_order(list(root.question_sections.all()))
    put_in_order(questions)
    number_questions(root)


def _put(root: Conference, row: QuestionSection, position: int) -> None:
    rows = [one for one in root.question_sections.all() if one.pk != row.pk]
    rows.insert(max(0, min(position, len(rows))), row)
    put_in_order(rows)
    number_questions(root)
    check_conditions(root)


def _finish(
    verb: str, row: QuestionSection, actor: Actor, changed: list[str] | None = None
) -> None:
    # A heading stands on the form of every kind of place.
    raise_types(row.conference)
    audit.record(
        verb=verb,
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
        changed=changed or [],
    )

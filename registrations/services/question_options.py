"""The options of a question, with places of their own where there are only so many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from core import cleaning as v
from core.actors import Actor
from core.errors import DomainError, FieldError
from core.text import pick_text
from events.services.writing import assign, missing_text, save
from registrations.enums import TAKING_A_PLACE
from registrations.models import Allotment, Answer, Question, QuestionOption, Registration
from registrations.services.capacity import count_in, set_capacity
from registrations.services.form_order import label_of
from registrations.services.place_locks import hold_allotments, shut
from registrations.services.question_cleaning import MAX_SLUG, flag, free_slug, has_options

MAX_CAPACITY: Final = 1_000_000
_CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "slug": v.slug(MAX_SLUG),
    "label": v.texts(200),
    "active": flag,
    "capacity": v.whole_number(0, MAX_CAPACITY, required=False),
}


def write_options(row: Question, given: Sequence[Mapping[str, Any]], actor: Actor) -> bool:
    """Give a question these options, in this order; return whether anything is new.

    An option is known by its slug, which never changes; one without a slug is new. One that is not
    named goes when nobody ever chose it. `active` false is not offered any more; `capacity`, where
    it is named, says how many can choose it.

    Raises:
        DomainError: ``validation-failed``; ``in-use`` for one that somebody chose and that is not
            named; ``capacity-below-taken``.
    """
    known = {one.slug: one for one in row.options.select_related("allotment")}
    wanted = _clean(row, given, known)
    _lock_places(row, wanted, known)
    changed = _remove(row, [one for slug, one in known.items() if slug not in wanted])
    for order, (slug, values) in enumerate(wanted.items()):
        option = known.get(slug)
        resize = "capacity" in values
        capacity = values.pop("capacity", None)
        if option is None:
            option = QuestionOption(question=row, slug=slug, order=order, **values)
            option.save(force_insert=True)
            changed = True
        elif names := assign(option, {**values, "order": order}):
            save(option, names)
            changed = True
        if resize and _set_capacity(row, option, capacity, actor, f"/options/{order}/capacity"):
            changed = True
        _name_places(row, option)
    return changed


def check_options(row: Question) -> None:
    """Refuse a choice of nothing, and options where there is nothing to choose.

    Raises:
        DomainError: ``validation-failed``.
    """
    options = list(row.options.select_related("allotment"))
    if not has_options(row):
        if options:
            v.refuse([FieldError("/options", "kind", "Only a choice has options.")])
        return
    if row.active and not any(one.active for one in options):
        detail = "Give one answer at least that guests can choose."
        v.refuse([FieldError("/options", "required", detail)])
    for order, one in enumerate(options):
        if row.sensitivity and one.allotment is not None and one.allotment.capacity is not None:
            detail = "Answers to a sensitive question are not counted, so they have no places."
            v.refuse([FieldError(f"/options/{order}/capacity", "sensitive", detail)])


def chosen_options(row: Question) -> set[str]:
    """Return the slugs of the options that somebody has chosen; one query."""
    chosen = Q(answers__isnull=False) | Q(sensitive_answers__isnull=False)
    return set(row.options.filter(chosen).values_list("slug", flat=True))


def drop_places(options: Sequence[QuestionOption]) -> None:
    """Take the allotments of options away where nothing else stands on them."""
    for option in options:
        allotment = option.allotment
        if allotment is None:
            continue
        option.allotment = None
        if option.pk is not None:
            save(option, ["allotment"])
        if not _is_used(allotment):
            allotment.delete()


def _is_used(allotment: Allotment) -> bool:
    for relation in allotment._meta.related_objects:
        rows = relation.related_model._default_manager
        if rows.filter(**{relation.field.name: allotment}).exists():
            return True
    return False


def _clean(
    row: Question, given: Sequence[Mapping[str, Any]], known: Mapping[str, QuestionOption]
) -> dict[str, dict[str, Any]]:
    language = row.conference.first_language
    taken = {one["slug"] for one in given if isinstance(one.get("slug"), str)} | set(known)
    wanted: dict[str, dict[str, Any]] = {}
    errors: list[FieldError] = []
    for number, one in enumerate(given):
        here = f"/options/{number}"
        named = {name: value for name, value in one.items() if name != "slug" or value}
        try:
            values = v.clean(named, _CLEANERS, here)
        except DomainError as refusal:
            errors += refusal.errors
            continue
        old = known.get(values.get("slug", ""))
        label = values.setdefault("label", old.label if old else {})
        values.setdefault("active", old.active if old else True)
        missing = missing_text("label", label, language)
        errors += [FieldError(f"{here}/label", e.code, e.detail) for e in missing]
        slug = values.pop("slug", None) or free_slug(label, language, taken, "option")
        if slug in wanted:
            detail = "Another option of this question has this short name."
            errors.append(FieldError(f"{here}/slug", "taken", detail))
        taken.add(slug)
        wanted[slug] = values
    v.refuse(errors)
    return wanted


def _remove(row: Question, options: Sequence[QuestionOption]) -> bool:
    for one in options:
        name = label_of(one, row.conference)
        if one.answers.exists() or one.sensitive_answers.exists():
            raise _in_use(f"Somebody has chosen “{name}”. Stop offering it instead of deleting it.")
        if any(one.slug in other.shown_if_answers for other in row.follow_ups.all()):
            raise _in_use(f"Another question is asked only after “{name}”. It was not deleted.")
        held = one.allotment is not None and one.allotment.held
        if held:
            raise _in_use(f"Places of “{name}” are kept back. Let them go first.")
        allotment = one.allotment
        one.delete()
        if allotment is not None and not _is_used(allotment):
            allotment.delete()
    return bool(options)


def _in_use(detail: str) -> DomainError:
    return DomainError("in-use", detail, errors=[FieldError("/options", "in-use", detail)])


def _set_capacity(
    row: Question, option: QuestionOption, capacity: int | None, actor: Actor, pointer: str
) -> bool:
    before = option.allotment.capacity if option.allotment else None
    if capacity == before:
        return False
    if row.sensitivity:
        detail = "Answers to a sensitive question are not counted, so they have no places."
        raise DomainError(
            "validation-failed", detail, errors=[FieldError(pointer, "sensitive", detail)]
        )
    if option.allotment is None:
        option.allotment = Allotment.objects.create(
            conference=row.conference, name=_places_name(row, option)
        )
        save(option, ["allotment"])
        chosen = _choosing(row).filter(answers__option=option).distinct()
        ids = list(chosen.order_by("pk").values_list("pk", flat=True))
        count_in(allotment=option.allotment, registrations=ids)
    set_capacity(allotment=option.allotment, capacity=capacity, actor=actor, pointer=pointer)
    return True


def _lock_places(
    row: Question, wanted: Mapping[str, Mapping[str, Any]], known: Mapping[str, QuestionOption]
) -> None:
    """Lock what changes with the places of options, in the order of all.

    While an option gets its first places nobody registers: who has chosen it is counted.
    """
    sized = [slug for slug, values in wanted.items() if values.get("capacity") is not None]
    with_places = {slug: one.allotment_id for slug, one in known.items() if one.allotment_id}
    kinds = row.conference.registration_types
    if any(slug not in with_places for slug in sized):
        shut(types=list(kinds.values_list("pk", flat=True)), registrations=_choosing(row))
    elif with_places:
        # Their versions are raised at the end, when the places are locked.
        list(kinds.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    hold_allotments(with_places.values())


def _choosing(row: Question) -> QuerySet[Registration]:
    """Return the registrations with a place that have chosen an option of a question."""
    answers = Answer.objects.filter(question=row, registration=OuterRef("pk"))
    return Registration.objects.filter(
        Exists(answers), conference=row.conference, status__in=TAKING_A_PLACE
    )


def _name_places(row: Question, option: QuestionOption) -> None:
    allotment = option.allotment
    if allotment is not None and allotment.name != _places_name(row, option):
        allotment.name = _places_name(row, option)
        save(allotment, ["name"])


def _places_name(row: Question, option: QuestionOption) -> str:
    language = row.conference.first_language
    longest: int = Allotment._meta.get_field("name").max_length or 0
    name = f"{pick_text(row.label, language)}: {pick_text(option.label, language)}"
    return name if len(name) <= longest else name[: longest - 1] + "…"

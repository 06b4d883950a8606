"""How guests are addressed, typed for many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from core.actors import Actor
from core.errors import DomainError, FieldError
from events.models import Person
from events.services.people import change_person


@transaction.atomic
def save_salutations(
    *, people: Iterable[Person], texts: Mapping[str, str], first_language: str, actor: Actor
) -> int:
    """Keep what was typed for the language of each one's letters; return how many that were.

    Arguments:
        texts: by the person's code; empty ones are passed over.

    Raises:
        DomainError: ``validation-failed`` with the codes of those that can not be taken.
    """
    errors: list[FieldError] = []
    saved = 0
    for person in people:
        text = texts.get(person.code, "").strip()
        if not text:
            continue
        tag = person.language or first_language
        try:
            with transaction.atomic():
                change_person(
                    person=person,
                    changes={"salutation": {**person.salutation, tag: text}},
                    expected=None,
                    actor=actor,
                )
        except DomainError as refusal:
            errors.append(FieldError(f"/salutation-{person.code}", "invalid", refusal.detail))
        else:
            saved += 1
    if errors:
        raise DomainError("validation-failed", "Some salutations can not be taken.", errors=errors)
    return saved

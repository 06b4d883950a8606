"""Photos of an outcome: shown only with consent and with words for who can not see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from core.actors import Actor
from core.enums import Visibility
from core.errors import DomainError, FieldError
from core.services import audit
from core.services.files import store_photo
from core.services.kept_files import delete_file
from core.services.versions import raise_version
from events import validators as v
from events.enums import ConferenceState, ParticipationState, PhotoConsent
from events.models import Conference, Outcome, OutcomePhoto, Person
from events.services.outcomes import load_outcome
from events.services.writing import assign, load_root, missing_text, put_in_order, save_root

MOST_PHOTOS: Final = 60
# The longer side of what a page shows, and of what a phone gets, in pixels.
LARGE: Final = 1600
SMALL: Final = 800
MAY_BE_SHOWN: Final = (PhotoConsent.GIVEN, PhotoConsent.NOBODY)
CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "caption": v.texts(500),
    "alt": v.texts(500),
    "credit": v.line(200),
    "consent": v.choice(PhotoConsent),
    "consent_note": v.line(500),
    "shown": v.flag,
    "order": v.whole_number(0, MOST_PHOTOS),
}


@transaction.atomic
def add_photo(*, conference: Conference, content: bytes, name: str, actor: Actor) -> OutcomePhoto:
    """Add a picture to the outcome, after the others, in two sizes and without anything hidden in
    it. Nobody sees it before it is shown.

    Raises:
        DomainError: ``not-found`` without an outcome; ``too-large``; ``validation-failed`` for what
            is no picture; ``wrong-state`` for one too many.
    """
    root, outcome = load_outcome(conference, None)
    count = outcome.photos.count()
    if count >= MOST_PHOTOS:
        raise DomainError("wrong-state", f"An outcome has {MOST_PHOTOS} photos at the most.")
    kept: Mapping[str, Any] = {
        "organisation_id": root.organisation_id,
        "content": content,
        "name": name,
        # Whether it is shown, the row says (events.private_files).
        "visibility": Visibility.PUBLIC,
        "actor": actor,
    }
    large = store_photo(side=LARGE, **kept)
    small = store_photo(side=SMALL, **kept) if max(large.width, large.height) > SMALL else None
    row = OutcomePhoto(
        outcome=outcome,
        file=large.file,
        small=small.file if small else None,
        width=large.width,
        height=large.height,
        order=count,
    )
    row.save(force_insert=True)
    raise_version(outcome)
    _note("add_photo", row, root, actor)
    return row


@transaction.atomic
def change_photo(
    *, photo: OutcomePhoto, changes: Mapping[str, Any], expected: int | None, actor: Actor
) -> OutcomePhoto:
    """Change what is said of a photo, its consent, whether it is shown, or its place.

    One that may not be shown any more is not shown any more.

    Raises:
        DomainError: ``stale``; ``validation-failed``, also for showing it without consent or
            without words for who can not see it.
    """
    root, outcome, row = _load(photo, expected)
    values = v.clean(changes, CLEANERS)
    order = values.pop("order", None)
    changed = assign(row, values)
    if order is not None and order != row.order:
        others = list(outcome.photos.exclude(pk=row.pk))
        put_in_order([*others[:order], row, *others[order:]])
        changed.append("order")
    if not changed:
        return row
    errors = _why_not_shown(row, root) if row.shown else []
    if values.get("shown"):
        v.refuse(errors)
    elif errors:
        changed += assign(row, {"shown": False})
    save_root(row, changed, expected)
    raise_version(outcome)
    _note("change_photo", row, root, actor, changed=changed)
    return row


@transaction.atomic
def delete_photo(*, photo: OutcomePhoto, expected: int | None, actor: Actor) -> None:
    """Take a photo off the outcome, and its files off the disk.

    Raises:
        DomainError: ``stale``, ``not-found``.
    """
    root, outcome, row = _load(photo, expected)
    _note("delete_photo", row, root, actor)
    files = [row.file, row.small]
    row.delete()
    for file in files:
        if file is not None:
            delete_file(file=file, actor=actor)
    put_in_order(list(outcome.photos.all()))
    raise_version(outcome)


def not_to_be_pictured(conference: Conference) -> list[Person]:
    """Return those who spoke and wish to be shown in no picture."""
    if conference.state == ConferenceState.DRAFT:
        return []
    rows = Person.objects.filter(
        no_photo=True,
        participations__session__conference=conference,
        participations__state=ParticipationState.CONFIRMED,
    )
    return list(rows.distinct().order_by("sort_key", "pk"))


def _why_not_shown(row: OutcomePhoto, conference: Conference) -> list[FieldError]:
    errors = missing_text("alt", row.alt, conference.first_language)
    if row.consent not in MAY_BE_SHOWN:
        errors.append(
            FieldError(
                "/consent", "required", "A photo is shown only with the consent of those on it."
            )
        )
    return errors


def _load(photo: OutcomePhoto, expected: int | None) -> tuple[Conference, Outcome, OutcomePhoto]:
    root, outcome = load_outcome(photo.outcome.conference, None)
    row = load_root(photo, expected, "file", "small")
    row.outcome = outcome
    return root, outcome, row


def _note(
    verb: str, row: OutcomePhoto, conference: Conference, actor: Actor, **details: Any
) -> None:
    audit.record(
        verb=verb, obj=row, organisation_id=conference.organisation_id, actor=actor, **details
    )

"""Series: what links repeated conferences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from accounts.models import Organisation
from core.actors import Actor
from core.services import audit
from events import validators as v
from events.models import Series
from events.services.languages import first_language_of
from events.services.writing import (
    assign,
    load_root,
    missing_text,
    refuse_if_used,
    save_root,
    taken_as,
)

CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "slug": v.slug(80),
    "title": v.texts(v.MAX_TITLE),
    "description": v.texts(v.MAX_TEXT, lines=True),
}
_SLUG_TAKEN: Final = "The organisation has a series of this address already."


@transaction.atomic
def create_series(
    *,
    organisation: Organisation,
    slug: str,
    title: Mapping[str, str],
    actor: Actor,
    description: Mapping[str, str] | None = None,
) -> Series:
    """Add a series to the organisation.

    Raises:
        DomainError: ``validation-failed``; ``conflict`` when the slug is taken.
    """
    given = {"slug": slug, "title": title, "description": description or {}}
    row = Series(organisation=organisation, **v.clean(given, CLEANERS))
    v.refuse(missing_text("title", row.title, first_language_of(organisation)))
    with taken_as("/slug", _SLUG_TAKEN):
        row.save(force_insert=True)
    audit.record(verb="create_series", obj=row, organisation_id=organisation.pk, actor=actor)
    return row


@transaction.atomic
def change_series(
    *, series: Series, changes: Mapping[str, Any], expected: int | None, actor: Actor
) -> Series:
    """Change a series and return it as it is now.

    Raises:
        DomainError: ``stale``, ``validation-failed``; ``conflict`` when the slug is taken.
    """
    row = load_root(series, expected, "organisation")
    changed = assign(row, v.clean(changes, CLEANERS))
    if not changed:
        return row
    v.refuse(missing_text("title", row.title, first_language_of(row.organisation)))
    with taken_as("/slug", _SLUG_TAKEN):
        save_root(row, changed, expected)
    audit.record(
        verb="change_series",
        obj=row,
        organisation_id=row.organisation_id,
        actor=actor,
        changed=changed,
    )
    return row


@transaction.atomic
def delete_series(*, series: Series, expected: int | None, actor: Actor) -> None:
    """Delete a series that no conference is in.

    Raises:
        DomainError: ``stale``; ``in-use``.
    """
    row = load_root(series, expected)
    refuse_if_used(row, owned=(), detail="A conference is in this series. It was not deleted.")
    audit.record(verb="delete_series", obj=row, organisation_id=row.organisation_id, actor=actor)
    row.delete()

"""Series: what links repeated conferences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import transaction

from accounts.models import Organisation
from core.actors import Actor
from core.errors import DomainError, FieldError
from core.services import audit
from events import validators as v
from events.models import Conference, Series
from events.services.conferences import change_conference
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
_SLUG_STAYS: Final = "Its page has been public, so this address stays."
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

    Its address stays once a conference in it has been public: somebody may have it.

    Raises:
        DomainError: ``stale``, ``validation-failed``; ``conflict`` when the slug is taken;
            ``in-use`` when it can not change any more.
    """
    row = load_root(series, expected, "organisation")
    changed = assign(row, v.clean(changes, CLEANERS))
    if not changed:
        return row
    if "slug" in changed and row.conferences.exclude(announced_at=None).exists():
        raise DomainError("in-use", _SLUG_STAYS, errors=[FieldError("/slug", "stays", _SLUG_STAYS)])
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
def put_in_series(
    *, series: Series, conferences: Iterable[Conference], expected: int | None, actor: Actor
) -> Series:
    """Let the series hold exactly these conferences; one that is in another series leaves it.

    Raises:
        DomainError: ``stale``; ``validation-failed`` for a conference of another organisation.
    """
    row = load_root(series, expected)
    wanted = {one.pk: one for one in conferences}
    before = {one.pk: one for one in row.conferences.all()}
    moved: list[tuple[Conference, Series | None]] = [
        (one, row) for pk, one in sorted(wanted.items()) if pk not in before
    ]
    moved += [(one, None) for pk, one in sorted(before.items()) if pk not in wanted]
    if not moved:
        return row
    for conference, where in moved:
        change_conference(
            conference=conference, changes={"series": where}, expected=None, actor=actor
        )
    save_root(row, [], expected)
    audit.record(
        verb="put_in_series",
        obj=row,
        organisation_id=row.organisation_id,
        actor=actor,
        facts={"conferences": len(wanted)},
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

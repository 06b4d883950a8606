"""Tracks: the themes of a conference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from core.actors import Actor
from core.services import audit
from events import validators as v
from events.models import Conference, Track
from events.services.published import refuse_if_published
from events.services.writing import (
    assign,
    load,
    load_root,
    missing_text,
    put_in_order,
    refuse_if_used,
    save_root,
    taken_as,
)

CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "slug": v.slug(60),
    "name": v.texts(200),
    "colour": v.colour,
    "order": v.whole_number(0, 1000),
}
_SLUG_TAKEN: Final = "The conference has a track of this address already."


@transaction.atomic
def create_track(
    *,
    conference: Conference,
    slug: str,
    name: Mapping[str, str],
    actor: Actor,
    colour: str = "",
    order: int | None = None,
) -> Track:
    """Add a track: last, or before the one at `order`.

    Raises:
        DomainError: ``validation-failed``; ``conflict`` when the slug is taken.
    """
    given: dict[str, Any] = {"slug": slug, "name": name, "colour": colour}
    if order is not None:
        given["order"] = order
    values = v.clean(given, CLEANERS)
    root = load(conference)
    row = Track(conference=root, **values)
    v.refuse(missing_text("name", row.name, root.first_language))
    tracks = list(root.tracks.all())
    row.order = len(tracks)
    with taken_as("/slug", _SLUG_TAKEN):
        row.save(force_insert=True)
    if order is not None:
        tracks.insert(order, row)
        put_in_order(tracks)
    audit.record(verb="create_track", obj=row, organisation_id=root.organisation_id, actor=actor)
    return row


@transaction.atomic
def change_track(
    *, track: Track, changes: Mapping[str, Any], expected: int | None, actor: Actor
) -> Track:
    """Change a track, or its place among the others.

    Raises:
        DomainError: ``stale``, ``validation-failed``; ``conflict`` when the slug is taken.
    """
    root = load(track.conference)
    row = load_root(track, expected)
    values = v.clean(changes, CLEANERS)
    order = values.pop("order", None)
    changed = assign(row, values)
    if order is not None and order != row.order:
        tracks = [t for t in root.tracks.all() if t.pk != row.pk]
        tracks.insert(order, row)
        put_in_order(tracks)
        changed.append("order")
    if not changed:
        return row
    v.refuse(missing_text("name", row.name, root.first_language))
    with taken_as("/slug", _SLUG_TAKEN):
        save_root(row, changed, expected)
    audit.record(
        verb="change_track",
        obj=row,
        organisation_id=root.organisation_id,
        actor=actor,
        changed=changed,
    )
    return row


@transaction.atomic
def delete_track(*, track: Track, expected: int | None, actor: Actor) -> None:
    """Delete a track that no session, and no published programme, has.

    Raises:
        DomainError: ``stale``; ``in-use``.
    """
    root = load(track.conference)
    row = load_root(track, expected)
    detail = "A session is or was in this track. It was not deleted."
    refuse_if_used(row, owned=("events.externalref",), detail=detail)
    refuse_if_published(
        organisation_id=root.organisation_id,
        conference_id=root.pk,
        part="tracks",
        code=row.slug,
        detail=detail,
    )
    audit.record(verb="delete_track", obj=row, organisation_id=root.organisation_id, actor=actor)
    row.delete()
    put_in_order(list(root.tracks.all()))

"""Materials: files and links of a conference or of one of its sessions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, TypedDict, Unpack

from django.db import transaction

from core.actors import Actor
from core.errors import FieldError
from core.models import StoredFile
from core.services import audit
from events import validators as v
from events.enums import MaterialKind
from events.models import Conference, Material, Session
from events.services.writing import (
    assign,
    load,
    load_root,
    missing_text,
    put_in_order,
    save_root,
)

CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "kind": v.choice(MaterialKind),
    "title": v.texts(v.MAX_TITLE),
    "url": v.web_address,
    "file": v.anything,
    "session": v.anything,
    "release_at": v.instant,
    "order": v.whole_number(0, 1000),
    "shown": v.flag,
}


class MaterialFields(TypedDict, total=False):
    """What a material may be given: a file, or the address of a link."""

    url: str
    file: StoredFile | None
    session: Session | None
    release_at: dt.datetime | None
    shown: bool


@transaction.atomic
def create_material(
    *,
    conference: Conference,
    kind: str,
    title: Mapping[str, str],
    actor: Actor,
    **fields: Unpack[MaterialFields],
) -> Material:
    """Add a material to the conference or to one of its sessions, after the others there.

    Raises:
        DomainError: ``validation-failed``.
    """
    values = v.clean({"kind": kind, "title": title, **fields}, CLEANERS)
    root = load(conference)
    row = Material(conference=root, **values)
    _check(row, root)
    row.order = root.materials.filter(session=row.session).count()
    row.save(force_insert=True)
    audit.record(verb="create_material", obj=row, organisation_id=root.organisation_id, actor=actor)
    return row


@transaction.atomic
def change_material(
    *, material: Material, changes: Mapping[str, Any], expected: int | None, actor: Actor
) -> Material:
    """Change a material, or its place among the others, and return it as it is now.

    Raises:
        DomainError: ``stale``, ``validation-failed``.
    """
    root = load(material.conference)
    row = load_root(material, expected, "file", "session")
    values = v.clean(changes, CLEANERS)
    order = values.pop("order", None)
    changed = assign(row, values)
    if order is not None and order != row.order:
        others = root.materials.filter(session=row.session).exclude(pk=row.pk)
        put_in_order([*others[:order], row, *others[order:]])
        changed.append("order")
    if not changed:
        return row
    _check(row, root)
    save_root(row, changed, expected)
    if row.shown and "shown" in changed and row.participation_id is not None:
        # Of what one person gave for a session, one is shown.
        others = Material.objects.filter(participation=row.participation_id, shown=True)
        others.exclude(pk=row.pk).update(shown=False, updated_at=row.updated_at)
    audit.record(
        verb="change_material",
        obj=row,
        organisation_id=root.organisation_id,
        actor=actor,
        changed=changed,
    )
    return row


@transaction.atomic
def delete_material(*, material: Material, expected: int | None, actor: Actor) -> None:
    """Delete a material.

    Raises:
        DomainError: ``stale``; ``not-found``.
    """
    root = load(material.conference)
    row = load_root(material, expected)
    audit.record(verb="delete_material", obj=row, organisation_id=root.organisation_id, actor=actor)
    row.delete()


def _check(row: Material, conference: Conference) -> None:
    errors = missing_text("title", row.title, conference.first_language)
    if row.kind == MaterialKind.FILE:
        if row.file is None:
            errors.append(FieldError("/file", "required", "Choose the file."))
        elif row.file.organisation_id_value != conference.organisation_id:
            errors.append(FieldError("/file", "unknown", "There is no such file."))
        if row.url:
            errors.append(FieldError("/url", "unexpected", "A file has no address of its own."))
    else:
        if not row.url:
            errors.append(FieldError("/url", "required", "Give the address of the link."))
        if row.file is not None:
            errors.append(FieldError("/file", "unexpected", "A link has no file."))
    if row.session is not None and row.session.conference_id != conference.pk:
        errors.append(FieldError("/session", "unknown", "The conference has no such session."))
    v.refuse(errors)

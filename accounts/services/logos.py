"""The picture beside an organisation's name on its public pages."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from accounts.models import Organisation
from core.actors import Actor
from core.enums import Visibility
from core.errors import not_found, stale
from core.models import StoredFile
from core.services import audit
from core.services.files import store_logo
from core.services.kept_files import delete_file
from core.services.versions import raise_version


@transaction.atomic
def set_logo(
    *,
    organisation: Organisation,
    content: bytes,
    name: str,
    expected: int | None,
    actor: Actor,
) -> Organisation:
    """Show a picture beside the organisation's name; the former one is gone.

    Raises:
        DomainError: ``too-large``; ``validation-failed`` for what is no picture; ``stale``.
    """
    row = _load(organisation, expected)
    file = store_logo(
        organisation_id=row.pk,
        content=content,
        name=name,
        visibility=Visibility.PUBLIC,
        actor=actor,
    )
    return _change(row, file, "set_logo", expected, actor)


@transaction.atomic
def remove_logo(*, organisation: Organisation, expected: int | None, actor: Actor) -> Organisation:
    """Show no picture any more; without one nothing changes.

    Raises:
        DomainError: ``stale``.
    """
    row = _load(organisation, expected)
    return row if row.logo is None else _change(row, None, "remove_logo", expected, actor)


def logo_path(organisation: Organisation) -> str:
    """Return the path of the logo; nothing where there is none."""
    file = organisation.logo
    return "" if file is None else reverse("file", args=[file.uid])


def _load(organisation: Organisation, expected: int | None) -> Organisation:
    rows = Organisation.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("logo").filter(pk=organisation.pk).first()
    if row is None:
        raise not_found()
    if expected is not None and row.version != expected:
        raise stale()
    return row


def _change(
    row: Organisation, file: StoredFile | None, verb: str, expected: int | None, actor: Actor
) -> Organisation:
    former, row.logo = row.logo, file
    raise_version(row, expected)
    row.save(update_fields=["logo", "updated_at"])
    audit.record(verb=verb, obj=row, organisation_id=row.pk, actor=actor, changed=["logo"])
    if former is not None:
        delete_file(file=former, actor=actor)
    return row

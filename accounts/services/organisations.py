"""Making and changing the owner of conferences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import Account, Membership, Organisation, OrganisationSlugHistory
from accounts.validators import ORGANISATION
from core.actors import Actor
from core.cleaning import clean
from core.errors import DomainError, FieldError, not_found, stale
from core.services import audit
from core.services.versions import raise_version

_TAKEN = "Another organisation has or had this address. Choose another one."


@transaction.atomic
def create_organisation(
    *,
    slug: str,
    name: str,
    actor: Actor,
    owner: Account | None = None,
    **fields: Any,
) -> Organisation:
    """Make an organisation, and `owner` its first owner.

    Arguments:
        fields: further fields of the model: short_name, about, city, country, time_zone, languages,
            website, contact_email, contact_phone, imprint.

    Raises:
        DomainError: ``validation-failed``; ``conflict`` when the slug is or was somebody else's.
    """
    values = clean({"slug": slug, "name": name, "languages": ["en"], **fields}, ORGANISATION)
    organisation = Organisation(**values)
    _free_slug(organisation, organisation.slug)
    _write(organisation)
    if owner is not None:
        Membership.objects.create(organisation=organisation, account=owner, role=Role.OWNER)
    audit.record(
        verb="create_organisation", obj=organisation, organisation_id=organisation.pk, actor=actor
    )
    return organisation


@transaction.atomic
def change_organisation(
    *, organisation: Organisation, changes: Mapping[str, Any], expected: int | None, actor: Actor
) -> Organisation:
    """Change fields of an organisation; its former address then leads to the new one for ever.

    Raises:
        DomainError: ``validation-failed``; ``conflict`` when the slug is or was somebody else's;
            ``stale``.
    """
    values = clean(changes, ORGANISATION)
    row = Organisation.objects.select_for_update(no_key=True).filter(pk=organisation.pk).first()
    if row is None:
        raise not_found()
    if expected is not None and row.version != expected:
        raise stale()
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return row
    if "slug" in changed:
        _free_slug(row, values["slug"])
        OrganisationSlugHistory.objects.filter(organisation=row, slug=values["slug"]).delete()
        OrganisationSlugHistory.objects.create(organisation=row, slug=row.slug)
    for name in changed:
        setattr(row, name, values[name])
    raise_version(row, expected)
    _write(row, [*changed, "updated_at"])
    audit.record(
        verb="change_organisation",
        obj=row,
        organisation_id=row.pk,
        actor=actor,
        changed=changed,
    )
    return row


def present_slug(slug: str) -> str | None:
    """Return the slug of the organisation that once had this one; None when nobody had."""
    return (
        OrganisationSlugHistory.objects.filter(slug=slug)
        .values_list("organisation__slug", flat=True)
        .first()
    )


def _free_slug(organisation: Organisation, slug: str) -> None:
    live = Organisation.objects.filter(slug=slug).exclude(pk=organisation.pk)
    former = OrganisationSlugHistory.objects.filter(slug=slug).exclude(
        organisation_id=organisation.pk
    )
    if live.exists() or former.exists():
        raise _taken()


def _taken() -> DomainError:
    return DomainError("conflict", _TAKEN, errors=[FieldError("/slug", "taken", _TAKEN)])


def _write(row: Organisation, fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            row.save(update_fields=fields)
    except IntegrityError as error:  # somebody took the slug in this very moment
        raise _taken() from error

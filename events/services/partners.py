"""Partners: organisations and projects behind a conference. Its version rises with each change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from core.actors import Actor
from core.errors import invalid
from core.models import StoredFile
from core.services import audit
from core.services.versions import raise_version
from events import validators as v
from events.enums import PartnerKind
from events.models import Conference, Partner
from events.services.writing import assign, load, load_root, missing_text, put_in_order, save

CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "kind": v.choice(PartnerKind),
    "name": v.texts(200),
    "url": v.web_address,
    "logo": v.anything,
    "order": v.whole_number(0, 1000),
}
_MAX_URL: Final = 200


def _check(row: Partner, conference: Conference) -> None:
    v.refuse(missing_text("name", row.name, conference.first_language))
    if len(row.url) > _MAX_URL:
        raise invalid("/url", "too-long", f"This is longer than {_MAX_URL} characters.")
    if row.logo is not None and row.logo.organisation_id_value != conference.organisation_id:
        raise invalid("/logo", "unknown", "There is no such picture.")


@transaction.atomic
def add_partner(
    *,
    conference: Conference,
    kind: str,
    name: Mapping[str, str],
    expected: int | None,
    actor: Actor,
    url: str = "",
    logo: StoredFile | None = None,
) -> Partner:
    """Name a partner, after those already named.

    Arguments:
        expected: the conference's version.

    Raises:
        DomainError: ``stale``, ``validation-failed``.
    """
    values = v.clean({"kind": kind, "name": name, "url": url, "logo": logo}, CLEANERS)
    root = load_root(conference, expected)
    row = Partner(conference=root, order=root.partners.count(), **values)
    _check(row, root)
    row.save(force_insert=True)
    raise_version(root, expected)
    audit.record(verb="add_partner", obj=row, organisation_id=root.organisation_id, actor=actor)
    return row


@transaction.atomic
def change_partner(
    *, partner: Partner, changes: Mapping[str, Any], expected: int | None, actor: Actor
) -> Partner:
    """Change a partner, or its place among the others.

    Arguments:
        expected: the conference's version.

    Raises:
        DomainError: ``stale``, ``validation-failed``.
    """
    root = load_root(partner.conference, expected)
    row = load(partner, "logo")
    values = v.clean(changes, CLEANERS)
    order = values.pop("order", None)
    changed = assign(row, values)
    _check(row, root)
    if changed:
        save(row, changed)
    if order is not None and order != row.order:
        others = [p for p in root.partners.all() if p.pk != row.pk]
        others.insert(order, row)
        put_in_order(others)
        changed.append("order")
    if not changed:
        return row
    raise_version(root, expected)
    audit.record(
        verb="change_partner",
        obj=row,
        organisation_id=root.organisation_id,
        actor=actor,
        changed=changed,
    )
    return row


@transaction.atomic
def remove_partner(*, partner: Partner, expected: int | None, actor: Actor) -> Conference:
    """Take a partner off the conference.

    Arguments:
        expected: the conference's version.

    Raises:
        DomainError: ``stale``; ``not-found``.
    """
    root = load_root(partner.conference, expected)
    row = load(partner)
    audit.record(verb="remove_partner", obj=row, organisation_id=root.organisation_id, actor=actor)
    row.delete()
    put_in_order(list(root.partners.all()))
    raise_version(root, expected)
    return root

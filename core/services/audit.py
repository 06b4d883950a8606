"""Writing down who did what, in the transaction of the deed itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from core.actors import Actor
from core.models import AuditEntry
from core.services.inserting import insert, new_row
from core.signals import Recorded, recorded


def record(
    *,
    verb: str,
    obj: models.Model,
    organisation_id: int | None,
    actor: Actor,
    changed: Iterable[str] = (),
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write one audit entry.

    Arguments:
        verb: the service's name, such as ``publish_schedule``.
        changed: names of changed fields, never their values.
        facts: numbers and states only, such as ``{"from": "confirmed", "to": "cancelled"}``;
            nothing personal.
    """
    insert(
        entry(
            verb=verb,
            obj=obj,
            organisation_id=organisation_id,
            actor=actor,
            changed=changed,
            facts=facts,
        )
    )


def entry(
    *,
    verb: str,
    obj: models.Model,
    organisation_id: int | None,
    actor: Actor,
    changed: Iterable[str] = (),
    facts: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Return an entry as `record` writes it, for who writes it in this transaction with more."""
    row = new_row(
        AuditEntry,
        verb=verb,
        object_type=obj._meta.label_lower,
        object_uid=str(getattr(obj, "uid", None) or obj.pk),
        organisation_id_value=organisation_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        changed=sorted(changed),
        facts=dict(facts or {}),
        request_id=actor.request_id,
    )
    recorded.send(sender=type(obj), event=Recorded(verb, organisation_id))
    return row

"""What is written down of changes to what belongs to a conference."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from core.actors import Actor
from core.services import audit


def record(
    verb: str,
    row: Any,
    actor: Actor,
    changed: Collection[str] = (),
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write down who did what to a row that has a `conference`."""
    audit.record(
        verb=verb,
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
        changed=changed,
        facts=facts,
    )

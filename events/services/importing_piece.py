"""One piece of an import that is being written: what is noted on the way, and what is kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Model
from django.utils import timezone

from core.actors import Actor
from core.models import AuditEntry
from core.services import audit
from events.enums import RefKind
from events.models import Conference, DraftEdit, ExternalRef
from events.services.importing_lines import ref_key
from events.services.importing_plan import Plan

CHUNK: Final = 200
# How people come in: asked by nobody yet; that, and readers see them; they have said yes.
PLANNED: Final = "planned"
SHOWN: Final = "shown"
AGREED: Final = "agreed"


@dataclass(slots=True)
class Writing:
    """One piece of an import that is being written.

    Arguments:
        deed: of which all edits are a part.
        come_as: ``planned``, ``shown`` or ``agreed``.
        materials: codes of the links that were added.
    """

    plan: Plan
    actor: Actor
    deed: uuid.UUID
    come_as: str = PLANNED
    materials: list[str] = field(default_factory=list)
    entries: list[AuditEntry] = field(default_factory=list)
    edits: list[DraftEdit] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)

    @property
    def root(self) -> Conference:
        return self.plan.conference

    def note(self, verb: str, obj: Model, **details: Any) -> None:
        self.entries.append(
            audit.entry(
                verb=verb,
                obj=obj,
                organisation_id=self.root.organisation_id,
                actor=self.actor,
                **details,
            )
        )


def keep_refs(plan: Plan, found: Iterable[tuple[str, str, Any, Mapping[str, str]]]) -> None:
    """Keep which row the source calls what, and what it said of it.

    Arguments:
        found: kind, identifier, row and digests of each.
    """
    new, changed = [], []
    for kind, external, row, said in found:
        key = ref_key(external)
        ref = plan.refs.get((kind, key))
        if ref is None:
            ref = ExternalRef(
                conference=plan.conference, source=plan.source, kind=kind, external_id=key
            )
            plan.refs[kind, key] = ref
            new.append(ref)
        elif getattr(ref, f"{kind}_id") == row.pk and ref.said == said:
            continue
        elif ref.pk is not None:
            changed.append(ref)
        setattr(ref, kind, row)
        ref.said = dict(said)
        ref.updated_at = timezone.now()
    _let_go(plan, new)
    ExternalRef.objects.bulk_create(new, batch_size=CHUNK)
    ExternalRef.objects.bulk_update(
        changed, ["session", "person", "room", "track", "said", "updated_at"], batch_size=CHUNK
    )


def _let_go(plan: Plan, new: Sequence[ExternalRef]) -> None:
    """Forget by which former identifiers the source called sessions that have a new one."""
    rows = {ref.session_id for ref in new if ref.kind == RefKind.SESSION}
    former = [
        ref
        for ref in plan.refs.values()
        if ref.pk is not None and ref.kind == RefKind.SESSION and ref.session_id in rows
    ]
    if former:
        ExternalRef.objects.filter(pk__in=[ref.pk for ref in former]).delete()
        for ref in former:
            del plan.refs[RefKind.SESSION, ref.external_id]


def unused_codes(number: int, taken: Any, make: Any) -> list[str]:
    """Return so many codes that no row has.

    Arguments:
        taken: rows that have a `code`.
        make: returns a random one.
    """
    found: dict[str, None] = {}
    while len(found) < number:
        wanted = {make() for _ in range(number - len(found))} - found.keys()
        there: set[str] = set()
        some = sorted(wanted)
        for start in range(0, len(some), CHUNK):
            codes = some[start : start + CHUNK]
            there.update(taken.filter(code__in=codes).values_list("code", flat=True))
        found |= dict.fromkeys(wanted - there)
    return list(found)

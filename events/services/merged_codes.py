"""The codes of people who were put into others: published programmes and links still name them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from events.models import Person, PersonMerge
from events.services.documents import Document


def kept_codes(organisation_id: int, codes: Collection[str]) -> dict[str, str]:
    """Return the code of who is gone -> the code of who stands for them now; one query."""
    rows = PersonMerge.objects.filter(
        organisation_id=organisation_id, gone_code__in=codes, undone_at__isnull=True
    )
    return dict(rows.values_list("gone_code", "kept__code"))


def kept_person(organisation_id: int, code: str) -> Person | None:
    """Return the person into whom the one with this code was put."""
    row = (
        PersonMerge.objects.select_related("kept")
        .filter(organisation_id=organisation_id, gone_code=code, undone_at__isnull=True)
        .first()
    )
    return row.kept if row is not None else None


def with_kept_people(
    document: Document, organisation_id: int, known: Collection[str] = ()
) -> Document:
    """Return a published document that names who people are by now; the document itself stays.

    Arguments:
        known: codes of people who are there; only others are looked for.
    """
    parts = [part for session in document["sessions"] for part in session["participations"]]
    others = kept_codes(organisation_id, {part["person"] for part in parts} - set(known))
    if not others:
        return document
    sessions = [
        {**session, "participations": _once(session["participations"], others)}
        for session in document["sessions"]
    ]
    return {**document, "sessions": sessions}


def _once(parts: list[dict[str, Any]], others: dict[str, str]) -> list[dict[str, Any]]:
    """Return the participations with the codes of today, nobody twice in a role."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for part in parts:
        code = others.get(part["person"], part["person"])
        found.setdefault((code, part["role"]), {**part, "person": code})
    return list(found.values())

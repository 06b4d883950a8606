"""What stands in a published schedule version, for ever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from core.errors import DomainError
from events.models import ScheduleVersion


def _codes(document: dict[str, Any], part: str) -> Iterator[str]:
    if part == "people":
        for session in document["sessions"]:
            yield from (p["person"] for p in session["participations"])
    elif part == "tracks":
        yield from (track["slug"] for track in document["tracks"])
    else:
        yield from (row["code"] for row in document[part])


def is_published(
    *, organisation_id: int, part: str, code: str, conference_id: int | None = None
) -> bool:
    """Tell whether a code stands in any published schedule version.

    Arguments:
        part: ``sessions``, ``rooms``, ``tracks`` (by slug) or ``people``.
    """
    versions = ScheduleVersion.objects.filter(conference__organisation_id=organisation_id)
    if conference_id is not None:
        versions = versions.filter(conference_id=conference_id)
    # The text is only a sieve, alike on both engines; the document itself decides.
    likely = versions.annotate(text=Cast("document", TextField())).filter(
        text__contains=f'"{code}"'
    )
    documents = likely.values_list("document", flat=True).iterator(chunk_size=20)
    return any(code in _codes(document, part) for document in documents)


def refuse_if_published(
    *, organisation_id: int, part: str, code: str, detail: str, conference_id: int | None = None
) -> None:
    """Refuse to delete what readers have seen in a programme.

    Raises:
        DomainError: ``in-use``.
    """
    if is_published(
        organisation_id=organisation_id, part=part, code=code, conference_id=conference_id
    ):
        raise DomainError("in-use", detail)

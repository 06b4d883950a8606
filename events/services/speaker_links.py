"""The link of who was asked to speak: derived, never stored, revoked by a number."""

from __future__ import annotations

from typing import Final

from core.links import absolute_url, link_matches, link_token
from events.models import Participation

PURPOSE: Final = "participation"
# So many revoked links are still told that they were.
_FORMER_LINKS: Final = 20


def speaker_path(participation: Participation) -> str:
    """Return the path of a speaker's own page at its present link generation."""
    token = link_token(PURPOSE, participation.pk, participation.link_generation)
    return f"/s/{participation.code}/{token}/"


def speaker_url(participation: Participation) -> str:
    """Return the absolute address of a speaker's own page."""
    return absolute_url(speaker_path(participation))


def find_by_speaker_link(code: str, token: str) -> Participation | None:
    """Return the participation that a link opens, declined and replaced ones too; None for a wrong
    or revoked one.
    """
    row = _find(code)
    if row is None or not link_matches(token, PURPOSE, row.pk, row.link_generation):
        return None
    return row


def find_by_former_speaker_link(code: str, token: str) -> Participation | None:
    """Return the participation that a link once opened, before it was revoked.

    Only who was given that link can know its token, so they may be told that it opens nothing now.
    """
    row = _find(code)
    if row is None:
        return None
    former = range(max(1, row.link_generation - _FORMER_LINKS), row.link_generation)
    known = any(link_matches(token, PURPOSE, row.pk, generation) for generation in former)
    return row if known else None


def _find(code: str) -> Participation | None:
    return (
        Participation.objects.select_related(
            "session__conference__organisation", "session__room", "person"
        )
        .filter(code=code)
        .first()
    )

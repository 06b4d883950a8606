"""The link by which an invitation is answered: derived, never stored, revoked by a number."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from core.actors import Actor
from core.links import absolute_url, link_matches, link_token
from events.services.writing import load_root, save_root
from registrations.models import Invitation
from registrations.services.invitation_history import note, record

PURPOSE: Final = "invitation"
# So many revoked links are still told that they were.
_FORMER_LINKS: Final = 20


def invitation_path(invitation: Invitation) -> str:
    """Return the path of an invitation's answer page at its present link generation."""
    token = link_token(PURPOSE, invitation.pk, invitation.link_generation)
    return f"/i/{invitation.code}/{token}/"


def invitation_url(invitation: Invitation) -> str:
    """Return the absolute address of an invitation's answer page."""
    return absolute_url(invitation_path(invitation))


def find_by_invitation_link(code: str, token: str) -> Invitation | None:
    """Return the invitation that a link opens, withdrawn ones too; None for a wrong or revoked
    one.
    """
    row = (
        Invitation.objects.select_related(
            "conference__organisation", "person", "registration", "companion"
        )
        .filter(code=code)
        .first()
    )
    if row is None or not link_matches(token, PURPOSE, row.pk, row.link_generation):
        return None
    return row


def find_by_former_link(code: str, token: str) -> Invitation | None:
    """Return the invitation that a link once opened, before it was revoked.

    Only who was given that link can know its token, so it may be told that it opens nothing now.
    """
    row = Invitation.objects.select_related("conference__organisation").filter(code=code).first()
    if row is None:
        return None
    former = range(max(1, row.link_generation - _FORMER_LINKS), row.link_generation)
    known = any(link_matches(token, PURPOSE, row.pk, generation) for generation in former)
    return row if known else None


@transaction.atomic
def revoke_invitation_link(
    *, invitation: Invitation, actor: Actor, expected: int | None = None
) -> Invitation:
    """End the invitation's link at once; a new one has to be sent or copied.

    Raises:
        DomainError: ``stale``.
    """
    row = load_root(invitation, expected, "conference")
    row.link_generation += 1
    save_root(row, ["link_generation"], expected)
    note([row], "revoke_link", actor)
    record(row, "revoke_invitation_link", actor, ["link_generation"])
    return row

"""Guests who do not come and asked to read what came out."""

from __future__ import annotations

from django.db.models import QuerySet

from registrations.enums import InvitationResponse
from registrations.models import Invitation


def waiting_for_findings() -> QuerySet[Invitation]:
    """Return the invitations of those who declined and asked for the findings."""
    return Invitation.objects.live().filter(
        response=InvitationResponse.DECLINED, wants_findings=True
    )


def wants_findings(invitation_id: int | None) -> bool:
    """Tell whether an invitation is still one of those."""
    return waiting_for_findings().filter(pk=invitation_id or 0).exists()

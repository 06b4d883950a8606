"""Repeated reads of invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from registrations.models import Invitation  # noqa: F401 - named in the queryset's type


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def live(self) -> InvitationQuerySet:
        """Keep those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def sent(self) -> InvitationQuerySet:
        """Keep live ones that have gone out."""
        return self.live().filter(sent_at__isnull=False)

    def silent(self) -> InvitationQuerySet:
        """Keep those that went out and have no answer: whom nudges and calls are for."""
        return self.sent().filter(response="")

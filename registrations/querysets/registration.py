"""Repeated reads of registrations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F

from accounts.permissions import Permission, roles_with
from registrations.enums import LIVE

if TYPE_CHECKING:
    from registrations.models import Registration  # noqa: F401 - named in the queryset's type


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def manageable_by(
        self, account: Any, permission: Permission = Permission.REGISTRATION_READ
    ) -> RegistrationQuerySet:
        """Keep those of organisations in which the account's role grants `permission`."""
        if not getattr(account, "is_authenticated", False):
            return self.none()
        return self.filter(
            conference__organisation__memberships__account_id=account.pk,
            conference__organisation__memberships__role__in=roles_with(permission),
        )

    def spoken_to(self) -> RegistrationQuerySet:
        """Leave out companions without an address whose lead is told the same: who has the same
        status (`Registration.is_spoken_for`).
        """
        return self.exclude(lead__isnull=False, email="", lead__status=F("status"))

    def live(self) -> RegistrationQuerySet:
        return self.filter(status__in=LIVE)

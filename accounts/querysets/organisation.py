"""Which organisations somebody may touch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from accounts.permissions import Permission, roles_with

if TYPE_CHECKING:
    from accounts.models import Organisation  # noqa: F401 - mypy reads it in the base below


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def for_account(self, account: Any, permission: Permission) -> OrganisationQuerySet:
        """Keep those in which the account's role grants `permission`; none for anonymous."""
        if not getattr(account, "is_authenticated", False):
            return self.none()
        return self.filter(
            memberships__account_id=account.pk, memberships__role__in=roles_with(permission)
        )

"""Which conferences somebody may see or manage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.permissions import Permission, roles_with
from core.enums import Visibility
from events.enums import ConferenceState

if TYPE_CHECKING:
    from events.models import Conference


class ConferenceQuerySet(models.QuerySet["Conference"]):
    def manageable_by(
        self, account: Any, permission: Permission = Permission.CONFERENCE_READ
    ) -> ConferenceQuerySet:
        """Keep those of organisations in which the account's role grants `permission`."""
        if not getattr(account, "is_authenticated", False):
            return self.none()
        return self.filter(
            organisation__memberships__account_id=account.pk,
            organisation__memberships__role__in=roles_with(permission),
        )

    def visible(self) -> ConferenceQuerySet:
        """Keep those whose page opens for anybody with its address (public and unlisted)."""
        return self.exclude(state=ConferenceState.DRAFT).filter(
            visibility__in=[Visibility.PUBLIC, Visibility.UNLISTED]
        )

    def at(self, organisation: str, conference: str) -> ConferenceQuerySet:
        """Keep the one at this address, by present or former slugs."""
        return self.filter(
            Q(organisation__slug=organisation) | Q(organisation__slug_history__slug=organisation),
            Q(slug=conference) | Q(slug_history__slug=conference),
        ).distinct()

    def visible_at(self, organisation: str, conference: str) -> Conference | None:
        """Return the one whose page opens at this address, with its organisation.

        Present slugs are asked for first, by their indexes; former ones only when there is none.
        """
        rows = self.visible().select_related("organisation")
        found = rows.filter(organisation__slug=organisation, slug=conference).first()
        return found or rows.at(organisation, conference).first()

    def listed(self) -> ConferenceQuerySet:
        """Keep those that stand on the organisation's page."""
        return self.exclude(state=ConferenceState.DRAFT).filter(visibility=Visibility.PUBLIC)

"""Whose texts hold where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from events.models import Conference

if TYPE_CHECKING:
    from notifications.models import MailTemplate  # noqa: F401 - the class below names it


class MailTemplateQuerySet(models.QuerySet["MailTemplate"]):
    def holding_for(self, conference: Conference) -> MailTemplateQuerySet:
        """Return the conference's own texts and those of its organisation."""
        return self.filter(
            Q(conference__isnull=True) | Q(conference=conference),
            organisation_id=conference.organisation_id,
        )

    def at(self, organisation: Organisation, conference: Conference | None) -> MailTemplateQuerySet:
        """Return the texts kept for a conference, or for the organisation without one."""
        return self.filter(organisation=organisation, conference=conference)

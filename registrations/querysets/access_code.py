"""Repeated reads of access codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from registrations.models import AccessCode  # noqa: F401 - named in the queryset's type


class AccessCodeQuerySet(models.QuerySet["AccessCode"]):
    def in_time(self) -> AccessCodeQuerySet:
        """Keep those that have not expired."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()))

    def in_use(self) -> AccessCodeQuerySet:
        """Keep those that were not ended and have not expired."""
        return self.in_time().filter(active=True)

    def keeping_places(self) -> AccessCodeQuerySet:
        """Keep those in use that keep places for their uses."""
        return self.in_use().filter(holds_places=True)

"""Columns that many models share."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from core.privacy import MarkedModel


class StampedModel(MarkedModel):
    """Says when a row was made and last changed (UTC)."""

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class VersionedModel(StampedModel):
    """A root that people edit: `version` is its ETag and is raised by each change below it."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def etag(self) -> str:
        return f'"v{self.version}"'


class IdentifiedModel(VersionedModel):
    """A thing that outside programs remember: `uid` is permanent and random."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True

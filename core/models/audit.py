"""Who did what, without foreign keys and without values of personal fields."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from core.privacy import NO_PEOPLE, MarkedModel


class AuditEntry(MarkedModel):
    """One verb done to one object. Survives the object and the actor."""

    field_privacy = NO_PEOPLE

    at = models.DateTimeField(default=timezone.now, editable=False)
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_uid = models.CharField(max_length=64)
    organisation_id_value = models.BigIntegerField(null=True, db_column="organisation_id")
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=64, blank=True)
    changed = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["object_type", "object_uid", "at"]),
            models.Index(fields=["organisation_id_value", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_uid}"

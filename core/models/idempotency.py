"""Answers kept so that a repeated request gets the first one's."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from core.privacy import MarkedModel, marks


class IdempotencyRecord(MarkedModel):
    """A request's key, inserted first in the action's own transaction, and its answer."""

    field_privacy = marks(
        public="scope key body_digest status location etag", personal="response_body"
    )

    scope = models.CharField(max_length=128)
    key = models.CharField(max_length=128)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    # Capability links in it are placeholders that are filled on replay.
    response_body = models.TextField(blank=True)
    location = models.CharField(max_length=300, blank=True)
    etag = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="idempotency_key_once_a_scope")
        ]

    def __str__(self) -> str:
        return self.key

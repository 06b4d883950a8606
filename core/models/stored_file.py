"""Uploads: a row each, served only by a view that asks permission."""

from __future__ import annotations

import uuid

from django.db import models

from core.enums import Visibility
from core.privacy import MarkedModel, marks


def _stored_path(instance: StoredFile, _filename: str) -> str:
    # The name that a person gave never reaches the disk.
    return f"{str(instance.uid)[:2]}/{instance.uid}"


class StoredFile(MarkedModel):
    """A file: random name on disk, sniffed type, owner, who may see it."""

    field_privacy = marks(
        public="file content_type size digest organisation_id_value visibility created_at",
        personal="original_name",
    )

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation_id_value = models.BigIntegerField(db_column="organisation_id", db_index=True)
    file = models.FileField(upload_to=_stored_path, max_length=200)
    original_name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    visibility = models.CharField(
        max_length=10, choices=Visibility.choices, default=Visibility.PRIVATE
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(visibility__in=Visibility.values), name="stored_file_visibility"
            )
        ]

    def __str__(self) -> str:
        return str(self.uid)

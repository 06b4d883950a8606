"""What links repeated conferences."""

from __future__ import annotations

from django.db import models

from core.fields import TranslatedField
from core.models import VersionedModel
from core.privacy import NO_PEOPLE


class Series(VersionedModel):
    field_privacy = NO_PEOPLE

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="series"
    )
    slug = models.SlugField(max_length=80)
    title = TranslatedField()
    description = TranslatedField(blank=True)

    class Meta:
        ordering = ["slug"]
        verbose_name_plural = "series"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "slug"], name="series_slug_once_an_organisation"
            )
        ]

    def __str__(self) -> str:
        return self.slug

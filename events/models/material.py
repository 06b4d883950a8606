"""Files and links of a session or a conference."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from core.codes import registration_code
from core.fields import TranslatedField
from core.models import StoredFile, VersionedModel
from core.privacy import NO_PEOPLE
from events.enums import MaterialKind


class Material(VersionedModel):
    """A file or a link; a joining link is shown from `release_at` on, to those who come."""

    field_privacy = NO_PEOPLE

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="materials"
    )
    session = models.ForeignKey(
        "events.Session", null=True, blank=True, on_delete=models.CASCADE, related_name="materials"
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=10, default=registration_code, unique=True)
    kind = models.CharField(max_length=12, choices=MaterialKind.choices)
    title = TranslatedField()
    url = models.URLField(blank=True, max_length=500)
    file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    release_at = models.DateTimeField(null=True, blank=True)
    # Whose slides it is; readers do not see it until an organiser shows it.
    participation = models.ForeignKey(
        "events.Participation",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="materials",
    )
    shown = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=MaterialKind.FILE, file__isnull=False, url="")
                | (~Q(kind=MaterialKind.FILE) & Q(file__isnull=True) & ~Q(url="")),
                name="material_is_a_file_or_a_link",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MaterialKind.values), name="material_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.code

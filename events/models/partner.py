"""Organisations and projects behind a conference."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.fields import TranslatedField
from core.models import StampedModel, StoredFile
from core.privacy import NO_PEOPLE
from events.enums import PartnerKind


class Partner(StampedModel):
    field_privacy = NO_PEOPLE

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="partners"
    )
    kind = models.CharField(max_length=16, choices=PartnerKind.choices)
    name = TranslatedField()
    url = models.URLField(blank=True)
    logo = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=PartnerKind.values), name="partner_kind_known"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

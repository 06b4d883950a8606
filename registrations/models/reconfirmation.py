"""Asking those with a place whether they still come."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core.codes import registration_code
from core.fields import LocalDateTimeField
from core.models import VersionedModel
from core.privacy import NO_PEOPLE


class Reconfirmation(VersionedModel):
    """One round of "still coming?": asked at an instant, answered until another one.

    With `releases` the places of those who stay silent go to the waiting list.
    """

    field_privacy = NO_PEOPLE

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="reconfirmations"
    )
    code = models.CharField(max_length=10, default=registration_code, unique=True)
    ask_local = LocalDateTimeField()
    ask_at = models.DateTimeField(editable=False)
    until_local = LocalDateTimeField()
    until_at = models.DateTimeField(editable=False)
    releases = models.BooleanField(default=False)
    # When it was carried out; null while it waits for its hour.
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # None means all types.
    registration_types = models.ManyToManyField(
        "registrations.RegistrationType", blank=True, related_name="reconfirmations"
    )

    class Meta:
        ordering = ["ask_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gt=F("ask_at")), name="reconfirmation_ends_after_it_asks"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(asked_at__isnull=False),
                name="reconfirmation_asked_before_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.code

"""Places. The database itself refuses to give away more than there are."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core.codes import registration_code
from core.models import VersionedModel
from core.privacy import NO_PEOPLE


class Allotment(VersionedModel):
    """A number of places that a type, a session or an option draws from.

    `taken` and `held` are written only by registrations.services.capacity, by one conditional
    UPDATE; the CHECKs below are the last word on both engines.
    """

    field_privacy = NO_PEOPLE

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="allotments"
    )
    code = models.CharField(max_length=10, default=registration_code, unique=True)
    name = models.CharField(max_length=100)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    held = models.IntegerField(default=0)
    taken = models.IntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(taken__gte=0), name="allotment_taken_not_negative"),
            models.CheckConstraint(condition=Q(held__gte=0), name="allotment_held_not_negative"),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=F("taken") + F("held")),
                name="allotment_never_oversold",
            ),
        ]

    def __str__(self) -> str:
        return self.name

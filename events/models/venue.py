"""Places: venues of an organisation and their rooms, shared by its conferences."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from core.codes import new_code
from core.fields import TranslatedField
from core.models import VersionedModel
from core.privacy import NO_PEOPLE


class Venue(VersionedModel):
    field_privacy = NO_PEOPLE

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="venues"
    )
    code = models.CharField(max_length=6, default=new_code)
    name = TranslatedField()
    street = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, blank=True)
    directions = TranslatedField(blank=True)
    entrance = TranslatedField(blank=True)
    access = TranslatedField(blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code"], name="venue_code_once_an_organisation"
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True) | Q(latitude__range=(-90, 90)),
                name="venue_latitude_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True) | Q(longitude__range=(-180, 180)),
                name="venue_longitude_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Room(VersionedModel):
    field_privacy = NO_PEOPLE

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="rooms")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=6, default=new_code, unique=True)
    name = TranslatedField()
    capacity = models.PositiveIntegerField(null=True, blank=True)
    # How long it takes to change it over between two sessions.
    turnaround_minutes = models.PositiveSmallIntegerField(default=0)
    # From when to when it can be used on any day, by the conference's clock; both or neither.
    # Where it closes before it opens, it closes on the next day.
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False),
                name="room_opens_and_closes",
            )
        ]

    def __str__(self) -> str:
        return self.code

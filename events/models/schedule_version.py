"""Published, immutable snapshots of the programme."""

from __future__ import annotations

from django.db import models

from core.models import StampedModel
from core.privacy import NO_PEOPLE


class ScheduleVersion(StampedModel):
    """One JSON document (`format`) of sessions, slots, rooms and participations by code.

    People's names, bios and photos are not in it: they are joined by code when it is read. Nor does
    it change when the conference moves to other days: `moved_days` does.
    """

    field_privacy = NO_PEOPLE

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="schedule_versions"
    )
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    format = models.PositiveSmallIntegerField()
    document = models.JSONField()
    # How many days later its slots are read: so far the conference as a whole has moved since.
    moved_days = models.IntegerField(default=0)
    # Whether those affected were told, and how many they were.
    is_quiet = models.BooleanField(default=False)
    told = models.PositiveIntegerField(default=0)
    # The version whose programme it brought back.
    restores = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_by = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "number"], name="schedule_number_once_a_conference"
            ),
            models.UniqueConstraint(
                fields=["conference", "name"], name="schedule_name_once_a_conference"
            ),
        ]

    def __str__(self) -> str:
        return self.name

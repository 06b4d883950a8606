"""The page after the event."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.fields import TranslatedField
from core.models import StampedModel, VersionedModel
from core.privacy import NO_PEOPLE, marks
from events.enums import OutcomeItemKind


class Outcome(VersionedModel):
    """Findings, points made, related conferences. Public from `published_at` on."""

    field_privacy = NO_PEOPLE

    conference = models.OneToOneField(
        "events.Conference", on_delete=models.CASCADE, related_name="outcome"
    )
    headline = TranslatedField()
    summary = TranslatedField(blank=True)
    outlook = TranslatedField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    related = models.ManyToManyField("events.Conference", blank=True, related_name="+")

    def __str__(self) -> str:
        return str(self.conference_id)


class OutcomeItem(StampedModel):
    """A finding of the research, or a point that somebody made."""

    field_privacy = marks(public="outcome kind topic text order", personal="person")

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=10, choices=OutcomeItemKind.choices)
    topic = TranslatedField(blank=True)
    text = TranslatedField()
    person = models.ForeignKey(
        "events.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OutcomeItemKind.values), name="outcome_item_kind_known"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

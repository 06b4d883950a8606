"""When and to whom."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.codes import new_code
from core.models import VersionedModel
from core.privacy import NO_PEOPLE
from events.enums import ParticipationRole
from notifications.enums import Anchor, Audience, Late


class ReminderRule(VersionedModel):
    """An audience, an anchor, an offset (ISO 8601), perhaps a local time of day."""

    field_privacy = NO_PEOPLE

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="reminder_rules"
    )
    code = models.CharField(max_length=6, default=new_code)
    name = models.CharField(max_length=120)
    audience = models.CharField(max_length=14, choices=Audience.choices)
    role = models.CharField(max_length=16, choices=ParticipationRole.choices, blank=True)
    session = models.ForeignKey(
        "events.Session", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    anchor = models.CharField(max_length=20, choices=Anchor.choices)
    offset = models.CharField(max_length=20)
    at = models.TimeField(null=True, blank=True)
    template = models.SlugField(max_length=60)
    late = models.CharField(max_length=6, choices=Late.choices, default=Late.SKIP)
    enabled = models.BooleanField(default=True)
    # Raised by each change of the rule itself; planning compares it with what was planned.
    planned_version = models.PositiveIntegerField(default=0, editable=False)
    planned_revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "code"], name="rule_code_once_a_conference"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values), name="rule_audience_known"
            ),
            models.CheckConstraint(condition=Q(anchor__in=Anchor.values), name="rule_anchor_known"),
            models.CheckConstraint(condition=Q(late__in=Late.values), name="rule_late_known"),
        ]

    def __str__(self) -> str:
        return self.name

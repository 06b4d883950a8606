"""When and to whom."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.codes import new_code
from core.models import VersionedModel
from core.privacy import NO_PEOPLE
from events.enums import ParticipationRole
from notifications.enums import Anchor, Audience, Late, Step


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
    template = models.SlugField(max_length=60, db_index=False)
    quiet_hours = models.BooleanField(default=False)
    # Not on a Saturday or Sunday; nudges never are, whatever this says.
    working_days = models.BooleanField(default=False)
    # Which part of the plan that a conference begins with; "" for a rule that somebody made.
    step = models.CharField(max_length=16, choices=Step.choices, blank=True, editable=False)
    late = models.CharField(max_length=6, choices=Late.choices, default=Late.SKIP)
    enabled = models.BooleanField(default=True)
    # The conference's revision at which this rule was last planned; 0 where nothing is planned.
    planned_revision = models.PositiveIntegerField(default=0, editable=False)
    # By the database's clock. Planning looks once more a little later, for who was registering
    # at that moment in a transaction that it could not see.
    planned_at = models.DateTimeField(null=True, editable=False)

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
            models.CheckConstraint(
                condition=Q(step__in=["", *Step.values]), name="rule_step_known"
            ),
            models.UniqueConstraint(
                fields=["conference", "step"],
                condition=~Q(step=""),
                name="rule_step_once_a_conference",
            ),
            models.CheckConstraint(
                condition=Q(at__isnull=True) | ~Q(offset__contains="T"),
                name="rule_time_only_with_whole_days",
            ),
            models.CheckConstraint(
                condition=~Q(audience=Audience.SESSION) | Q(session__isnull=False),
                name="rule_for_a_session_names_it",
            ),
            models.CheckConstraint(
                condition=Q(role="") | Q(audience__in=[Audience.SPEAKERS, Audience.SESSION]),
                name="rule_role_only_for_speakers",
            ),
        ]

    def __str__(self) -> str:
        return self.name

"""A person on a session in a role."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.codes import registration_code
from core.models import StampedModel
from core.privacy import marks
from events.enums import ParticipationRole, ParticipationState


class Participation(StampedModel):
    """Person by session by role, with order and minutes, and who they were on that day.

    Its changes raise the session's version: the session is the root that people edit.
    """

    field_privacy = marks(
        public="session person role order minutes state code",
        personal="honorific affiliation position",
    )

    session = models.ForeignKey(
        "events.Session", on_delete=models.CASCADE, related_name="participations"
    )
    person = models.ForeignKey(
        "events.Person", on_delete=models.PROTECT, related_name="participations"
    )
    code = models.CharField(max_length=10, unique=True, default=registration_code)
    role = models.CharField(max_length=16, choices=ParticipationRole.choices)
    order = models.PositiveSmallIntegerField(default=0)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(
        max_length=10, choices=ParticipationState.choices, default=ParticipationState.PLANNED
    )
    honorific = models.CharField(max_length=60, blank=True)
    affiliation = models.CharField(max_length=200, blank=True)
    position = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person", "role"], name="person_once_a_session_and_role"
            ),
            models.CheckConstraint(
                condition=Q(role__in=ParticipationRole.values), name="participation_role_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ParticipationState.values), name="participation_state_known"
            ),
        ]
        indexes = [models.Index(fields=["session", "order", "id"])]

    def __str__(self) -> str:
        return self.code

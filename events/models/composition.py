"""What a good programme has to keep to: who must sit where, when people can, what comes first."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core.fields import LocalDateTimeField
from core.models import StampedModel
from core.privacy import NO_PEOPLE, marks
from events.enums import ParticipationRole, SessionKind


class RoleRequirement(StampedModel):
    """How many of a role a kind of session needs at this conference, in place of the usual number.

    Without a row the usual one counts (events.services.requirements); `maximum` null: no limit.
    """

    field_privacy = NO_PEOPLE

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="role_requirements"
    )
    kind = models.CharField(max_length=16, choices=SessionKind.choices)
    role = models.CharField(max_length=16, choices=ParticipationRole.choices)
    minimum = models.PositiveSmallIntegerField(default=0)
    maximum = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "kind", "role"], name="requirement_once_a_kind_and_role"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SessionKind.values), name="requirement_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(role__in=ParticipationRole.values), name="requirement_role_known"
            ),
            models.CheckConstraint(
                condition=Q(maximum__isnull=True) | Q(maximum__gte=F("minimum")),
                name="requirement_most_is_not_below_least",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.role}"


class Availability(StampedModel):
    """When a person can be at a conference. Without a row, always; with some, only then."""

    field_privacy = marks(
        public="conference start_local end_local starts_at ends_at", personal="person note"
    )

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="availabilities"
    )
    person = models.ForeignKey(
        "events.Person", on_delete=models.CASCADE, related_name="availabilities"
    )
    start_local = LocalDateTimeField()
    end_local = LocalDateTimeField()
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name_plural = "availabilities"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="availability_ends_after_its_start"
            )
        ]
        indexes = [models.Index(fields=["conference", "person", "starts_at"])]

    def __str__(self) -> str:
        return str(self.pk)


class SessionPrecedence(StampedModel):
    """One session has to be over before another one begins."""

    field_privacy = NO_PEOPLE

    first = models.ForeignKey(
        "events.Session", on_delete=models.CASCADE, related_name="comes_before"
    )
    then = models.ForeignKey("events.Session", on_delete=models.CASCADE, related_name="comes_after")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "then"], name="precedence_once_a_pair"),
            models.CheckConstraint(condition=~Q(first=F("then")), name="precedence_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.then_id}"


class ConflictOverride(StampedModel):
    """A conflict that an organiser accepts, and why. It stands for as long as the conflict does.

    Arguments:
        key: of the conflict (events.conflicts): its kind and the codes of all it is about.
    """

    field_privacy = marks(public="conference key", personal="reason decided_by")

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="conflict_overrides"
    )
    key = models.CharField(max_length=160)
    reason = models.CharField(max_length=500)
    decided_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "key"], name="override_once_a_conflict")
        ]

    def __str__(self) -> str:
        return self.key

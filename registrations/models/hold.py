"""Places that are kept for somebody: the rows behind `Allotment.held`."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.codes import registration_code
from core.fields import LocalDateTimeField
from core.models import StampedModel, VersionedModel
from core.privacy import NO_PEOPLE


class HoldBack(VersionedModel):
    """Places of one allotment that an organiser keeps back, under a name, perhaps until a day."""

    field_privacy = NO_PEOPLE

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="hold_backs"
    )
    allotment = models.ForeignKey(
        "registrations.Allotment", on_delete=models.PROTECT, related_name="hold_backs"
    )
    code = models.CharField(max_length=10, default=registration_code, unique=True)
    name = models.CharField(max_length=200)
    release_local = LocalDateTimeField(null=True, blank=True)
    release_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.name


class HeldPlace(StampedModel):
    """Places of an allotment kept for one holder: an invitation until its answer or its deadline,
    an access code until it is used or ends, or an organiser's hold-back.

    The sum of an allotment's rows is its `held`.
    """

    field_privacy = NO_PEOPLE

    # The unique indexes below begin with the holders.
    invitation = models.ForeignKey(
        "registrations.Invitation",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="held_places",
        db_index=False,
    )
    access_code = models.ForeignKey(
        "registrations.AccessCode",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="held_places",
        db_index=False,
    )
    hold_back = models.ForeignKey(
        HoldBack,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="held_places",
        db_index=False,
    )
    allotment = models.ForeignKey(
        "registrations.Allotment", on_delete=models.PROTECT, related_name="held_places"
    )
    count = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "allotment"], name="held_once_an_invitation"
            ),
            models.UniqueConstraint(
                fields=["access_code", "allotment"], name="held_once_an_access_code"
            ),
            models.UniqueConstraint(
                fields=["hold_back", "allotment"], name="held_once_a_hold_back"
            ),
            models.CheckConstraint(
                condition=(
                    Q(invitation__isnull=False, access_code__isnull=True, hold_back__isnull=True)
                    | Q(invitation__isnull=True, access_code__isnull=False, hold_back__isnull=True)
                    | Q(invitation__isnull=True, access_code__isnull=True, hold_back__isnull=False)
                ),
                name="held_for_one_holder",
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="held_counts_one_or_more"),
        ]

    def __str__(self) -> str:
        holder = self.invitation_id or self.access_code_id or self.hold_back_id
        return f"{holder} {self.allotment_id}"

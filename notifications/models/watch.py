"""What the machine notes about its own work, so that a standstill is seen and said."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.privacy import NO_PEOPLE, MarkedModel
from notifications.enums import TroubleKind


class OutboxPulse(MarkedModel):
    """One row: when the outbox was last swept or resumed, and how far tries have been counted."""

    field_privacy = NO_PEOPLE

    swept_at = models.DateTimeField(null=True, blank=True)
    # What was held back by a pause has been late since then at the earliest.
    resumed_at = models.DateTimeField(null=True, blank=True)
    # The last try (by id) that stands in the tallies.
    counted_until = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_outbox_pulse")]

    def __str__(self) -> str:
        return f"swept at {self.swept_at}"


class OutboxTally(MarkedModel):
    """How many tries of a kind of message ended so, ever; it only grows."""

    field_privacy = NO_PEOPLE

    kind = models.CharField(max_length=24)
    outcome = models.CharField(max_length=10)
    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "outcome"], name="one_tally_a_kind_and_outcome")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}: {self.number}"


class OutboxTrouble(MarkedModel):
    """What holds an organisation's mail up, as it was last looked at; `kind` is empty when nothing.

    `warned_at` stays when the trouble goes, so that its owners are not written to again too soon.
    """

    field_privacy = NO_PEOPLE

    organisation = models.OneToOneField(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="outbox_trouble"
    )
    kind = models.CharField(max_length=12, choices=TroubleKind.choices, blank=True)
    number = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(null=True, blank=True)
    # When it began to be seen, and when it was seen last.
    noted_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["", *TroubleKind.values]), name="outbox_trouble_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind}"

"""One verb for many registrations, done one by one, with how far it is."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core.codes import registration_code
from core.models import StampedModel
from core.privacy import marks
from registrations.enums import DeedState


class BulkDeed(StampedModel):
    """A verb, for whom it is, and what came of it.

    `done` moves on in the transaction of each registration's own change, so that a worker that dies
    has done each of them once or not at all.
    """

    field_privacy = marks(
        public=(
            "conference code verb state registration_ids total done succeeded left_out actor_id "
            "claimed_at"
        ),
        personal="values",
    )

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="bulk_deeds"
    )
    code = models.CharField(max_length=10, default=registration_code, unique=True)
    # One of registrations.services.bulk.VERBS.
    verb = models.CharField(max_length=20)
    # What the verb asks for: a reason, a tag.
    values = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=DeedState.choices, default=DeedState.RUNNING)
    # Whom it is for, in this order.
    registration_ids = models.JSONField(default=list)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    succeeded = models.PositiveIntegerField(default=0)
    # Why some were left out: [{"reason": sentence, "number": n, "ids": [the first few]}].
    left_out = models.JSONField(default=list, blank=True)
    # In whose name it is done: an account's id, or "token:" and a token's.
    actor_id = models.CharField(max_length=64, blank=True)
    # When somebody last went on with it; without a sign of life another one takes over.
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=DeedState.values), name="bulk_deed_state_known"
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")) & Q(succeeded__lte=F("done")),
                name="bulk_deed_figures_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.code

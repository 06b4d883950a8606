"""Mail to everybody concerned that is decided and still to be written out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.models import StampedModel
from core.privacy import NO_PEOPLE
from notifications.enums import MessageKind

_KINDS = (
    MessageKind.CHANGED_TIME,
    MessageKind.NEW_DATE,
    MessageKind.POSTPONED,
    MessageKind.CONFERENCE_CANCELLED,
)


class Notice(StampedModel):
    """A move or a cancellation in one row, so that its own transaction stays O(1).

    The sweeper makes one message a recipient of it. A later notice of the same conference makes
    this one void.
    """

    field_privacy = NO_PEOPLE

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="notices"
    )
    kind = models.CharField(max_length=24, choices=MessageKind.choices)
    revision = models.PositiveIntegerField()
    # What readers know and what the mail tells them apart from: the former start and zone.
    facts = models.JSONField(default=dict, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "kind", "revision"], name="notice_once_a_revision"
            ),
            models.CheckConstraint(condition=Q(kind__in=_KINDS), name="notice_kind_known"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(done_at__isnull=True), name="notice_to_do")
        ]

    def __str__(self) -> str:
        return f"{self.conference_id} {self.kind} {self.revision}"

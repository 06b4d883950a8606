"""Addresses that get no more mail that nobody owes them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.codes import new_code
from core.models import IdentifiedModel, StampedModel
from core.privacy import marks
from notifications.enums import SuppressionReason, SuppressionScope


class Suppression(IdentifiedModel):
    """An address that opted out of a conference, or of all of an organisation.

    It is the address's key (core.text.email_key) and goes with the row when the row is lifted.
    """

    field_privacy = marks(
        public="organisation conference code reason by_kind by_id", personal="email_key note"
    )

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="suppressions"
    )
    # Null: all conferences of the organisation, those to come included.
    conference = models.ForeignKey(
        "events.Conference",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="suppressions",
    )
    code = models.CharField(max_length=6, default=new_code)
    email_key = models.CharField(max_length=254)
    reason = models.CharField(max_length=12, choices=SuppressionReason.choices)
    # What an organiser typed: who asked for it, and how.
    note = models.CharField(max_length=300, blank=True)
    # Who did it, as the audit trail says it (core.actors.Actor).
    by_kind = models.CharField(max_length=20)
    by_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code"], name="suppression_code_once_an_organisation"
            ),
            # Two, because NULL equals nothing on either engine. What looks an address up finds it
            # by these as well.
            models.UniqueConstraint(
                fields=["organisation", "email_key"],
                condition=Q(conference__isnull=True),
                name="suppressed_once_an_organisation",
            ),
            models.UniqueConstraint(
                fields=["organisation", "email_key", "conference"],
                condition=Q(conference__isnull=False),
                name="suppressed_once_a_conference",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=SuppressionReason.values), name="suppression_reason_known"
            ),
            models.CheckConstraint(condition=~Q(email_key=""), name="suppression_names_an_address"),
        ]
        indexes = [
            models.Index(fields=["organisation", "email_key"]),
            models.Index(fields=["organisation", "created_at", "id"]),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def scope(self) -> SuppressionScope:
        """Of what the address gets no more mail."""
        if self.conference_id is None:
            return SuppressionScope.ORGANISATION
        return SuppressionScope.CONFERENCE


class LiftedSuppression(StampedModel):
    """That an organiser lifted a suppression, and on whose word; the address is not kept."""

    field_privacy = marks(
        public="organisation conference suppression_uid reason by_kind by_id", personal="note"
    )

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="lifted_suppressions"
    )
    conference = models.ForeignKey(
        "events.Conference", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    suppression_uid = models.UUIDField(unique=True, editable=False)
    reason = models.CharField(max_length=12, choices=SuppressionReason.choices)
    note = models.CharField(max_length=300, blank=True)
    by_kind = models.CharField(max_length=20)
    by_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=SuppressionReason.values),
                name="lifted_suppression_reason_known",
            )
        ]
        indexes = [models.Index(fields=["organisation", "-created_at"])]

    def __str__(self) -> str:
        return str(self.suppression_uid)

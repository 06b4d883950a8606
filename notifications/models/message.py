"""The outbox: one row a recipient and message. The database is the truth."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.privacy import MarkedModel, marks
from notifications.enums import (
    IN_HAND,
    LOST,
    CancelReason,
    DeliveryOutcome,
    MessageKind,
    MessageState,
)

_NAMESPACE: Final = uuid.UUID("5a1f9a6e-0d0b-5c57-9c3f-6f1d3b7a2f10")


def message_uid(key: str) -> uuid.UUID:
    """Return the permanent identity of the row with this key, known before the row exists."""
    return uuid.uuid5(_NAMESPACE, key)


class Message(MarkedModel):
    """A mail to one recipient, from its planning to its end (docs/adr/0002).

    `plan_revision` stands only on rows made by a rule; a row whose revision is not the
    conference's can not be claimed. All other rows take their facts at sending.
    """

    field_privacy = marks(
        public=(
            "uid key kind template conference registration invitation participation rule "
            "announcement "
            "occurrence language requested due_at held_since not_after plan_revision state "
            "cancelled_for attempts ambiguous_tries lapses lease_until lease_token message_id "
            "sent_at created_at updated_at sequence facts"
        ),
        personal="to_email to_name last_error person",
    )

    # uuid5 of the key: the left half of the Message-ID, and what the API calls `id`.
    uid = models.UUIDField(unique=True, editable=False)
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=24, choices=MessageKind.choices)
    template = models.SlugField(max_length=60, db_index=False)
    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    registration = models.ForeignKey(
        "registrations.Registration",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="messages",
    )
    invitation = models.ForeignKey(
        "registrations.Invitation",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="messages",
        db_index=False,
    )
    person = models.ForeignKey(
        "events.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="messages",
        db_index=False,
    )
    participation = models.ForeignKey(
        "events.Participation",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="messages",
        db_index=False,
    )
    rule = models.ForeignKey(
        "notifications.ReminderRule",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="messages",
        db_index=False,
    )
    announcement = models.ForeignKey(
        "notifications.Announcement",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="messages",
        db_index=False,
    )
    occurrence = models.CharField(max_length=80, blank=True)
    to_email = models.CharField(max_length=254)
    to_name = models.CharField(max_length=250, blank=True)
    language = models.CharField(max_length=12, default="en")
    # Small facts that must be those of the moment of planning (a former start); no texts of people.
    facts = models.JSONField(default=dict, blank=True)
    # Somebody waits for it after an act of their own: it goes before what a rule planned.
    requested = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    # Since when it has been due without a mail server that answers; null while that is not so.
    held_since = models.DateTimeField(null=True, blank=True, editable=False)
    not_after = models.DateTimeField(null=True, blank=True)
    plan_revision = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(
        max_length=10, choices=MessageState.choices, default=MessageState.QUEUED
    )
    cancelled_for = models.CharField(max_length=12, choices=CancelReason.choices, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    ambiguous_tries = models.PositiveSmallIntegerField(default=0)
    # How often a sender vanished with it before it was begun.
    lapses = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    message_id = models.CharField(max_length=300, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            # Not the field's own: that would bring PostgreSQL a second index, for prefixes.
            models.UniqueConstraint(fields=["key"], name="message_key_once"),
            models.CheckConstraint(
                condition=Q(state__in=MessageState.values), name="message_state_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MessageKind.values), name="message_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=IN_HAND, lease_token__isnull=False, lease_until__isnull=False)
                | ~Q(state__in=IN_HAND) & Q(lease_token__isnull=True) & Q(lease_until__isnull=True),
                name="message_lease_exactly_in_hand",
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENT) | Q(sent_at__isnull=False),
                name="message_sent_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state=MessageState.CANCELLED, cancelled_for__in=CancelReason.values)
                | ~Q(state=MessageState.CANCELLED) & Q(cancelled_for=""),
                name="message_cancelled_says_why",
            ),
        ]
        indexes = [
            # What senders look for: small, however many millions are sent.
            models.Index(
                fields=["requested", "due_at", "id"],
                condition=Q(state=MessageState.QUEUED),
                name="message_due",
            ),
            models.Index(
                fields=["not_after"],
                condition=Q(state=MessageState.QUEUED),
                name="message_not_after",
            ),
            models.Index(
                fields=["held_since"],
                condition=Q(state=MessageState.QUEUED, held_since__isnull=False),
                name="message_held",
            ),
            models.Index(
                fields=["lease_until"], condition=Q(state__in=IN_HAND), name="message_in_hand"
            ),
            models.Index(
                fields=["lease_token"], condition=Q(state__in=IN_HAND), name="message_lease"
            ),
            models.Index(fields=["updated_at"], condition=Q(state__in=LOST), name="message_lost"),
            models.Index(fields=["conference", "state", "due_at"]),
            models.Index(fields=["conference", "created_at", "id"]),
            # Most mails are for few of these; the others' rows cost nothing here.
            models.Index(
                fields=["rule", "state"], condition=Q(rule__isnull=False), name="message_rule"
            ),
            models.Index(
                fields=["invitation"],
                condition=Q(invitation__isnull=False),
                name="message_invitation",
            ),
            models.Index(
                fields=["participation"],
                condition=Q(participation__isnull=False),
                name="message_participation",
            ),
            models.Index(
                fields=["person"], condition=Q(person__isnull=False), name="message_person"
            ),
            models.Index(
                fields=["announcement", "state"],
                condition=Q(announcement__isnull=False),
                name="message_announcement",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.uid = message_uid(self.key)
        super().save(*args, **kwargs)


class Delivery(MarkedModel):
    """One try to send a message."""

    field_privacy = marks(public="message attempt started_at ended_at outcome", personal="detail")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    attempt = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=DeliveryOutcome.choices)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=DeliveryOutcome.values), name="delivery_outcome_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.attempt}"


class RenderedMail(MarkedModel):
    """What was sent, kept 30 days; links that give rights are placeholders, filled on reading."""

    field_privacy = marks(
        public="message rendered_at", personal="subject text html headers attachments"
    )

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="rendered")
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField()
    headers = models.JSONField(default=dict)
    # Names and types; their bytes are made anew from the registration.
    attachments = models.JSONField(default=list)
    rendered_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.subject

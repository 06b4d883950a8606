"""The outbox: one row a recipient and message. The database is the truth."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.privacy import MarkedModel, marks
from notifications.enums import DeliveryOutcome, MessageKind, MessageState


class Message(MarkedModel):
    """A mail to one recipient, from its planning to its end (docs/adr/0002).

    `plan_revision` stands only on rows made by a rule; a row whose revision is older than the
    conference's can not be claimed. All other rows take their facts at sending.
    """

    field_privacy = marks(
        public=(
            "key kind template conference registration participation rule occurrence language due_at "
            "not_after plan_revision state attempts ambiguous_tries lease_until lease_token message_id "
            "sent_at created_at updated_at sequence facts"
        ),
        personal="to_email to_name last_error person",
    )

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=24, choices=MessageKind.choices)
    template = models.SlugField(max_length=60)
    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="messages"
    )
    registration = models.ForeignKey(
        "registrations.Registration",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="messages",
    )
    person = models.ForeignKey(
        "events.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="messages"
    )
    participation = models.ForeignKey(
        "events.Participation",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="messages",
    )
    rule = models.ForeignKey(
        "notifications.ReminderRule",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="messages",
    )
    occurrence = models.CharField(max_length=80, blank=True)
    to_email = models.CharField(max_length=254)
    to_name = models.CharField(max_length=250, blank=True)
    language = models.CharField(max_length=12, default="en")
    # Small facts that must be those of the moment of planning (a former start); never texts of people.
    facts = models.JSONField(default=dict, blank=True)
    due_at = models.DateTimeField()
    not_after = models.DateTimeField(null=True, blank=True)
    plan_revision = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(
        max_length=10, choices=MessageState.choices, default=MessageState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    ambiguous_tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MessageState.values), name="message_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[MessageState.CLAIMED, MessageState.SENDING])
                | Q(lease_token__isnull=True),
                name="message_lease_only_in_hand",
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENT) | Q(sent_at__isnull=False),
                name="message_sent_says_when",
            ),
        ]
        indexes = [
            # What senders look for: small, however many millions are sent.
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state=MessageState.QUEUED),
                name="message_due",
            ),
            models.Index(
                fields=["lease_until"],
                condition=Q(state__in=[MessageState.CLAIMED, MessageState.SENDING]),
                name="message_in_hand",
            ),
            models.Index(fields=["conference", "state", "due_at"]),
            models.Index(fields=["conference", "created_at", "id"]),
        ]

    def __str__(self) -> str:
        return self.key


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

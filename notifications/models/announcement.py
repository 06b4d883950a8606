"""A mail that an organiser writes to a chosen audience."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.codes import new_code
from core.fields import TranslatedField
from core.models import VersionedModel
from core.privacy import marks
from notifications.enums import UNDER_WAY, AnnouncementState


class Announcement(VersionedModel):
    """What is to be said, to whom, and how far it has come.

    Its mails are rows of the outbox. They may leave while it is being sent, which it is from
    `left_at` on and never before `undo_until`; each names the round, so that nothing of one that
    was taken back or held back goes out.
    """

    field_privacy = marks(
        public=(
            "conference code audience state round expected send_at undo_until "
            "plan_cursor planned_at planned skipped sent done_at created_by sent_by "
            "agreed left_at held_at told_at"
        ),
        # An organiser may name anybody in it, in an address as well.
        personal="subject body held_for",
    )

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="announcements", db_index=False
    )
    code = models.CharField(max_length=6, default=new_code)
    subject = TranslatedField(blank=True)
    # Markdown with placeholders of the closed list (services.texts).
    body = TranslatedField(blank=True)
    # Filters as services.audience_filters takes them.
    audience = models.JSONField(default=dict, blank=True)
    state = models.CharField(
        max_length=10, choices=AnnouncementState.choices, default=AnnouncementState.DRAFT
    )
    # Raised by each press of the button: after taking it back, the next one is another round.
    round = models.PositiveIntegerField(default=0, editable=False)
    # To how many the organiser agreed to send.
    expected = models.PositiveIntegerField(default=0, editable=False)
    # The moment that was chosen; null: at once, after the time to take it back.
    send_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Until then, by the database's clock, it can be taken back and nothing leaves.
    undo_until = models.DateTimeField(null=True, blank=True, editable=False)
    # How far the outbox has been filled: section and last row of it.
    plan_cursor = models.CharField(max_length=40, blank=True, editable=False)
    planned_at = models.DateTimeField(null=True, blank=True, editable=False)
    planned = models.PositiveIntegerField(default=0, editable=False)
    # Reason -> how many got none, as counted when the button was pressed.
    skipped = models.JSONField(default=dict, blank=True, editable=False)
    # What the flight check warned of when the button was pressed: check -> what it was about. Null
    # where that was before anybody wrote it down.
    agreed = models.JSONField(null=True, blank=True, editable=False)
    # When it was looked at once more and let go.
    left_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Since when it is held back, what was found then, and when the organisers were told.
    held_at = models.DateTimeField(null=True, blank=True, editable=False)
    held_for = models.JSONField(default=list, blank=True, editable=False)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent = models.PositiveIntegerField(default=0, editable=False)
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "code"], name="announcement_code_once_a_conference"
            ),
            models.CheckConstraint(
                condition=Q(state__in=AnnouncementState.values), name="announcement_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=UNDER_WAY)
                | Q(undo_until__isnull=False, round__gte=1, done_at__isnull=True),
                name="announcement_under_way_says_since_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "stopped"]) | Q(done_at__isnull=False),
                name="announcement_done_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=AnnouncementState.DRAFT)
                | Q(undo_until__isnull=True, done_at__isnull=True),
                name="announcement_draft_has_not_begun",
            ),
            models.CheckConstraint(
                condition=~Q(state=AnnouncementState.SENDING) | Q(left_at__isnull=False),
                name="announcement_sending_says_when_it_left",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=AnnouncementState.HELD,
                    held_at__isnull=False,
                    left_at__isnull=True,
                    done_at__isnull=True,
                )
                | (~Q(state=AnnouncementState.HELD) & Q(held_at__isnull=True)),
                name="announcement_held_says_since_when",
            ),
        ]
        indexes = [
            models.Index(fields=["conference", "created_at", "id"]),
            # What planners look for.
            models.Index(
                fields=["undo_until"], condition=Q(state__in=UNDER_WAY), name="announcement_way"
            ),
            # What senders may not touch.
            models.Index(fields=["state"]),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def occurrence(self) -> str:
        """What its mails of this round are marked with."""
        return f"round:{self.round}"

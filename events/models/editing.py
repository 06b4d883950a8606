"""What was done in the draft, so that it can be undone; and people who turned out to be one."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.models import StampedModel
from core.privacy import MarkedModel, marks


class DraftEdit(MarkedModel):
    """One session's change in the draft: what it was before, what it is since, who did it.

    Arguments:
        deed: the same for all sessions that one verb changed; they are undone together.
        session: null once it is deleted; `before` then has all that brings it back.
        before, after: the session's own fields (no names of people); {} where there was none.
        version: of the session, right after the edit: undoing needs it to be that one still.
    """

    field_privacy = marks(
        public="conference session deed at verb before after version undone_at",
        personal="actor_kind actor_id actor_name",
    )

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="draft_edits", db_index=False
    )
    session = models.ForeignKey(
        "events.Session", null=True, blank=True, on_delete=models.SET_NULL, related_name="edits"
    )
    deed = models.UUIDField(default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    verb = models.CharField(max_length=40)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    version = models.PositiveIntegerField()
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_name = models.CharField(max_length=200, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["conference", "-at", "-id"]),
            models.Index(fields=["deed"]),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.session_id}"


class PersonMerge(StampedModel):
    """Two people who were one. Their codes stay known; it can be undone for a while.

    Arguments:
        gone_code, gone_uid: of the one that is no more: published programmes and links name it.
        snapshot: that person's own fields, until `undo_until`; then {}.
        moved: which rows were put under the one that stayed, by model; the same time.
    """

    field_privacy = marks(
        public="organisation gone_code gone_uid undo_until undone_at actor_kind actor_id",
        personal="kept snapshot moved",
    )

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="person_merges"
    )
    kept = models.ForeignKey("events.Person", on_delete=models.CASCADE, related_name="merges")
    gone_code = models.CharField(max_length=6)
    gone_uid = models.UUIDField()
    snapshot = models.JSONField(default=dict)
    moved = models.JSONField(default=dict)
    undo_until = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True, editable=False)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "gone_code"],
                condition=Q(undone_at__isnull=True),
                name="merged_away_once",
            )
        ]

    def __str__(self) -> str:
        return self.gone_code

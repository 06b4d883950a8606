"""A list of guests that waits between its steps: upload, look, import."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.codes import registration_code
from core.models import StampedModel, StoredFile
from core.privacy import marks
from registrations.enums import ImportState


class GuestImport(StampedModel):
    """One uploaded list. Its file is deleted when everybody is in, or after a day."""

    field_privacy = marks(
        public=(
            "conference code state settings actor_id claimed_at total done added changed known "
            "left_out invited already without_place"
        ),
        personal="file name source basis error",
    )

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="guest_imports"
    )
    code = models.CharField(max_length=10, default=registration_code, unique=True)
    file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(max_length=200, blank=True)
    state = models.CharField(
        max_length=10, choices=ImportState.choices, default=ImportState.WAITING
    )
    # How the file is read and what is made of it: encoding, delimiter, columns, registration type,
    # wave, plus_one, hold, update, choices by line.
    settings = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=200, blank=True)
    basis = models.CharField(max_length=200, blank=True)
    # Who pressed the button: what a task does later is done in this account's name.
    actor_id = models.CharField(max_length=64, blank=True)
    # When somebody last went on with it; without a sign of life another one takes over.
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    invited = models.PositiveIntegerField(default=0)
    already = models.PositiveIntegerField(default=0)
    without_place = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="guest_import_state_known"
            )
        ]

    def __str__(self) -> str:
        return self.code

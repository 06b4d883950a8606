"""Items of the programme and their themes. These rows are the draft; readers see the published
schedule version.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core.codes import session_code
from core.fields import LocalDateTimeField, TranslatedField
from core.models import IdentifiedModel, VersionedModel
from core.privacy import NO_PEOPLE
from events.enums import Attribution, SessionKind, SessionState


class Track(VersionedModel):
    field_privacy = NO_PEOPLE

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="tracks"
    )
    slug = models.SlugField(max_length=60)
    name = TranslatedField()
    colour = models.CharField(max_length=7, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "slug"], name="track_slug_once_a_conference"
            )
        ]

    def __str__(self) -> str:
        return self.slug


class Session(IdentifiedModel):
    """One item of the programme. Its slot is start, end and room; all null when unscheduled."""

    field_privacy = NO_PEOPLE

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="sessions"
    )
    code = models.CharField(max_length=6, default=session_code)
    kind = models.CharField(max_length=16, choices=SessionKind.choices)
    state = models.CharField(
        max_length=10, choices=SessionState.choices, default=SessionState.PLANNED
    )
    title = TranslatedField()
    abstract = TranslatedField(blank=True)
    track = models.ForeignKey(
        Track, null=True, blank=True, on_delete=models.SET_NULL, related_name="sessions"
    )
    start_local = LocalDateTimeField(null=True, blank=True)
    end_local = LocalDateTimeField(null=True, blank=True)
    starts_at = models.DateTimeField(null=True, editable=False)
    ends_at = models.DateTimeField(null=True, editable=False)
    room = models.ForeignKey(
        "events.Room", null=True, blank=True, on_delete=models.PROTECT, related_name="sessions"
    )
    language = models.CharField(max_length=12, blank=True)
    attribution = models.CharField(
        max_length=16, choices=Attribution.choices, default=Attribution.ON_THE_RECORD
    )
    # Into which languages it is interpreted, beside the one that is spoken.
    interpretation = models.JSONField(default=list, blank=True)
    recorded = models.BooleanField(default=False)
    # How long it is to last while it has no slot.
    planned_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    order = models.PositiveIntegerField(default=0)
    search_key = models.CharField(max_length=1000, blank=True, editable=False)
    sort_key = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        ordering = ["starts_at", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "code"], name="session_code_once_a_conference"
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True, ends_at__isnull=True)
                | Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_its_start",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=False) | Q(room__isnull=True),
                name="session_room_needs_a_time",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SessionKind.values), name="session_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=SessionState.values), name="session_state_known"
            ),
            models.CheckConstraint(
                condition=Q(attribution__in=Attribution.values), name="session_attribution_known"
            ),
        ]
        indexes = [models.Index(fields=["conference", "created_at", "id"])]

    def __str__(self) -> str:
        return self.code

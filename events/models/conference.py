"""The gathering."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core.enums import Visibility
from core.fields import LocalDateTimeField, TranslatedField
from core.models import IdentifiedModel, StampedModel
from core.privacy import NO_PEOPLE, marks
from events.enums import ConferenceKind, ConferenceMode, ConferenceState, NeedKind
from events.querysets.conference import ConferenceQuerySet


def default_needs() -> list[str]:
    return [NeedKind.BIO.value, NeedKind.PHOTO.value]


class Conference(IdentifiedModel):
    """A gathering with one local start and end in one zone; `*_at` are derived and in UTC."""

    field_privacy = marks(
        public=(
            "organisation series slug kind title subtitle description start_local end_local "
            "doors_local time_zone starts_at ends_at doors_at mode languages visibility state "
            "plan_revision search_key sort_key changes_until_local "
            "changes_until_at reply_until_local reply_until_at announced_at online_note "
            "speaker_needs balance_tags"
        ),
        personal="contact_name contact_email contact_phone",
    )

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="conferences"
    )
    series = models.ForeignKey(
        "events.Series",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="conferences",
    )
    slug = models.SlugField(max_length=80)
    kind = models.CharField(max_length=24, choices=ConferenceKind.choices)
    title = TranslatedField()
    subtitle = TranslatedField(blank=True)
    description = TranslatedField(blank=True)
    start_local = LocalDateTimeField()
    end_local = LocalDateTimeField()
    doors_local = LocalDateTimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=60)
    starts_at = models.DateTimeField(db_index=True, editable=False)
    ends_at = models.DateTimeField(db_index=True, editable=False)
    doors_at = models.DateTimeField(null=True, editable=False)
    # Until when guests may change or cancel by themselves; null: until the start.
    changes_until_local = LocalDateTimeField(null=True, blank=True)
    changes_until_at = models.DateTimeField(null=True, editable=False)
    # Until when invited guests are asked to answer, and places are kept for them.
    reply_until_local = LocalDateTimeField(null=True, blank=True)
    reply_until_at = models.DateTimeField(null=True, editable=False)
    mode = models.CharField(
        max_length=12, choices=ConferenceMode.choices, default=ConferenceMode.IN_PERSON
    )
    online_note = TranslatedField(blank=True)
    languages = models.JSONField(default=list)
    visibility = models.CharField(
        max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    state = models.CharField(
        max_length=10, choices=ConferenceState.choices, default=ConferenceState.DRAFT
    )
    venues = models.ManyToManyField(
        "events.Venue", through="events.ConferenceVenue", related_name="conferences"
    )
    contact_name = models.CharField(max_length=200, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    # What is needed from everybody who speaks (values of NeedKind), unless waived for one of them.
    speaker_needs = models.JSONField(default=default_needs, blank=True)
    # Slugs of the tags whose share on a panel organisers wish to be told; none: no hint.
    balance_tags = models.JSONField(default=list, blank=True)
    # Raised by a move, re-zone, cancellation or a new programme: planned mail of an older
    # revision can not be claimed (docs/adr/0002).
    plan_revision = models.PositiveIntegerField(default=1, editable=False)
    announced_at = models.DateTimeField(null=True, blank=True, editable=False)
    search_key = models.CharField(max_length=1000, blank=True, editable=False)
    sort_key = models.CharField(max_length=300, blank=True, editable=False)

    objects = ConferenceQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "slug"], name="conference_slug_once_an_organisation"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="conference_ends_after_its_start"
            ),
            models.CheckConstraint(
                condition=Q(doors_at__isnull=True) | Q(doors_at__lte=F("starts_at")),
                name="conference_doors_before_its_start",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ConferenceKind.values), name="conference_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(mode__in=ConferenceMode.values), name="conference_mode_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ConferenceState.values), name="conference_state_known"
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values), name="conference_visibility_known"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "created_at", "id"])]

    def __str__(self) -> str:
        return self.slug

    @property
    def first_language(self) -> str:
        return self.languages[0] if self.languages else "en"


class ConferenceVenue(StampedModel):
    """A venue of a conference; the first in order is the main one."""

    field_privacy = NO_PEOPLE

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="conference_venues"
    )
    venue = models.ForeignKey(
        "events.Venue", on_delete=models.PROTECT, related_name="conference_venues"
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "venue"], name="venue_once_a_conference")
        ]

    def __str__(self) -> str:
        return f"{self.conference_id} {self.venue_id}"


class ConferenceSlugHistory(StampedModel):
    """A slug that a conference once had: it redirects for ever."""

    field_privacy = NO_PEOPLE

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="slug_history"
    )
    slug = models.SlugField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "slug"], name="old_slug_once_a_conference"
            )
        ]

    def __str__(self) -> str:
        return self.slug

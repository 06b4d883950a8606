"""The page after the event."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.codes import registration_code
from core.enums import AnsweredVia
from core.fields import TranslatedField
from core.models import StampedModel, StoredFile, VersionedModel
from core.privacy import marks
from events.enums import JobState, OutcomeItemKind, PhotoConsent, QuoteState


class Outcome(VersionedModel):
    """Findings, points made, related conferences. Public from `published_at` on."""

    field_privacy = marks(
        public=("conference headline summary outlook record_note published_at first_published_at"),
        personal="press_name press_email press_phone",
    )

    conference = models.OneToOneField(
        "events.Conference", on_delete=models.CASCADE, related_name="outcome"
    )
    headline = TranslatedField()
    summary = TranslatedField(blank=True)
    outlook = TranslatedField(blank=True)
    # What may be quoted, and how: for the press.
    record_note = TranslatedField(blank=True)
    press_name = models.CharField(max_length=200, blank=True)
    press_email = models.EmailField(blank=True)
    press_phone = models.CharField(max_length=40, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    # It stays when the outcome is taken offline: who was told then is not told again.
    first_published_at = models.DateTimeField(null=True, blank=True, editable=False)
    related = models.ManyToManyField("events.Conference", blank=True, related_name="+")

    def __str__(self) -> str:
        return str(self.conference_id)


class OutcomeItem(StampedModel):
    """A finding of the research, or a point that somebody made."""

    field_privacy = marks(public="outcome kind topic text order session", personal="person")

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=10, choices=OutcomeItemKind.choices)
    topic = TranslatedField(blank=True)
    text = TranslatedField()
    person = models.ForeignKey(
        "events.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Where it was said: what is not for attribution there names nobody.
    session = models.ForeignKey(
        "events.Session", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OutcomeItemKind.values), name="outcome_item_kind_known"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Quote(VersionedModel):
    """What somebody said, word by word. It is shown when they have approved these very words."""

    field_privacy = marks(
        public=(
            "outcome session code text by_name order state asked_at answered_at answered_via "
            "link_generation"
        ),
        personal="person answered_name comment proposal",
    )

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="quotes")
    code = models.CharField(max_length=10, default=registration_code, unique=True)
    person = models.ForeignKey("events.Person", on_delete=models.PROTECT, related_name="quotes")
    session = models.ForeignKey(
        "events.Session", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = TranslatedField()
    # Whether it is shown under their name: where the Chatham House Rule holds only if they say so.
    by_name = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=QuoteState.choices, default=QuoteState.DRAFT)
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_via = models.CharField(max_length=10, choices=AnsweredVia.choices, blank=True)
    answered_name = models.CharField(max_length=200, blank=True)
    # The words that they would have in place of these; an organiser takes them over.
    proposal = TranslatedField(blank=True)
    # What they say with it, or why they do not wish it shown.
    comment = models.TextField(blank=True, max_length=2000)
    link_generation = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=QuoteState.values), name="quote_state_known"
            ),
            models.CheckConstraint(
                condition=Q(answered_via__in=["", *AnsweredVia.values]),
                name="quote_answered_via_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[QuoteState.PROPOSED, QuoteState.APPROVED, QuoteState.REFUSED]
                )
                & Q(answered_at__isnull=False)
                | Q(state__in=[QuoteState.DRAFT, QuoteState.ASKED], answered_at__isnull=True),
                name="quote_answer_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class OutcomePhoto(VersionedModel):
    """A picture of the day. It is shown only with consent and with words for who can not see it."""

    field_privacy = marks(
        public=(
            "outcome file small width height code caption alt credit consent consent_note shown "
            "order"
        )
    )

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="photos")
    code = models.CharField(max_length=10, default=registration_code, unique=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    # The same picture for phones; null where the first one is small enough.
    small = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    width = models.PositiveSmallIntegerField(default=0)
    height = models.PositiveSmallIntegerField(default=0)
    caption = TranslatedField(blank=True)
    alt = TranslatedField(blank=True)
    credit = models.CharField(max_length=200, blank=True)
    consent = models.CharField(
        max_length=10, choices=PhotoConsent.choices, default=PhotoConsent.UNKNOWN
    )
    # From whom and how: "notice at the door", "asked all three, in person".
    consent_note = models.CharField(max_length=500, blank=True)
    shown = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(consent__in=PhotoConsent.values), name="outcome_photo_consent_known"
            ),
            models.CheckConstraint(
                condition=Q(shown=False)
                | Q(consent__in=[PhotoConsent.GIVEN, PhotoConsent.NOBODY]) & ~Q(alt={}),
                name="outcome_photo_shown_with_consent_and_words",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class DonorPack(StampedModel):
    """What a funder wants to see of one conference, as one ZIP: asked for, made by a worker, kept
    for a week.
    """

    field_privacy = marks(
        public="conference code state missing actor_id claimed_at error", personal="file"
    )

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="donor_packs"
    )
    code = models.CharField(max_length=10, default=registration_code, unique=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # What is not in it, a sentence each.
    missing = models.JSONField(default=list, blank=True)
    actor_id = models.CharField(max_length=64, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=JobState.values), name="donor_pack_state_known"
            )
        ]

    def __str__(self) -> str:
        return self.code

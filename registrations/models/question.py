"""The form that guests fill in: sections, questions, their options, and texts of consent."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core.fields import TranslatedField
from core.models import StampedModel, VersionedModel
from core.privacy import NO_PEOPLE
from registrations.enums import QuestionKind, Sensitivity


class QuestionSection(VersionedModel):
    """A heading of the form, with the questions below it."""

    field_privacy = NO_PEOPLE

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="question_sections"
    )
    slug = models.SlugField(max_length=60)
    title = TranslatedField()
    description = TranslatedField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "slug"], name="question_section_slug_once_a_conference"
            )
        ]

    def __str__(self) -> str:
        return self.slug


class Question(VersionedModel):
    """One question of a conference's form, for some of its registration types or for all.

    A consent is a question too: what is agreed to is a ConsentText, of which each change of words
    is a new version.
    """

    field_privacy = NO_PEOPLE

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="questions"
    )
    section = models.ForeignKey(
        QuestionSection,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="questions",
    )
    slug = models.SlugField(max_length=60)
    kind = models.CharField(max_length=14, choices=QuestionKind.choices)
    label = TranslatedField()
    help_text = TranslatedField(blank=True)
    required = models.BooleanField(default=False)
    # Answers of these are kept apart and erased after the conference.
    sensitivity = models.CharField(max_length=10, choices=Sensitivity.choices, blank=True)
    # Numbers: the smallest and largest; texts: the fewest and most characters.
    lowest = models.IntegerField(null=True, blank=True)
    highest = models.IntegerField(null=True, blank=True)
    # Asked only when that question has one of these answers: slugs of options, "yes" or "no".
    shown_if = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups"
    )
    shown_if_answers = models.JSONField(default=list, blank=True)
    # Not asked any more; its answers stay.
    active = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)
    # None means all types.
    registration_types = models.ManyToManyField(
        "registrations.RegistrationType", blank=True, related_name="questions"
    )

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "slug"], name="question_slug_once_a_conference"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=QuestionKind.values), name="question_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(sensitivity__in=["", *Sensitivity.values]),
                name="question_sensitivity_known",
            ),
            models.CheckConstraint(
                condition=Q(sensitivity="")
                | ~Q(kind__in=[QuestionKind.CONSENT, QuestionKind.FILE]),
                name="question_sensitive_is_words",
            ),
            models.CheckConstraint(
                condition=Q(lowest__isnull=True)
                | Q(highest__isnull=True)
                | Q(highest__gte=F("lowest")),
                name="question_range_in_order",
            ),
            models.CheckConstraint(
                condition=Q(shown_if__isnull=True) | ~Q(shown_if=F("id")),
                name="question_not_shown_by_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class QuestionOption(StampedModel):
    """One answer to choose; it may have places of its own."""

    field_privacy = NO_PEOPLE

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="options")
    slug = models.SlugField(max_length=60)
    label = TranslatedField()
    allotment = models.ForeignKey(
        "registrations.Allotment",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="options",
    )
    # Not offered any more; answers stay.
    active = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["question", "slug"], name="option_slug_once_a_question")
        ]

    def __str__(self) -> str:
        return self.slug


class ConsentText(StampedModel):
    """What somebody agrees to, word by word; never changed once anybody has."""

    field_privacy = NO_PEOPLE

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="consent_texts")
    number = models.PositiveIntegerField()
    text = TranslatedField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "number"], name="consent_text_number_once_a_question"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="consent_text_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.number}"

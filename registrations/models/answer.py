"""What guests answered: one row an answer, one row an option where several are chosen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.models import StampedModel
from core.privacy import marks


class Answer(StampedModel):
    """An answer that is not sensitive: an option, a text, or a file.

    Numbers are decimal text, dates ISO 8601, yes and no are "yes" and "no", countries ISO 3166-1
    alpha-2.
    """

    field_privacy = marks(public="registration question option", personal="text file")

    registration = models.ForeignKey(
        "registrations.Registration",
        on_delete=models.CASCADE,
        related_name="answers",
        db_index=False,
    )
    question = models.ForeignKey(
        "registrations.Question", on_delete=models.PROTECT, related_name="answers"
    )
    option = models.ForeignKey(
        "registrations.QuestionOption",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="answers",
    )
    text = models.TextField(blank=True)
    file = models.ForeignKey(
        "core.StoredFile", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "question", "option"], name="answer_option_once"
            ),
            models.UniqueConstraint(
                fields=["registration", "question"],
                condition=Q(option__isnull=True),
                name="answer_once_a_question",
            ),
            models.CheckConstraint(
                condition=Q(option__isnull=True) | Q(text="", file__isnull=True),
                name="answer_is_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.question_id}"


class SensitiveAnswer(StampedModel):
    """An answer about health or belief (food, access). Erased after the conference."""

    field_privacy = marks(public="registration question", sensitive="option text")

    registration = models.ForeignKey(
        "registrations.Registration",
        on_delete=models.CASCADE,
        related_name="sensitive_answers",
        db_index=False,
    )
    question = models.ForeignKey(
        "registrations.Question", on_delete=models.PROTECT, related_name="sensitive_answers"
    )
    option = models.ForeignKey(
        "registrations.QuestionOption",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sensitive_answers",
    )
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "question", "option"], name="sensitive_answer_option_once"
            ),
            models.UniqueConstraint(
                fields=["registration", "question"],
                condition=Q(option__isnull=True),
                name="sensitive_answer_once_a_question",
            ),
            models.CheckConstraint(
                condition=Q(option__isnull=True) | Q(text=""), name="sensitive_answer_is_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.question_id}"


class ConsentGiven(StampedModel):
    """Who agreed to which version of a text, and when; taking it back keeps the row."""

    field_privacy = marks(public="registration consent_text given_at withdrawn_at")

    registration = models.ForeignKey(
        "registrations.Registration",
        on_delete=models.CASCADE,
        related_name="consents",
        db_index=False,
    )
    consent_text = models.ForeignKey(
        "registrations.ConsentText", on_delete=models.PROTECT, related_name="given"
    )
    given_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "consent_text"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_given_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.consent_text_id}"

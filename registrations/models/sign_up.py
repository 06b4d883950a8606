"""Sessions that take sign-ups of their own, and who has signed up."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core.fields import LocalDateTimeField
from core.models import StampedModel, VersionedModel
from core.privacy import NO_PEOPLE


class SignUpSession(VersionedModel):
    """A session with places of its own, for registrations of some types or of all."""

    field_privacy = NO_PEOPLE

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="sign_up_sessions"
    )
    session = models.OneToOneField(
        "events.Session", on_delete=models.PROTECT, related_name="sign_up"
    )
    allotment = models.ForeignKey(
        "registrations.Allotment", on_delete=models.PROTECT, related_name="sign_up_sessions"
    )
    opens_local = LocalDateTimeField(null=True, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True, editable=False)
    closes_local = LocalDateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True, editable=False)
    # None means all types.
    registration_types = models.ManyToManyField(
        "registrations.RegistrationType", blank=True, related_name="sign_up_sessions"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(closes_at__gt=F("opens_at")),
                name="sign_up_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}"


class SignUp(StampedModel):
    """One registration's place at one session."""

    field_privacy = NO_PEOPLE

    registration = models.ForeignKey(
        "registrations.Registration",
        on_delete=models.CASCADE,
        related_name="sign_ups",
        db_index=False,
    )
    sign_up_session = models.ForeignKey(
        SignUpSession, on_delete=models.PROTECT, related_name="sign_ups"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "sign_up_session"], name="signed_up_once_a_session"
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.sign_up_session_id}"

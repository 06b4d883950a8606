"""A person on a session in a role."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.codes import registration_code
from core.enums import AnsweredVia
from core.fields import LocalDateTimeField
from core.models import StampedModel
from core.privacy import marks
from events.enums import (
    NeedKind,
    NeedState,
    ParticipationRole,
    ParticipationState,
    RecordingConsent,
)


class Participation(StampedModel):
    """Person by session by role, with order and minutes, and who they were on that day.

    Its changes raise the session's version: the session is the root that people edit.
    """

    field_privacy = marks(
        public=(
            "session person role order minutes state code shown_unconfirmed asked_at "
            "last_asked_at reply_until_local reply_until_at seen_at answered_at answered_via "
            "replaces"
        ),
        personal=(
            "honorific affiliation position asked_words answered_by decline_reason "
            "recording_consent travel_needs technical_needs"
        ),
    )

    session = models.ForeignKey(
        "events.Session", on_delete=models.CASCADE, related_name="participations"
    )
    person = models.ForeignKey(
        "events.Person", on_delete=models.PROTECT, related_name="participations"
    )
    code = models.CharField(max_length=10, unique=True, default=registration_code)
    role = models.CharField(max_length=16, choices=ParticipationRole.choices)
    order = models.PositiveSmallIntegerField(default=0)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(
        max_length=10, choices=ParticipationState.choices, default=ParticipationState.PLANNED
    )
    honorific = models.CharField(max_length=60, blank=True)
    affiliation = models.CharField(max_length=200, blank=True)
    position = models.CharField(max_length=200, blank=True)
    # Readers see who has confirmed; with this they see this one before, too. It acts at once.
    shown_unconfirmed = models.BooleanField(default=False)
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What the organiser wrote to this person by hand when asking.
    asked_words = models.TextField(blank=True)
    reply_until_local = LocalDateTimeField(null=True, blank=True)
    reply_until_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Told by the page's own script after two visible seconds, never by a GET.
    seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_via = models.CharField(max_length=10, choices=AnsweredVia.choices, blank=True)
    # Who gave the answer, when it was not the person: an assistant, or a member on the phone.
    answered_by = models.CharField(max_length=200, blank=True)
    decline_reason = models.CharField(max_length=500, blank=True)
    # Whom this one came for.
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replacement"
    )
    recording_consent = models.CharField(max_length=8, choices=RecordingConsent.choices, blank=True)
    travel_needs = models.TextField(blank=True)
    technical_needs = models.TextField(blank=True)
    link_generation = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person", "role"], name="person_once_a_session_and_role"
            ),
            models.CheckConstraint(
                condition=Q(role__in=ParticipationRole.values), name="participation_role_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ParticipationState.values), name="participation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(answered_via__in=["", *AnsweredVia.values]),
                name="participation_way_known",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_via="", answered_by="")
                | Q(answered_at__isnull=False) & ~Q(answered_via=""),
                name="participation_answer_says_when_and_how",
            ),
            models.CheckConstraint(
                condition=Q(recording_consent__in=RecordingConsent.values),
                name="participation_consent_known",
            ),
        ]
        indexes = [models.Index(fields=["session", "order", "id"])]

    def __str__(self) -> str:
        return self.code


class Candidate(StampedModel):
    """Somebody who was considered for a role on a session: the shortlist, in order."""

    field_privacy = marks(public="session role order", personal="person note")

    session = models.ForeignKey(
        "events.Session", on_delete=models.CASCADE, related_name="candidates"
    )
    person = models.ForeignKey(
        "events.Person", on_delete=models.CASCADE, related_name="candidacies"
    )
    role = models.CharField(max_length=16, choices=ParticipationRole.choices)
    order = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person", "role"], name="candidate_once_a_session_and_role"
            ),
            models.CheckConstraint(
                condition=Q(role__in=ParticipationRole.values), name="candidate_role_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SpeakerNeed(StampedModel):
    """One thing that is needed from who speaks on a session, and how far it has come."""

    field_privacy = marks(public="participation kind state settled_at", personal="note")

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="needs")
    kind = models.CharField(max_length=10, choices=NeedKind.choices)
    state = models.CharField(max_length=6, choices=NeedState.choices, default=NeedState.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "kind"], name="need_once_a_participation"
            ),
            models.CheckConstraint(condition=Q(kind__in=NeedKind.values), name="need_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=NeedState.values), name="need_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=NeedState.OPEN, settled_at__isnull=True)
                | ~Q(state=NeedState.OPEN) & Q(settled_at__isnull=False),
                name="need_settled_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation_id} {self.kind}"

"""Who is invited by name, what they answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.codes import registration_code
from core.enums import AnsweredVia
from core.fields import LocalDateTimeField
from core.models import IdentifiedModel
from core.privacy import MarkedModel, marks
from registrations.enums import InvitationResponse
from registrations.querysets.invitation import InvitationQuerySet


class Invitation(IdentifiedModel):
    """The right of a named person to come to a conference; one live a pair.

    It becomes at most one registration, and one more for a companion where the person may bring
    one. It never meets "sold out": it takes a place that is held for it, or comes on top.
    """

    field_privacy = marks(
        public=(
            "conference code registration_type wave plus_one owner reply_until_local "
            "reply_until_at save_the_date_at sent_at last_sent_at seen_at response answered_at "
            "answered_via by_delegate wants_findings registration companion over_capacity "
            "withdrawn_at"
        ),
        personal="person answered_by decline_reason note sort_key search_key",
    )

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="invitations", db_index=False
    )
    person = models.ForeignKey(
        "events.Person", on_delete=models.PROTECT, related_name="invitations"
    )
    code = models.CharField(max_length=10, default=registration_code, unique=True)
    registration_type = models.ForeignKey(
        "registrations.RegistrationType", on_delete=models.PROTECT, related_name="invitations"
    )
    # Which group it goes out with: the second one is for places that the first gave back.
    wave = models.PositiveSmallIntegerField(default=1)
    plus_one = models.BooleanField(default=False)
    # The member who looks after this guest, and is named on the call list.
    owner = models.ForeignKey(
        "accounts.Account", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(max_length=500, blank=True)
    # Until when an answer is asked for and a place is kept; null: the conference's own deadline.
    reply_until_local = LocalDateTimeField(null=True, blank=True)
    reply_until_at = models.DateTimeField(null=True, blank=True, editable=False)
    save_the_date_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Told by the page's own script after two visible seconds, never by a GET.
    seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    response = models.CharField(max_length=10, choices=InvitationResponse.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_via = models.CharField(max_length=10, choices=AnsweredVia.choices, blank=True)
    # Who gave the answer, when it was not the person: an assistant, or a member on the phone.
    answered_by = models.CharField(max_length=200, blank=True)
    by_delegate = models.BooleanField(default=False)
    decline_reason = models.CharField(max_length=500, blank=True)
    wants_findings = models.BooleanField(default=False)
    registration = models.OneToOneField(
        "registrations.Registration",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="invitation",
    )
    companion = models.OneToOneField(
        "registrations.Registration",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="companion_of",
    )
    # A yes for which no place was left: it came on top of the capacity.
    over_capacity = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    link_generation = models.PositiveIntegerField(default=1, editable=False)
    # Copies of the person's own, written by services: lists search and sort by these.
    search_key = models.CharField(max_length=1000, blank=True, editable=False)
    sort_key = models.CharField(max_length=300, blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "person"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_live_invitation_a_person",
            ),
            models.CheckConstraint(
                condition=Q(response__in=["", *InvitationResponse.values]),
                name="invitation_response_known",
            ),
            models.CheckConstraint(
                condition=Q(answered_via__in=["", *AnsweredVia.values]),
                name="invitation_way_known",
            ),
            models.CheckConstraint(
                condition=Q(response="", answered_at__isnull=True, answered_via="")
                | ~Q(response="") & Q(answered_at__isnull=False) & ~Q(answered_via=""),
                name="invitation_answer_says_when_and_how",
            ),
            models.CheckConstraint(
                condition=Q(by_delegate=False) | Q(response=InvitationResponse.ACCEPTED),
                name="invitation_delegate_comes",
            ),
            models.CheckConstraint(
                condition=Q(companion__isnull=True) | Q(plus_one=True),
                name="invitation_companion_is_a_right",
            ),
            models.CheckConstraint(condition=Q(wave__gte=1), name="invitation_wave_from_one"),
        ]
        indexes = [
            models.Index(fields=["conference", "created_at", "id"]),
            models.Index(fields=["conference", "sort_key", "id"]),
            models.Index(fields=["conference", "response", "id"]),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_live(self) -> bool:
        return self.withdrawn_at is None


class InvitationEvent(MarkedModel):
    """One line of an invitation's history: what happened, who did it and how."""

    field_privacy = marks(
        public="invitation at verb response via actor_kind actor_id", personal="by detail"
    )

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now, editable=False)
    # The service's own verb: add, send, send_save_the_date, see, answer, withdraw, release_hold…
    verb = models.CharField(max_length=40)
    response = models.CharField(max_length=10, blank=True)
    via = models.CharField(max_length=10, blank=True)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=64, blank=True)
    by = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(via__in=["", *AnsweredVia.values]), name="invitation_event_way_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.verb}"

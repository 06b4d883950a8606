"""Bookings and the registrations in them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.codes import registration_code
from core.models import IdentifiedModel, StampedModel
from core.privacy import NO_PEOPLE, marks
from registrations.enums import LIVE, RegistrationSource, RegistrationStatus
from registrations.querysets.registration import RegistrationQuerySet


class Booking(StampedModel):
    """Registrations made together: one contact for all of them."""

    field_privacy = marks(
        public="conference language code", personal="contact_name contact_email contact_email_key"
    )

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.PROTECT, related_name="bookings"
    )
    code = models.CharField(max_length=10, default=registration_code)
    contact_name = models.CharField(max_length=250, blank=True)
    contact_email = models.EmailField()
    contact_email_key = models.CharField(max_length=254)
    language = models.CharField(max_length=12, default="en")

    class Meta:
        # Not the fields' own, here and below: those bring PostgreSQL second ones, for prefixes.
        constraints = [models.UniqueConstraint(fields=["code"], name="booking_code_once")]
        indexes = [models.Index(fields=["contact_email_key"], name="booking_contact")]

    def __str__(self) -> str:
        return self.code


class Registration(IdentifiedModel):
    """One attendee's place, with its own copy of who they are."""

    field_privacy = marks(
        public=(
            "conference booking registration_type code status status_at source language sequence "
            "confirmed_at confirmed_day checked_in_at cancelled_at link_sent_at access_code "
            "waiting_since offer_expires_at asked_again_at still_coming_at lead"
        ),
        personal=(
            "person honorific given_name family_name email email_key affiliation position phone "
            "search_key sort_key cancel_reason decision_reason"
        ),
    )

    # The composite indexes below begin with it.
    conference = models.ForeignKey(
        "events.Conference",
        on_delete=models.PROTECT,
        related_name="registrations",
        db_index=False,
    )
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="registrations")
    registration_type = models.ForeignKey(
        "registrations.RegistrationType",
        on_delete=models.PROTECT,
        related_name="registrations",
        db_index=False,
    )
    # With whom somebody comes, in the same booking: that one's letters speak for a companion who
    # has no address of their own.
    lead = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="companions",
        db_index=False,
        editable=False,
    )
    # Set by invitation, participation or the organiser, never by an equal address.
    person = models.ForeignKey(
        "events.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="registrations",
        db_index=False,
    )
    code = models.CharField(max_length=10, default=registration_code)
    status = models.CharField(max_length=16, choices=RegistrationStatus.choices)
    status_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # For which day the guest said yes: another than the conference's own asks for a new yes.
    confirmed_day = models.DateField(null=True, blank=True, editable=False)
    # A fact beside the status.
    checked_in_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The order of the waiting list; a place there is lost with the status, not with time.
    waiting_since = models.DateTimeField(null=True, blank=True, editable=False)
    # Until when an offered place is kept for an answer.
    offer_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    # "Still coming?": when it was last asked, and last answered with yes.
    asked_again_at = models.DateTimeField(null=True, blank=True, editable=False)
    still_coming_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What the guest is told about being approved or turned down.
    decision_reason = models.CharField(max_length=500, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=500, blank=True)
    source = models.CharField(
        max_length=14, choices=RegistrationSource.choices, default=RegistrationSource.FORM
    )
    access_code = models.ForeignKey(
        "registrations.AccessCode",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="registrations",
        db_index=False,
    )
    # Who comes for a place of a group may be named later: then both names are empty.
    honorific = models.CharField(max_length=60, blank=True)
    given_name = models.CharField(max_length=120, blank=True)
    family_name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    email_key = models.CharField(max_length=254, null=True, blank=True)
    affiliation = models.CharField(max_length=200, blank=True)
    position = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=12, default="en")
    # The calendar entry's SEQUENCE for this recipient.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    link_generation = models.PositiveIntegerField(default=1, editable=False)
    # When the personal link was last mailed because somebody asked for it.
    link_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    search_key = models.CharField(max_length=1000, blank=True, editable=False)
    sort_key = models.CharField(max_length=300, blank=True, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="registration_code_once"),
            models.UniqueConstraint(
                fields=["conference", "email_key"],
                condition=Q(status__in=LIVE) & Q(email_key__isnull=False),
                name="one_live_registration_an_address",
            ),
            models.CheckConstraint(
                condition=Q(status__in=RegistrationStatus.values), name="registration_status_known"
            ),
            models.CheckConstraint(
                condition=Q(source__in=RegistrationSource.values), name="registration_source_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=RegistrationStatus.WAITING_LIST)
                | Q(waiting_since__isnull=False),
                name="waiting_since_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status=RegistrationStatus.OFFERED) | Q(offer_expires_at__isnull=False),
                name="offer_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["conference", "created_at", "id"]),
            models.Index(fields=["conference", "status", "created_at"]),
            models.Index(fields=["registration_type", "status", "waiting_since", "id"]),
            models.Index(
                fields=["offer_expires_at"],
                condition=Q(status=RegistrationStatus.OFFERED),
                name="open_offers",
            ),
            # Few come with somebody, by a code or known; the others' rows cost nothing here.
            models.Index(
                fields=["lead", "id"], condition=Q(lead__isnull=False), name="companions_of_a_lead"
            ),
            models.Index(
                fields=["person"],
                condition=Q(person__isnull=False),
                name="registrations_of_a_person",
            ),
            models.Index(
                fields=["access_code"],
                condition=Q(access_code__isnull=False),
                name="registrations_of_a_code",
            ),
            models.Index(fields=["conference", "email_key"]),
            models.Index(fields=["conference", "sort_key", "id"]),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def is_spoken_for(self) -> bool:
        """Tell whether the letters of who brings them along say all there is to say."""
        lead = self.lead if self.lead_id is not None and not self.email else None
        return lead is not None and lead.status == self.status


class RegistrationPlace(StampedModel):
    """What a registration took from an allotment, so that the same is given back."""

    field_privacy = NO_PEOPLE

    # The unique index below begins with it.
    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="places", db_index=False
    )
    allotment = models.ForeignKey(
        "registrations.Allotment", on_delete=models.PROTECT, related_name="places"
    )
    count = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "allotment"], name="place_once_a_registration"
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="place_counts_one_or_more"),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.allotment_id}"

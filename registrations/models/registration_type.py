"""Kinds of place."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core.fields import LocalDateTimeField, TranslatedField
from core.models import VersionedModel
from core.privacy import NO_PEOPLE
from registrations.enums import RegistrationKind


class RegistrationType(VersionedModel):
    """Guest, press, student…: with a window, approval or not, and allotments that it draws from."""

    field_privacy = NO_PEOPLE

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="registration_types"
    )
    slug = models.SlugField(max_length=60)
    name = TranslatedField()
    description = TranslatedField(blank=True)
    kind = models.CharField(
        max_length=12, choices=RegistrationKind.choices, default=RegistrationKind.GUEST
    )
    approval = models.BooleanField(default=False)
    waiting_list = models.BooleanField(default=True)
    # Not public: only organisers give such places (speakers, staff).
    public = models.BooleanField(default=True)
    opens_local = LocalDateTimeField(null=True, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True, editable=False)
    closes_local = LocalDateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True, editable=False)
    # How many places one booking takes at the most: 1 is only oneself.
    party_max = models.PositiveSmallIntegerField(default=1)
    # Whether a free place is offered to the next on the waiting list by itself, and for how long.
    automatic_offers = models.BooleanField(default=True)
    offer_hours = models.PositiveSmallIntegerField(default=48)
    # Whether guests may send somebody else in their place by themselves.
    substitutes = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)
    allotments = models.ManyToManyField(
        "registrations.Allotment", blank=True, related_name="registration_types"
    )

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "slug"], name="type_slug_once_a_conference"
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(closes_at__gt=F("opens_at")),
                name="type_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RegistrationKind.values), name="type_kind_known"
            ),
            models.CheckConstraint(condition=Q(party_max__gte=1), name="type_party_from_one"),
            models.CheckConstraint(condition=Q(offer_hours__gte=1), name="type_offer_from_an_hour"),
        ]

    def __str__(self) -> str:
        return self.slug

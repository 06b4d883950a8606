"""Codes that open a registration type to whoever has them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core.fields import LocalDateTimeField
from core.models import VersionedModel
from core.privacy import NO_PEOPLE
from registrations.querysets.access_code import AccessCodeQuerySet


class AccessCode(VersionedModel):
    """A bearer string for some registration types, also such as are not public: n uses.

    `used` is written only by one conditional UPDATE, and the CHECK is the last word. Places that it
    holds are rows of HeldPlace.
    """

    field_privacy = NO_PEOPLE

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="access_codes"
    )
    # As it was given; `code_key` is what is compared: NFC, trimmed, upper case.
    code = models.CharField(max_length=40)
    code_key = models.CharField(max_length=40, editable=False)
    name = models.CharField(max_length=200, blank=True)
    # Without a number it can be used without end.
    max_uses = models.PositiveIntegerField(null=True, blank=True)
    used = models.IntegerField(default=0, editable=False)
    holds_places = models.BooleanField(default=False)
    # Who comes with it is confirmed although the type asks for approval.
    approves = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    expires_local = LocalDateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    registration_types = models.ManyToManyField(
        "registrations.RegistrationType", related_name="access_codes"
    )

    objects = AccessCodeQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "code_key"], name="access_code_once_a_conference"
            ),
            models.CheckConstraint(condition=Q(used__gte=0), name="access_code_used_not_negative"),
            models.CheckConstraint(
                condition=Q(max_uses__isnull=True) | Q(max_uses__gte=F("used")),
                name="access_code_never_overused",
            ),
            models.CheckConstraint(
                condition=Q(holds_places=False) | Q(max_uses__isnull=False),
                name="access_code_holds_a_number",
            ),
        ]
        indexes = [models.Index(fields=["conference", "created_at", "id"])]

    def __str__(self) -> str:
        return self.code

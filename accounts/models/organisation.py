"""The owner of conferences, and who belongs to it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.enums import Role
from accounts.permissions import Permission, permissions_of
from core.codes import new_code
from core.fields import TranslatedField
from core.models import IdentifiedModel, StampedModel, StoredFile
from core.privacy import NO_PEOPLE, marks


class Organisation(IdentifiedModel):
    """A host: a think tank, a university, an association."""

    field_privacy = NO_PEOPLE

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60, blank=True)
    about = TranslatedField(blank=True)
    city = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, blank=True)
    time_zone = models.CharField(max_length=60, default="Europe/Belgrade")
    languages = models.JSONField(default=list)
    website = models.URLField(blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    imprint = TranslatedField(blank=True)
    logo = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.SET_NULL)
    # The house's own colour as #RRGGBB; pages nudge it until it can be read. Empty: ours.
    accent = models.CharField(max_length=7, blank=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class OrganisationSlugHistory(StampedModel):
    """A slug that an organisation once had: it redirects for ever."""

    field_privacy = NO_PEOPLE

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="slug_history"
    )
    slug = models.SlugField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.slug


class Membership(StampedModel):
    """An account in an organisation, with one role."""

    field_privacy = marks(public="organisation account code role")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="memberships"
    )
    code = models.CharField(max_length=6, default=new_code)
    role = models.CharField(max_length=12, choices=Role.choices)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code"], name="member_code_once_an_organisation"
            ),
            models.UniqueConstraint(
                fields=["organisation", "account"], name="one_membership_an_account"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role}"

    @property
    def permissions(self) -> frozenset[Permission]:
        """What this member may do in the organisation."""
        return permissions_of(self.role)

    def may(self, permission: Permission) -> bool:
        """Tell whether the role grants `permission`."""
        return permission in self.permissions

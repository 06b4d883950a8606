"""Human beings that an organisation knows, across its conferences. They need no login."""

from __future__ import annotations

from django.db import models

from core.codes import new_code
from core.fields import TranslatedField
from core.models import IdentifiedModel, StampedModel, StoredFile
from core.privacy import NO_PEOPLE, marks


class Tag(StampedModel):
    """A word by which an organisation sorts its people: a sector, VIP, press."""

    field_privacy = NO_PEOPLE

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="tags"
    )
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "slug"], name="tag_slug_once_an_organisation"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Person(IdentifiedModel):
    """A contact that the organisation keeps. E-mail is neither required nor unique."""

    field_privacy = marks(
        public="organisation code language no_photo",
        personal=(
            "honorific given_name family_name names_by_script email phone affiliation position bio "
            "photo photo_alt salutation source basis notes search_key sort_key pronunciation"
        ),
    )

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="people"
    )
    code = models.CharField(max_length=6, default=new_code)
    honorific = models.CharField(max_length=60, blank=True)
    given_name = models.CharField(max_length=120)
    family_name = models.CharField(max_length=120, blank=True)
    # By script, such as Cyrl: an object of given_name and family_name.
    names_by_script = models.JSONField(default=dict, blank=True)
    pronunciation = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    affiliation = models.CharField(max_length=200, blank=True)
    position = models.CharField(max_length=200, blank=True)
    bio = TranslatedField(blank=True)
    photo = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    photo_alt = TranslatedField(blank=True)
    # Wishes that nobody takes or shows a picture of them.
    no_photo = models.BooleanField(default=False)
    language = models.CharField(max_length=12, blank=True)
    # Typed by a person, never generated: {"en": "Your Excellency"}
    salutation = TranslatedField(blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="people")
    source = models.CharField(max_length=200, blank=True)
    basis = models.CharField(max_length=200, blank=True)
    notes = models.TextField(blank=True)
    link_generation = models.PositiveIntegerField(default=1, editable=False)
    search_key = models.CharField(max_length=1000, blank=True, editable=False)
    sort_key = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        ordering = ["sort_key", "id"]
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code"], name="person_code_once_an_organisation"
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "sort_key", "id"]),
            models.Index(fields=["organisation", "created_at", "id"]),
        ]

    def __str__(self) -> str:
        return self.code


class Assistant(StampedModel):
    """Who answers and gets the mail for a person."""

    field_privacy = marks(public="person copy_to_principal", personal="name email phone")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assistants")
    name = models.CharField(max_length=200)
    email = models.EmailField()
    phone = models.CharField(max_length=40, blank=True)
    copy_to_principal = models.BooleanField(default=False)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)


class DoubleDismissal(StampedModel):
    """Two people who look alike and are two: they are not suggested as one again.

    Arguments:
        first_uid, second_uid: of the people, the smaller one first.
    """

    field_privacy = NO_PEOPLE

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="double_dismissals"
    )
    first_uid = models.UUIDField()
    second_uid = models.UUIDField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "first_uid", "second_uid"], name="double_dismissed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_uid} {self.second_uid}"

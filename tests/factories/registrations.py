"""Types with places of their own, and registrations that have taken theirs; no surprises.

A type is an open one for guests with 10 places (`capacity=`); a registration is confirmed; an
invitation is unanswered, was not sent and keeps no place (`held=1`).
"""

from __future__ import annotations

import datetime as dt

import factory
from django.db.models import F
from django.utils import timezone
from factory.django import DjangoModelFactory

from core.text import email_key, full_name
from registrations.enums import TAKING_A_PLACE, RegistrationStatus
from registrations.models import (
    AccessCode,
    Allotment,
    Booking,
    HeldPlace,
    Invitation,
    Question,
    QuestionOption,
    QuestionSection,
    Registration,
    RegistrationPlace,
    RegistrationType,
)
from registrations.services.inviting import set_invitation_keys
from registrations.services.registration_rows import set_keys
from tests.factories.events import ConferenceFactory, PersonFactory


class AllotmentFactory(DjangoModelFactory):
    class Meta:
        model = Allotment

    conference = factory.SubFactory(ConferenceFactory)
    name = "guests"
    capacity = 10


class RegistrationTypeFactory(DjangoModelFactory):
    class Meta:
        model = RegistrationType
        skip_postgeneration_save = True

    conference = factory.SubFactory(ConferenceFactory)
    slug = factory.Sequence(lambda n: f"guest-{n}")
    name = factory.LazyAttribute(lambda row: {"en": row.slug.replace("-", " ").capitalize()})

    @factory.post_generation
    def capacity(self, create, extracted, **kwargs):
        """Give the type an allotment of its own; `capacity=None` is one without a limit."""
        places = 10 if "capacity" not in kwargs and extracted is None else extracted
        self.allotments.add(
            AllotmentFactory(conference=self.conference, name=self.slug, capacity=places)
        )


class BookingFactory(DjangoModelFactory):
    class Meta:
        model = Booking

    conference = factory.SubFactory(ConferenceFactory)
    contact_email = factory.Sequence(lambda n: f"guest{n}@example.org")
    contact_email_key = factory.LazyAttribute(lambda row: email_key(row.contact_email))


class RegistrationFactory(DjangoModelFactory):
    class Meta:
        model = Registration
        skip_postgeneration_save = True

    registration_type = factory.SubFactory(RegistrationTypeFactory)
    conference = factory.SelfAttribute("registration_type.conference")
    status = RegistrationStatus.CONFIRMED
    confirmed_day = factory.LazyAttribute(
        lambda row: (
            row.conference.start_local.date()
            if row.status == RegistrationStatus.CONFIRMED
            else None
        )
    )
    waiting_since = factory.LazyAttribute(
        lambda row: timezone.now() if row.status == RegistrationStatus.WAITING_LIST else None
    )
    offer_expires_at = factory.LazyAttribute(
        lambda row: (
            timezone.now() + dt.timedelta(days=2)
            if row.status == RegistrationStatus.OFFERED
            else None
        )
    )
    given_name = "Ana"
    family_name = factory.Sequence(lambda n: f"Petrović {n}")
    email = factory.Sequence(lambda n: f"guest{n}@example.org")
    email_key = factory.LazyAttribute(lambda row: email_key(row.email) if row.email else None)
    booking = factory.SubFactory(
        BookingFactory,
        conference=factory.SelfAttribute("..conference"),
        contact_name=factory.LazyAttribute(
            lambda row: full_name(row.factory_parent.given_name, row.factory_parent.family_name)
        ),
        contact_email=factory.SelfAttribute("..email"),
    )

    @factory.post_generation
    def keys(self, create, extracted, **kwargs):
        set_keys(self)
        self.save(update_fields=["search_key", "sort_key"])

    @factory.post_generation
    def places(self, create, extracted, **kwargs):
        """Take the places that its status takes."""
        if self.status in TAKING_A_PLACE:
            for allotment in self.registration_type.allotments.all():
                Allotment.objects.filter(pk=allotment.pk).update(taken=F("taken") + 1)
                RegistrationPlace.objects.create(registration=self, allotment=allotment)


class QuestionFactory(DjangoModelFactory):
    """A question of one line for all types; `options=` are the slugs of a choice."""

    class Meta:
        model = Question
        skip_postgeneration_save = True

    conference = factory.SubFactory(ConferenceFactory)
    slug = factory.Sequence(lambda n: f"question-{n}")
    kind = "text"
    label = factory.LazyAttribute(lambda row: {"en": row.slug.replace("-", " ").capitalize()})

    @factory.post_generation
    def options(self, create, extracted, **kwargs):
        for order, slug in enumerate(extracted or ()):
            QuestionOption.objects.create(
                question=self, slug=slug, label={"en": slug.capitalize()}, order=order
            )


class QuestionSectionFactory(DjangoModelFactory):
    class Meta:
        model = QuestionSection

    conference = factory.SubFactory(ConferenceFactory)
    slug = factory.Sequence(lambda n: f"section-{n}")
    title = factory.LazyAttribute(lambda row: {"en": row.slug.replace("-", " ").capitalize()})


class AccessCodeFactory(DjangoModelFactory):
    """A code of which everything but its types is said; it can be used once."""

    class Meta:
        model = AccessCode

    conference = factory.SubFactory(ConferenceFactory)
    code = factory.Sequence(lambda n: f"FRIENDS-{n}")
    code_key = factory.SelfAttribute("code")
    max_uses = 1


class InvitationFactory(DjangoModelFactory):
    class Meta:
        model = Invitation
        skip_postgeneration_save = True

    registration_type = factory.SubFactory(RegistrationTypeFactory)
    conference = factory.SelfAttribute("registration_type.conference")
    person = factory.SubFactory(
        PersonFactory, organisation=factory.SelfAttribute("..conference.organisation")
    )

    @factory.post_generation
    def keys(self, create, extracted, **kwargs):
        set_invitation_keys(self)
        self.save(update_fields=["search_key", "sort_key"])

    @factory.post_generation
    def held(self, create, extracted, **kwargs):
        """Keep so many places of each allotment of its type."""
        if extracted:
            for allotment in self.registration_type.allotments.all():
                Allotment.objects.filter(pk=allotment.pk).update(held=F("held") + extracted)
                HeldPlace.objects.create(invitation=self, allotment=allotment, count=extracted)

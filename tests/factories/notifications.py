"""Rules and rows of the outbox with readable defaults; no surprises.

A rule reminds attendees one day before the start. A message is a confirmation that is due now, with
a registration of its own; it is claimed, rendered and sent like any other.
"""

from __future__ import annotations

import datetime as dt
from copy import copy
from uuid import uuid4

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from core.clock import resolve_local, to_local
from notifications.enums import Anchor, Audience, MessageKind
from notifications.models import (
    Announcement,
    MailTemplate,
    Message,
    Notice,
    ReminderRule,
    message_uid,
)
from notifications.services.kinds import kind_of
from registrations.models import Invitation, Registration
from tests.factories.accounts import OrganisationFactory
from tests.factories.events import ConferenceFactory, PersonFactory
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

ZONE = "Europe/Belgrade"


def conference_in(days=9, hours=0, minutes=0, **fields):
    """Return a published conference of three hours that begins so long from now."""
    fields.setdefault("time_zone", ZONE)
    away = dt.timedelta(days=days, hours=hours, minutes=minutes)
    start = to_local(timezone.now() + away, fields["time_zone"]).replace(second=0, microsecond=0)
    return ConferenceFactory(start_local=start, end_local=start + dt.timedelta(hours=3), **fields)


def guests_of(conference, number=1, **fields):
    """Return confirmed registrations of a conference, all of one type with room enough."""
    kind = conference.registration_types.first() or RegistrationTypeFactory(
        conference=conference, capacity=100_000
    )
    fields.setdefault("confirmed_at", timezone.now())
    return RegistrationFactory.create_batch(number, registration_type=kind, **fields)


def many_guests(conference, number):
    """Return how many confirmed registrations were made, all at once."""
    first = guests_of(conference)[0]
    made = []
    for n in range(1, number):
        row = copy(first)
        row.pk, row.uid, row.code = None, uuid4(), f"G{n:08d}{conference.pk % 10}"
        row.email = row.email_key = f"many{n}.{conference.pk}@example.org"
        made.append(row)
    Registration.objects.bulk_create(made, batch_size=500)
    return number


def start_of(conference):
    """Return the instant at which a conference begins."""
    return resolve_local(conference.start_local, conference.time_zone)


class ReminderRuleFactory(DjangoModelFactory):
    class Meta:
        model = ReminderRule

    conference = factory.LazyFunction(conference_in)
    name = "The day before"
    audience = Audience.ATTENDEES
    anchor = Anchor.CONFERENCE_START
    offset = "-P1D"
    template = "reminder"


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    class Params:
        code = factory.Sequence(lambda n: f"occasion-{n}")

    kind = MessageKind.CONFIRMATION
    key = factory.LazyAttribute(lambda row: f"{row.kind}:{row.code}")
    uid = factory.LazyAttribute(lambda row: message_uid(row.key))
    template = factory.LazyAttribute(lambda row: kind_of(row.kind).template)
    requested = factory.LazyAttribute(lambda row: kind_of(row.kind).requested)
    registration = factory.LazyFunction(lambda: guests_of(conference_in())[0])
    conference = factory.LazyAttribute(lambda row: row.registration.conference)
    to_email = factory.LazyAttribute(lambda row: row.registration.email)
    to_name = factory.LazyAttribute(
        lambda row: f"{row.registration.given_name} {row.registration.family_name}"
    )
    due_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(seconds=1))
    not_after = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=3))


class NoticeFactory(DjangoModelFactory):
    class Meta:
        model = Notice

    conference = factory.LazyFunction(conference_in)
    kind = MessageKind.CHANGED_TIME
    revision = factory.SelfAttribute("conference.plan_revision")


class AnnouncementFactory(DjangoModelFactory):
    """A draft in English to all who are confirmed."""

    class Meta:
        model = Announcement

    conference = factory.LazyFunction(conference_in)
    subject = {"en": "A word on the programme"}
    body = {"en": "{greeting}\n\nThe programme of {title} has changed."}
    audience = {"registrations": ["confirmed"]}


class MailTemplateFactory(DjangoModelFactory):
    class Meta:
        model = MailTemplate

    organisation = factory.LazyAttribute(
        lambda row: row.conference.organisation if row.conference else OrganisationFactory()
    )
    conference = factory.LazyFunction(conference_in)
    slug = "reminder"
    language = "en"
    subject = "Ours: {title}"
    preheader = "{when}"
    title = "Ours"
    facts = ["when"]
    reason = "You get this mail because you are registered for {title}."
    body = "{greeting}\n\nOur own words about **{title}**."


class SentInvitationFactory(DjangoModelFactory):
    """An invitation that went out and has no answer."""

    class Meta:
        model = Invitation
        skip_postgeneration_save = True

    registration_type = factory.SubFactory(RegistrationTypeFactory)
    conference = factory.SelfAttribute("registration_type.conference")
    person = factory.LazyAttribute(
        lambda row: PersonFactory(organisation=row.conference.organisation)
    )
    sent_at = factory.LazyFunction(timezone.now)
    last_sent_at = factory.SelfAttribute("sent_at")

    @factory.post_generation
    def instants(self, create, extracted, **kwargs):
        if self.reply_until_local is not None:
            zone = self.conference.time_zone
            self.reply_until_at = resolve_local(self.reply_until_local, zone)
            self.save(update_fields=["reply_until_at"])

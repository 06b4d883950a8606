"""The programme with readable defaults; no surprises.

A conference is published and takes place on 18 March 2027, 10:00 to 13:30 in Belgrade; a session is
a panel without a slot; a participation is confirmed.
"""

from __future__ import annotations

import datetime as dt

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from core.clock import resolve_local
from core.models import StoredFile
from core.text import search_key
from events.enums import (
    ConferenceKind,
    ConferenceState,
    MaterialKind,
    OutcomeItemKind,
    ParticipationRole,
    ParticipationState,
    PartnerKind,
    QuoteState,
    SessionKind,
)
from events.models import (
    Conference,
    ConferenceVenue,
    Material,
    Outcome,
    OutcomeItem,
    OutcomePhoto,
    Participation,
    Partner,
    Person,
    Quote,
    Room,
    Series,
    Session,
    Tag,
    Track,
    Venue,
)
from tests.factories.accounts import OrganisationFactory


def _instant(local_name):
    def resolve(row):
        local = getattr(row, local_name, None)
        zone = getattr(row, "time_zone", None) or row.conference.time_zone
        return resolve_local(local, zone) if local else None

    return factory.LazyAttribute(resolve)


class SeriesFactory(DjangoModelFactory):
    class Meta:
        model = Series

    organisation = factory.SubFactory(OrganisationFactory)
    slug = factory.Sequence(lambda n: f"series-{n}")
    title = factory.LazyAttribute(lambda row: {"en": row.slug.replace("-", " ").capitalize()})


class ConferenceFactory(DjangoModelFactory):
    class Meta:
        model = Conference

    organisation = factory.SubFactory(OrganisationFactory)
    slug = factory.Sequence(lambda n: f"forum-{n}")
    kind = ConferenceKind.CONFERENCE
    title = factory.LazyAttribute(lambda row: {"en": row.slug.replace("-", " ").capitalize()})
    start_local = dt.datetime.fromisoformat("2027-03-18T10:00")
    end_local = dt.datetime.fromisoformat("2027-03-18T13:30")
    time_zone = "Europe/Belgrade"
    starts_at = _instant("start_local")
    ends_at = _instant("end_local")
    doors_at = _instant("doors_local")
    languages = factory.LazyFunction(lambda: ["en", "sr-Latn"])
    state = ConferenceState.PUBLISHED
    announced_at = dt.datetime(2026, 11, 1, 9, 0, tzinfo=dt.UTC)
    search_key = factory.LazyAttribute(lambda row: search_key(*row.title.values(), row.slug))
    sort_key = factory.LazyAttribute(lambda row: search_key(*row.title.values()))


class VenueFactory(DjangoModelFactory):
    class Meta:
        model = Venue

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: {"en": f"House {n}"})
    street = "Knez Mihailova 1"
    city = "Belgrade"
    country = "RS"


class ConferenceVenueFactory(DjangoModelFactory):
    class Meta:
        model = ConferenceVenue

    conference = factory.SubFactory(ConferenceFactory)
    venue = factory.SubFactory(
        VenueFactory, organisation=factory.SelfAttribute("..conference.organisation")
    )


class RoomFactory(DjangoModelFactory):
    class Meta:
        model = Room

    venue = factory.SubFactory(VenueFactory)
    name = factory.Sequence(lambda n: {"en": f"Room {n}"})


class TrackFactory(DjangoModelFactory):
    class Meta:
        model = Track

    conference = factory.SubFactory(ConferenceFactory)
    slug = factory.Sequence(lambda n: f"track-{n}")
    name = factory.LazyAttribute(lambda row: {"en": row.slug.replace("-", " ").capitalize()})


class SessionFactory(DjangoModelFactory):
    class Meta:
        model = Session

    conference = factory.SubFactory(ConferenceFactory)
    kind = SessionKind.PANEL
    title = factory.Sequence(lambda n: {"en": f"Panel {n}"})
    starts_at = _instant("start_local")
    ends_at = _instant("end_local")
    search_key = factory.LazyAttribute(lambda row: search_key(*row.title.values()))
    sort_key = factory.LazyAttribute(lambda row: search_key(*row.title.values()))


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    organisation = factory.SubFactory(OrganisationFactory)
    given_name = "Ana"
    family_name = factory.Sequence(lambda n: f"Petrović {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    affiliation = "Institute for Testing"
    position = "Researcher"
    search_key = factory.LazyAttribute(lambda row: search_key(row.given_name, row.family_name))
    sort_key = factory.LazyAttribute(lambda row: search_key(row.family_name, row.given_name))


class TagFactory(DjangoModelFactory):
    class Meta:
        model = Tag

    organisation = factory.SubFactory(OrganisationFactory)
    slug = factory.Sequence(lambda n: f"tag-{n}")
    name = factory.LazyAttribute(lambda row: row.slug.replace("-", " ").capitalize())


class ParticipationFactory(DjangoModelFactory):
    class Meta:
        model = Participation

    session = factory.SubFactory(SessionFactory)
    person = factory.SubFactory(
        PersonFactory, organisation=factory.SelfAttribute("..session.conference.organisation")
    )
    role = ParticipationRole.PANELLIST
    state = ParticipationState.CONFIRMED
    affiliation = factory.LazyAttribute(lambda row: row.person.affiliation)
    position = factory.LazyAttribute(lambda row: row.person.position)


class PartnerFactory(DjangoModelFactory):
    class Meta:
        model = Partner

    conference = factory.SubFactory(ConferenceFactory)
    kind = PartnerKind.SUPPORTER
    name = factory.Sequence(lambda n: {"en": f"Partner {n}"})


class MaterialFactory(DjangoModelFactory):
    class Meta:
        model = Material

    conference = factory.SubFactory(ConferenceFactory)
    kind = MaterialKind.LINK
    title = factory.Sequence(lambda n: {"en": f"Material {n}"})
    url = "https://example.org/paper"


class OutcomeFactory(DjangoModelFactory):
    class Meta:
        model = Outcome

    conference = factory.SubFactory(ConferenceFactory)
    headline = factory.LazyFunction(lambda: {"en": "What we heard"})


class OutcomeItemFactory(DjangoModelFactory):
    class Meta:
        model = OutcomeItem

    outcome = factory.SubFactory(OutcomeFactory)
    kind = OutcomeItemKind.FINDING
    text = factory.LazyFunction(lambda: {"en": "A finding."})


class OutcomePhotoFactory(DjangoModelFactory):
    class Meta:
        model = OutcomePhoto

    class Params:
        public = factory.Trait(
            shown=True, consent="given", alt=factory.LazyFunction(lambda: {"en": "Three people."})
        )

    outcome = factory.SubFactory(OutcomeFactory)
    file = factory.LazyAttribute(
        lambda row: StoredFile.objects.create(
            organisation_id_value=row.outcome.conference.organisation_id,
            file="aa/picture",
            content_type="image/jpeg",
            size=1,
            digest="0" * 64,
            visibility="public",
        )
    )
    width = 1600
    height = 1200


class QuoteFactory(DjangoModelFactory):
    class Meta:
        model = Quote

    class Params:
        asked = factory.Trait(state=QuoteState.ASKED, asked_at=factory.LazyFunction(timezone.now))

    outcome = factory.SubFactory(OutcomeFactory)
    person = factory.SubFactory(
        PersonFactory, organisation=factory.SelfAttribute("..outcome.conference.organisation")
    )
    text = factory.LazyFunction(lambda: {"en": "A border is drawn every morning."})

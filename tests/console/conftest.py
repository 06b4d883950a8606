"""A conference on 18 March 2027 with guests, a panel and mail."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from core.actors import SYSTEM
from events.services.schedules import publish_schedule
from tests.factories.events import (
    ConferenceFactory,
    ConferenceVenueFactory,
    ParticipationFactory,
    PersonFactory,
    SessionFactory,
    VenueFactory,
)
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

NOON_THE_DAY_BEFORE = "2027-03-17T11:00"
START = dt.datetime(2027, 3, 18, 9, tzinfo=dt.UTC)


def conference_with_panel(organisation, **fields):
    """Return a conference, its panel, a moderator and a panellist, all of them ready."""
    conference = ConferenceFactory(organisation=organisation, **fields)
    panel = SessionFactory(
        conference=conference,
        title={"en": "Who drinks first"},
        start_local=conference.start_local,
        end_local=conference.start_local + dt.timedelta(hours=1),
    )

    def person(given, family):
        return PersonFactory(
            organisation=organisation,
            given_name=given,
            family_name=family,
            phone="+381 11 22",
        )

    moderator = ParticipationFactory(
        session=panel, person=person("Mila", "Đorđević"), role="moderator"
    )
    panellist = ParticipationFactory(session=panel, person=person("Petar", "Ilić"), order=1)
    return SimpleNamespace(
        conference=conference, panel=panel, moderator=moderator, panellist=panellist
    )


@pytest.fixture
def forum(organisation, frozen):
    """Return a published conference two weeks ahead, with nothing to be done."""
    frozen("2027-03-04T12:00")
    made = conference_with_panel(organisation, slug="open-forum", title={"en": "Open Forum"})
    venue = VenueFactory(organisation=organisation, name={"en": "River House"})
    ConferenceVenueFactory(conference=made.conference, venue=venue)
    made.guest_type = RegistrationTypeFactory(
        conference=made.conference, slug="guest", capacity=120
    )
    made.version = publish_schedule(conference=made.conference, name="First", actor=SYSTEM)
    made.conference.refresh_from_db()
    return made


@pytest.fixture
def guests(forum):
    """Return a function: so many registrations of a status."""

    def make(number, status="confirmed", **fields):
        if status == "confirmed":
            fields.setdefault("confirmed_at", dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC))
        return RegistrationFactory.create_batch(
            number, registration_type=forum.guest_type, status=status, **fields
        )

    return make

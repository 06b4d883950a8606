"""A conference as guests meet it: a panel, a keynote, a break, a place, partners, an outcome."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.cache import cache

from core.actors import SYSTEM
from events.services.schedules import publish_schedule
from tests.factories.events import (
    ConferenceFactory,
    ConferenceVenueFactory,
    ParticipationFactory,
    PartnerFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    VenueFactory,
)


def at(clock, day=18):
    return dt.datetime.fromisoformat(f"2027-03-{day}T{clock}")


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def stage(organisation):
    """Return a published conference and its parts by name."""
    conference = ConferenceFactory(
        organisation=organisation,
        slug="open-forum",
        title={"en": "Open Forum", "sr-Latn": "Otvoreni forum"},
        subtitle={"en": "Two hours on rivers"},
        description={"en": "Who owns the water, *really*."},
        doors_local=at("09:30"),
        contact_email="forum@example.org",
    )
    venue = VenueFactory(
        organisation=organisation,
        name={"en": "River House"},
        street="Gospodar Jevremova 47",
        postal_code="11000",
        entrance={"en": "Entrance from the yard."},
        latitude="44.821",
        longitude="20.461",
    )
    ConferenceVenueFactory(conference=conference, venue=venue)
    room = RoomFactory(venue=venue, name={"en": "Great hall"})
    keynote = SessionFactory(
        conference=conference,
        code="KEYN22",
        kind="keynote",
        title={"en": "The long river"},
        start_local=at("10:00"),
        end_local=at("10:30"),
        room=room,
    )
    pause = SessionFactory(
        conference=conference,
        code="COFFEE",
        kind="break",
        title={"en": "Coffee"},
        start_local=at("10:30"),
        end_local=at("11:00"),
    )
    panel = SessionFactory(
        conference=conference,
        code="PANEL2",
        title={"en": "Who drinks first", "sr-Latn": "Ko prvi pije"},
        abstract={"en": "Four views."},
        start_local=at("11:00"),
        end_local=at("12:30"),
        room=room,
    )
    people = {
        name: PersonFactory(
            organisation=organisation, given_name=name, family_name=family, code=code
        )
        for name, family, code in [
            ("Mila", "Đorđević", "MILA22"),
            ("Petar", "Ilić", "PETAR2"),
            ("Vera", "Cvijić", "VERA22"),
        ]
    }
    moderator = ParticipationFactory(
        session=panel, person=people["Mila"], role="moderator", order=1, honorific="Prof. Dr."
    )
    panellist = ParticipationFactory(session=panel, person=people["Petar"], order=0)
    speaker = ParticipationFactory(session=keynote, person=people["Vera"], role="keynote")
    PartnerFactory(conference=conference, kind="co_organiser", name={"en": "Faculty of Water"})
    version = publish_schedule(conference=conference, name="First", actor=SYSTEM)
    conference.refresh_from_db()
    return SimpleNamespace(
        conference=conference,
        venue=venue,
        room=room,
        keynote=keynote,
        pause=pause,
        panel=panel,
        people=people,
        moderator=moderator,
        panellist=panellist,
        speaker=speaker,
        version=version,
    )

"""A published conference with a type for guests, and what happened to its registrations."""

from __future__ import annotations

import pytest
from django.db import connection

from core.actors import ANONYMOUS
from registrations.models import Registration
from registrations.services.registering import register
from registrations.signals import registration_changed
from tests.factories.events import ConferenceFactory
from tests.factories.registrations import RegistrationTypeFactory

NOW = "2027-03-01T10:00"


@pytest.fixture(autouse=True)
def clock(frozen):
    """It is the first of March 2027; conferences of the factories are on the eighteenth."""
    return frozen(NOW)


@pytest.fixture
def conference(organisation):
    return ConferenceFactory(organisation=organisation, slug="forum", title={"en": "Open forum"})


@pytest.fixture
def guest_type(conference):
    return RegistrationTypeFactory(conference=conference, slug="guest", capacity=10)


@pytest.fixture
def told():
    """The verbs, numbers of registrations and `by_guest` of what those above were told."""
    heard = []

    def hear(sender, event, **kwargs):
        heard.append((event.verb, len(event.registration_ids), event.by_guest))

    registration_changed.connect(hear, sender=Registration)
    yield heard
    registration_changed.disconnect(hear, sender=Registration)


@pytest.fixture
def unheard(monkeypatch):
    """Nobody above listens, so that a count of statements is that of registrations alone."""
    monkeypatch.setattr(registration_changed, "receivers", [])
    registration_changed.sender_receivers_cache.clear()
    yield
    registration_changed.sender_receivers_cache.clear()


@pytest.fixture
def round_trips(django_assert_num_queries):
    """Return a block that counts statements; PostgreSQL gets some of them together."""

    def expect(number, *, together):
        return django_assert_num_queries(
            number - together if connection.vendor == "postgresql" else number
        )

    return expect


@pytest.fixture
def guest(conference):
    """Return a function: register somebody through the public form."""

    def make(email="ana@example.org", type_slug="guest", source="form", **details):
        return register(
            conference=conference,
            **{
                "type_slug": type_slug,
                "given_name": "Ana",
                "family_name": "Petrović",
                "email": email,
                "language": "en",
                "source": source,
                "actor": ANONYMOUS,
                **details,
            },
        )

    return make

"""A conference and the address of its part of the API."""

from __future__ import annotations

import pytest

from tests.factories.events import ConferenceFactory, ConferenceVenueFactory, RoomFactory


@pytest.fixture
def conference(organisation):
    return ConferenceFactory(organisation=organisation, slug="open-forum", title={"en": "Forum"})


@pytest.fixture
def base():
    return "/api/v1/organisations/institute/conferences/open-forum"


@pytest.fixture
def room(conference):
    link = ConferenceVenueFactory(conference=conference)
    return RoomFactory(venue=link.venue, name={"en": "Red room"})


@pytest.fixture
def audit_rows(db):
    """Return a function: how many audit entries there are."""
    from core.models import AuditEntry

    return AuditEntry.objects.count

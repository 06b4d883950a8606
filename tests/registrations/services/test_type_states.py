"""What the public form says of a type."""

from __future__ import annotations

import datetime as dt

import pytest

from registrations.services.type_states import public_offers
from tests.factories.registrations import (
    AllotmentFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db


def states(conference):
    return {o.type.slug: (o.state.value, o.places_left) for o in public_offers(conference)}


def at(hour):
    return dt.datetime(2027, 3, 1, hour, tzinfo=dt.UTC)


def test_each_state_has_its_reason(conference):
    make = RegistrationTypeFactory
    make(conference=conference, slug="open", capacity=3)
    make(conference=conference, slug="later", opens_at=at(11))
    make(conference=conference, slug="closed", closes_at=at(10))
    make(conference=conference, slug="full", capacity=0, waiting_list=False)
    make(conference=conference, slug="queue", capacity=0)
    make(conference=conference, slug="staff", public=False)
    endless = make(conference=conference, slug="endless")
    endless.allotments.update(capacity=None)
    waited_for = make(conference=conference, slug="waited-for", capacity=5)
    RegistrationFactory(registration_type=waited_for, status="waiting_list")

    assert states(conference) == {
        "open": ("open", 3),
        "later": ("not_open", 10),
        "closed": ("closed", 10),
        "full": ("sold_out", 0),
        "queue": ("waiting_list", 0),
        "endless": ("open", None),
        "waited-for": ("waiting_list", 5),
    }


def test_the_scarcest_allotment_counts(conference):
    kind = RegistrationTypeFactory(conference=conference, slug="dinner", capacity=9)
    kind.allotments.add(AllotmentFactory(conference=conference, capacity=4, taken=1, held=1))

    assert states(conference) == {"dinner": ("open", 2)}


@pytest.mark.parametrize("state", ["draft", "postponed", "cancelled", "archived"])
def test_all_is_closed_unless_the_conference_is_published(conference, guest_type, state):
    conference.state = state

    assert states(conference) == {"guest": ("closed", 10)}


def test_all_is_closed_when_the_conference_is_over(conference, guest_type, clock):
    clock.move_to(conference.ends_at)

    assert states(conference) == {"guest": ("closed", 10)}


@pytest.mark.parametrize("count", [1, 3])
def test_offers_are_two_queries(conference, count, django_assert_num_queries):
    for _ in range(count):
        RegistrationTypeFactory(conference=conference)

    with django_assert_num_queries(2):
        assert len(public_offers(conference)) == count

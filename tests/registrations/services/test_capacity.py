"""Places: taken by one conditional UPDATE, given back as they were taken."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from core.actors import SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from core.services import audit
from registrations.models import Allotment, HeldPlace, HoldBack, RegistrationPlace
from registrations.services.capacity import (
    give_back_places,
    held_for,
    set_capacity,
    take_places,
)
from tests.factories.registrations import (
    AccessCodeFactory,
    AllotmentFactory,
    RegistrationFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def registration():
    """A registration that has taken nothing."""
    return RegistrationFactory(status="pending_approval")


def taken(*allotments):
    return [Allotment.objects.get(pk=a.pk).taken for a in allotments]


def wants(registration, *allotments):
    return {registration.pk: [a.pk for a in allotments]}


def test_places_are_taken_up_to_the_capacity_less_what_is_held(registration):
    hall = AllotmentFactory(capacity=5, held=2, taken=2)

    assert take_places(wanted=wants(registration, hall)) is None
    late = RegistrationFactory(status="pending_approval")
    assert take_places(wanted=wants(late, hall)) == hall.pk
    assert taken(hall) == [3]
    assert [p.registration for p in RegistrationPlace.objects.all()] == [registration]


def test_an_allotment_without_limit_counts_all_the_same(registration):
    hall = AllotmentFactory(capacity=None)

    assert take_places(wanted=wants(registration, hall)) is None
    assert taken(hall) == [1]


def test_all_places_or_none_are_taken(registration):
    hall, dinner, tour = AllotmentFactory(), AllotmentFactory(capacity=0), AllotmentFactory()

    assert take_places(wanted=wants(registration, tour, dinner, hall)) == dinner.pk
    assert taken(hall, dinner, tour) == [0, 0, 0]
    assert not RegistrationPlace.objects.exists()


def test_a_group_gets_all_its_places_or_none(registration):
    other = RegistrationFactory(status="pending_approval")
    hall, dinner = AllotmentFactory(capacity=2), AllotmentFactory(capacity=1)
    both = wants(registration, hall) | wants(other, hall)

    assert take_places(wanted=both | wants(other, hall, dinner)) is None
    assert taken(hall, dinner) == [2, 1]
    third, fourth = (RegistrationFactory(status="pending_approval") for _ in range(2))
    assert give_back_places(registration=other) == 2
    assert take_places(wanted=wants(third, hall) | wants(fourth, hall)) == hall.pk
    assert taken(hall, dinner) == [1, 0]


@pytest.mark.parametrize("kind", ["access code", "hold-back"])
def test_what_is_kept_for_the_taker_is_used_first(registration, kind):
    hall = AllotmentFactory(capacity=2, held=2)
    if kind == "access code":
        holder = AccessCodeFactory(conference=hall.conference, max_uses=2, holds_places=True)
        HeldPlace.objects.create(access_code=holder, allotment=hall, count=2)
    else:
        holder = HoldBack.objects.create(
            conference=hall.conference, allotment=hall, name="The ministry"
        )
        HeldPlace.objects.create(hold_back=holder, allotment=hall, count=2)

    assert take_places(wanted=wants(registration, hall)) == hall.pk
    assert take_places(wanted=wants(registration, hall), holder=holder) is None
    hall.refresh_from_db()
    assert (hall.taken, hall.held, held_for(holder).get().count) == (1, 1, 1)
    other = RegistrationFactory(status="pending_approval")
    assert take_places(wanted=wants(other, hall), holder=holder) is None
    hall.refresh_from_db()
    assert (hall.taken, hall.held, held_for(holder).count()) == (2, 0, 0)


def test_what_was_taken_is_given_back_once(registration):
    hall, dinner = AllotmentFactory(), AllotmentFactory()
    take_places(wanted=wants(registration, dinner, hall))

    assert give_back_places(registration=registration) == 2
    assert give_back_places(registration=registration) == 0
    assert taken(hall, dinner) == [0, 0]


def test_taking_one_place_is_two_statements(registration, round_trips):
    hall = AllotmentFactory()

    with round_trips(2, together=1):
        take_places(wanted=wants(registration, hall))


@pytest.mark.parametrize("left", [0, 1])
def test_what_is_to_be_written_along_is_written_once(registration, left):
    hall, garden = AllotmentFactory(capacity=1), AllotmentFactory(capacity=left)
    entry = audit.entry(verb="x", obj=registration, organisation_id=None, actor=SYSTEM)

    lacking = take_places(wanted=wants(registration, hall, garden), along=[entry])

    assert lacking == (None if left else garden.pk)
    assert AuditEntry.objects.filter(verb="x").count() == 1
    assert RegistrationPlace.objects.filter(allotment__in=[hall, garden]).count() == 2 * left


def test_what_is_to_be_written_along_is_written_where_nothing_is_taken(registration):
    entry = audit.entry(verb="x", obj=registration, organisation_id=None, actor=SYSTEM)
    assert take_places(wanted={registration.pk: []}, along=[entry]) is None
    assert AuditEntry.objects.filter(verb="x").count() == 1


def test_the_capacity_goes_up_and_down_to_what_is_taken():
    hall = AllotmentFactory(capacity=5, taken=3, held=1)

    assert set_capacity(allotment=hall, capacity=4, actor=SYSTEM).capacity == 4
    assert set_capacity(allotment=hall, capacity=None, actor=SYSTEM).capacity is None
    assert set_capacity(allotment=hall, capacity=400, actor=SYSTEM).capacity == 400
    assert [e.facts for e in AuditEntry.objects.order_by("pk")] == [
        {"capacity": 4},
        {"capacity": None},
        {"capacity": 400},
    ]


@pytest.mark.parametrize(("held", "sentence"), [(0, "3 places are taken, so"), (1, "and 1 kept")])
def test_the_capacity_is_never_lowered_below_what_is_taken(held, sentence):
    hall = AllotmentFactory(capacity=5, taken=3, held=held)

    with pytest.raises(DomainError) as caught:
        set_capacity(allotment=hall, capacity=2, actor=SYSTEM)

    assert caught.value.kind == "capacity-below-taken"
    assert [e.pointer for e in caught.value.errors] == ["/capacity"]
    assert sentence in caught.value.detail
    hall.refresh_from_db()
    assert (hall.capacity, AuditEntry.objects.count()) == (5, 0)


@pytest.mark.parametrize(
    "values",
    [
        {"taken": 6},
        {"held": 6},
        {"taken": 3, "held": 3},
        {"taken": -1},
        {"held": -1},
        {"taken": 1, "capacity": 0},
    ],
)
def test_the_database_itself_refuses_to_oversell(values):
    hall = AllotmentFactory(capacity=5)

    with pytest.raises(IntegrityError), transaction.atomic():
        Allotment.objects.filter(pk=hall.pk).update(**values)

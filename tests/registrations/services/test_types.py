"""Kinds of place, each with places of its own."""

from __future__ import annotations

import datetime as dt

import pytest

from core.actors import SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from events.services.conferences import change_conference
from registrations.models import Allotment, RegistrationType
from registrations.services.types import (
    change_registration_type,
    create_registration_type,
    delete_registration_type,
    own_allotment,
    window_local,
)
from tests.factories.registrations import (
    AllotmentFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db


def create(conference, slug="guest", name=None, **fields):
    return create_registration_type(
        conference=conference, slug=slug, name=name or {"en": "Guest"}, actor=SYSTEM, **fields
    )


def change(row, expected=None, **changes):
    return change_registration_type(
        registration_type=row, changes=changes, expected=expected, actor=SYSTEM
    )


def refusal(call, *arguments, **fields):
    with pytest.raises(DomainError) as caught:
        call(*arguments, **fields)
    return caught.value


def test_a_type_comes_with_places_of_its_own(conference):
    row = create(conference, capacity=120, opens_local="2027-02-01T09:00", approval=True)

    row.refresh_from_db()
    assert (row.slug, row.kind, row.public, row.waiting_list) == ("guest", "guest", True, True)
    assert row.opens_at == dt.datetime(2027, 2, 1, 8, tzinfo=dt.UTC)
    assert [(a.name, a.capacity, a.taken) for a in row.allotments.all()] == [("guest", 120, 0)]
    assert AuditEntry.objects.get().verb == "create_registration_type"


@pytest.mark.parametrize(
    ("kind", "public"), [("press", True), ("speaker", False), ("staff", False)]
)
def test_speakers_and_staff_are_not_offered_to_guests(conference, kind, public):
    assert create(conference, kind=kind).public is public
    assert create(conference, slug="asked", kind=kind, public=True).public is True


def test_types_stand_in_the_order_in_which_they_were_made(conference):
    assert [create(conference, slug=s).order for s in ("aa", "bb", "cc")] == [0, 1, 2]


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"slug": "Not a slug"}, {"/slug": "slug"}),
        ({"name": {"sr-Latn": "Gost"}}, {"/name": "required"}),
        ({"capacity": -1}, {"/capacity": "range"}),
        ({"capacity": True}, {"/capacity": "range"}),
        ({"capacity": "10"}, {"/capacity": "range"}),
        ({"capacity": 1_000_001}, {"/capacity": "range"}),
        ({"kind": "ticket"}, {"/kind": "choice"}),
        ({"approval": "yes"}, {"/approval": "invalid"}),
        ({"opens_local": "soon"}, {"/opens_local": "invalid"}),
        (
            {"opens_local": "2027-02-01T09:00", "closes_local": "2027-02-01T09:00"},
            {"/closes_at": "order"},
        ),
        ({"colour": "red"}, {"/colour": "unknown"}),
    ],
)
def test_wrong_values_are_named(conference, fields, errors):
    error = refusal(create, conference, **fields)

    assert {e.pointer: e.code for e in error.errors} == errors
    assert (RegistrationType.objects.count(), Allotment.objects.count()) == (0, 0)


def test_a_slug_stands_once_in_a_conference(conference):
    create(conference)
    create(RegistrationTypeFactory().conference)

    error = refusal(create, conference)
    assert (error.kind, [e.pointer for e in error.errors]) == ("conflict", ["/slug"])
    other = create(conference, slug="other")
    assert refusal(change, other, slug="guest").kind == "conflict"


def test_a_type_changes_with_its_places(conference):
    row = create(conference, capacity=5)

    row = change(row, expected=1, name={"en": "Listeners"}, slug="listener", capacity=7)

    row.refresh_from_db()
    assert (row.name, row.slug, row.version) == ({"en": "Listeners"}, "listener", 2)
    assert [(a.name, a.capacity) for a in row.allotments.all()] == [("listener", 7)]


def test_nothing_new_changes_nothing(conference):
    row = create(conference, capacity=5)
    assert change(row, capacity=5, slug="guest").version == 1


@pytest.mark.parametrize("capacity", [0, 1])
def test_the_capacity_is_not_lowered_below_what_is_taken(conference, capacity):
    row = create(conference, capacity=3)
    for _ in range(2):
        RegistrationFactory(registration_type=row)

    error = refusal(change, row, capacity=capacity, name={"en": "Other"})

    assert error.kind == "capacity-below-taken"
    row.refresh_from_db()
    assert (row.name, row.version, own_allotment(row).capacity) == ({"en": "Guest"}, 1, 3)
    assert change(row, capacity=2).version == 2


def test_a_stale_version_is_refused(conference):
    row = create(conference)

    assert refusal(change, row, expected=2, capacity=1).kind == "stale"
    assert (
        refusal(delete_registration_type, registration_type=row, expected=2, actor=SYSTEM).kind
        == "stale"
    )


def test_what_was_never_used_is_deleted_with_its_places(conference):
    row = create(conference)

    delete_registration_type(registration_type=row, expected=1, actor=SYSTEM)
    assert (RegistrationType.objects.count(), Allotment.objects.count()) == (0, 0)


def test_places_that_others_draw_from_stay(conference):
    row, other = create(conference), create(conference, slug="other")
    other.allotments.add(own_allotment(row))

    delete_registration_type(registration_type=row, expected=None, actor=SYSTEM)
    assert sorted(a.name for a in other.allotments.all()) == ["guest", "other"]


@pytest.mark.parametrize("status", ["confirmed", "cancelled"])
def test_what_was_used_is_not_deleted(conference, status):
    row = create(conference)
    RegistrationFactory(registration_type=row, status=status)

    error = refusal(delete_registration_type, registration_type=row, expected=1, actor=SYSTEM)
    assert error.kind == "in-use"
    assert RegistrationType.objects.count() == 1


def test_the_own_places_are_those_that_came_with_the_type(conference):
    older = AllotmentFactory(conference=conference, name="older")
    row = create(conference)
    row.allotments.add(older)

    assert own_allotment(row).name == "guest"


def test_shared_places_are_no_ones_own(conference):
    hall = AllotmentFactory(conference=conference, name="hall", capacity=5)
    row, other = (create(conference, slug=slug, allotments=[hall]) for slug in ("guest", "press"))

    assert own_allotment(row) is None
    change(row, capacity=None, order=4)
    changed = change(row, capacity=2)

    assert own_allotment(changed).capacity == 2
    assert sorted(one.name for one in changed.allotments.all()) == ["guest", "hall"]
    assert [one.name for one in other.allotments.all()] == ["hall"]
    hall.refresh_from_db()
    assert hall.capacity == 5


def test_places_of_its_own_count_who_is_there_already(conference):
    hall = AllotmentFactory(conference=conference, name="hall", capacity=5)
    row = create(conference, allotments=[hall])
    create(conference, slug="press", allotments=[hall])
    for _ in range(2):
        RegistrationFactory(registration_type=row)

    assert refusal(change, row, capacity=1).kind == "sold-out"
    change(row, capacity=2)
    assert own_allotment(row).taken == 2


def test_what_is_left_out_is_not_resized(conference):
    hall = AllotmentFactory(conference=conference, name="hall", capacity=5)
    row = create(conference, capacity=3)

    changed = change(row, capacity=3, allotments=[hall])

    assert [one.name for one in changed.allotments.all()] == ["hall"]
    hall.refresh_from_db()
    assert hall.capacity == 5


def test_a_window_keeps_its_wall_clock_time_in_a_new_zone(conference):
    row = create(conference, opens_local="2027-02-01T09:00")
    other = create(conference, slug="other")

    change_conference(
        conference=conference, changes={"time_zone": "Europe/London"}, expected=None, actor=SYSTEM
    )

    row.refresh_from_db()
    assert row.opens_local == dt.datetime.fromisoformat("2027-02-01T09:00")
    assert row.opens_at == dt.datetime(2027, 2, 1, 9, tzinfo=dt.UTC)
    assert row.version == 2
    other.refresh_from_db()
    assert other.version == 1


@pytest.mark.parametrize(
    ("value", "local"),
    [
        ("2027-02-01T08:00:00Z", "2027-02-01T09:00"),
        ("2027-07-01T08:00+00:00", "2027-07-01T10:00"),
        ("2027-02-01T09:00", "2027-02-01T09:00"),
        ("0001-01-01T00:00+14:00", "0001-01-01T00:00+14:00"),
        ("soon", "soon"),
        (None, None),
        (7, 7),
    ],
)
def test_an_instant_is_read_as_the_conferences_wall_clock_time(conference, value, local):
    assert window_local(value, conference) == local

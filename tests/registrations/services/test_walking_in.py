"""At the door: entered and checked in at once, and never without a place."""

from __future__ import annotations

import pytest
from django.db.models import F

from core.actors import SYSTEM
from core.errors import DomainError
from registrations.models import Allotment, HeldPlace, HoldBack, Registration
from registrations.services.walking_in import KeptBack, kept_back, walk_in
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def full_type(conference):
    """A type of two places: one is taken, one is kept back as “House”."""
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=2)
    RegistrationFactory(registration_type=kind)
    keep_back(conference, kind, 1)
    return kind


def keep_back(conference, kind, number):
    allotment = kind.allotments.get()
    hold_back = HoldBack.objects.create(conference=conference, allotment=allotment, name="House")
    HeldPlace.objects.create(hold_back=hold_back, allotment=allotment, count=number)
    Allotment.objects.filter(pk=allotment.pk).update(held=F("held") + number)
    return hold_back


def come(conference, given_name="Mila", **facts):
    return walk_in(
        conference=conference,
        **{"type_slug": "guest", "given_name": given_name, "actor": SYSTEM, **facts},
    )


def figures():
    return Allotment.objects.values_list("taken", "held").get()


def test_a_name_is_enough(conference, guest_type, told):
    row = come(conference)

    assert (row.source, row.status, row.family_name, row.email) == ("walk_in", "confirmed", "", "")
    assert row.checked_in_at is not None
    assert figures() == (1, 0)
    assert told == [("registered", 1, False), ("checked_in", 1, False)]


def test_nobody_comes_in_without_a_place(conference, full_type):
    with pytest.raises(DomainError) as refusal:
        come(conference)

    assert refusal.value.kind == "sold-out"
    assert refusal.value.detail == (
        "“Guest” is full: 1 of 2 places are taken and 1 kept. Nobody comes in without a place; "
        "raise the number of places, or choose another kind."
    )
    assert Registration.objects.count() == 1
    assert figures() == (1, 1)


def test_no_waiting_list_at_the_door(conference, full_type):
    type(full_type).objects.filter(pk=full_type.pk).update(waiting_list=True)
    with pytest.raises(DomainError, match="is full"):
        come(conference)
    assert not Registration.objects.filter(status="waiting_list").exists()


def test_a_place_that_is_kept_back_may_be_given_away(conference, full_type):
    (kept,) = kept_back(conference, "guest")
    assert kept == KeptBack(HoldBack.objects.get().code, "House", 1)

    row = come(conference, hold_back=kept.code)
    assert (row.status, figures()) == ("confirmed", (2, 0))
    assert kept_back(conference, "guest") == []
    with pytest.raises(DomainError, match="Nothing is left of that hold-back"):
        come(conference, "Ana", hold_back=kept.code)
    assert figures() == (2, 0)


def test_what_another_conference_keeps_back_is_not_given_away(conference, full_type):
    other = RegistrationTypeFactory(slug="guest")
    foreign = keep_back(other.conference, other, 1)

    assert [one.name for one in kept_back(conference, "guest")] == ["House"]
    with pytest.raises(DomainError, match="Nothing is kept back under this name"):
        come(conference, hold_back=foreign.code)
    assert HeldPlace.objects.filter(hold_back=foreign).exists()


def test_who_is_registered_is_not_entered_twice(conference, guest_type):
    RegistrationFactory(registration_type=guest_type, email="mila@example.org")
    with pytest.raises(DomainError) as refusal:
        come(conference, email="Mila@Example.org")
    assert refusal.value.kind == "already-registered"


@pytest.mark.parametrize(
    ("state", "kind"), [("postponed", "wrong-state"), ("cancelled", "registration-closed")]
)
def test_the_door_is_open_where_it_takes_place(conference, guest_type, state, kind):
    type(conference).objects.filter(pk=conference.pk).update(state=state)
    conference.refresh_from_db()
    with pytest.raises(DomainError) as refusal:
        come(conference)
    assert refusal.value.kind == kind
    assert not Registration.objects.exists()
    assert figures() == (0, 0)


def test_after_the_end_the_door_is_closed(conference, guest_type, frozen):
    frozen("2027-06-01T10:00")
    with pytest.raises(DomainError) as refusal:
        come(conference)
    assert refusal.value.kind == "registration-closed"

"""Hold-backs: kept under a name until somebody is given one, or the day comes."""

from __future__ import annotations

import pytest
from django.db.models import Sum

from core.actors import CLOCK, SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from registrations.models import Allotment, HeldPlace, HoldBack, Registration
from registrations.services.hold_backs import (
    change_hold_back,
    create_hold_back,
    hold_back_lines,
    release_due_hold_backs,
    release_hold_back,
)
from tests.factories.registrations import RegistrationTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(guest_type):
    return guest_type.allotments.get()


@pytest.fixture
def ministry(hall):
    return create_hold_back(
        allotment=hall, name="The ministry", count=3, release_local="2027-03-10T12:00", actor=SYSTEM
    )


def refusal(service, **arguments):
    with pytest.raises(DomainError) as caught:
        service(**arguments)
    return caught.value.kind, {e.pointer: e.code for e in caught.value.errors}


def held():
    """Return what is kept; figure and rows always say the same."""
    rows = HeldPlace.objects.aggregate(number=Sum("count"))["number"] or 0
    assert Allotment.objects.get().held == rows
    return rows


def test_places_are_kept_under_a_name(ministry, conference):
    assert held() == 3
    assert [(line.hold_back, line.left) for line in hold_back_lines(conference)] == [(ministry, 3)]
    assert AuditEntry.objects.get().facts == {"count": 3}


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"count": 11}, ("sold-out", {"/count": "too-few"})),
        ({"count": 0}, ("validation-failed", {"/count": "range"})),
        ({"name": " "}, ("validation-failed", {"/name": "required"})),
        (
            {"release_local": "2027-02-01T10:00"},
            ("validation-failed", {"/release_local": "range"}),
        ),
    ],
)
def test_what_can_not_be_kept_leaves_no_trace(hall, fields, answer):
    arguments = {"name": "Board", "count": 2, **fields}

    assert refusal(create_hold_back, allotment=hall, actor=SYSTEM, **arguments) == answer
    assert (held(), HoldBack.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)


def test_the_public_does_not_get_them_but_an_organiser_gives_them(ministry, guest, guest_type):
    guest_type.allotments.update(capacity=3)
    assert guest(email="a@example.org").status == "waiting_list"

    given = guest(email="b@example.org", source="organiser", hold_back=ministry)

    assert (given.status, held()) == ("confirmed", 2)
    for name in "cd":
        guest(email=f"{name}@example.org", source="organiser", hold_back=ministry)
    assert (Allotment.objects.get().taken, held()) == (3, 0)
    nothing = refusal(guest, email="e@example.org", source="organiser", hold_back=ministry)
    assert nothing == ("validation-failed", {"/hold_back": "used-up"})
    assert Registration.objects.count() == 4


def test_a_kind_that_draws_from_elsewhere_gets_none_of_it(ministry, conference, guest):
    RegistrationTypeFactory(conference=conference, slug="press")

    given = refusal(guest, type_slug="press", source="organiser", hold_back=ministry)
    assert given == ("validation-failed", {"/hold_back": "wrong-type"})


def test_more_and_fewer_are_kept_as_far_as_there_are_any(ministry):
    def change(**changes):
        return change_hold_back(hold_back=ministry, changes=changes, expected=None, actor=SYSTEM)

    change(count=10)
    assert held() == 10
    assert refusal(change, count=11) == ("sold-out", {"/count": "too-few"})
    assert change(count=0, name="Nobody").name == "Nobody"
    assert held() == 0
    assert change(count=1).version == 4
    assert held() == 1


def test_a_change_names_its_version(ministry):
    stale = refusal(
        change_hold_back, hold_back=ministry, changes={"count": 1}, expected=9, actor=SYSTEM
    )
    assert (stale, held()) == (("stale", {}), 3)


def test_releasing_gives_them_to_everybody(ministry, guest, guest_type):
    guest_type.allotments.update(capacity=3)

    assert release_hold_back(hold_back=ministry, expected=1, actor=SYSTEM) == 3
    assert (held(), guest().status, HoldBack.objects.count()) == (0, "confirmed", 0)
    again = refusal(release_hold_back, hold_back=ministry, expected=1, actor=SYSTEM)
    assert again == ("not-found", {})


def test_the_clock_releases_them_on_their_day(ministry, clock):
    assert release_due_hold_backs() == 0

    clock.move_to("2027-03-10T11:00Z")
    assert (release_due_hold_backs(), release_due_hold_backs(), held()) == (1, 0, 0)
    last = AuditEntry.objects.latest("pk")
    assert (last.verb, last.actor_kind, last.facts) == (
        "release_hold_back",
        CLOCK.kind,
        {"count": 3},
    )

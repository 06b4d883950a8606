"""The organiser's yes takes a place, or says that there is none."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from registrations.models import Allotment
from registrations.services.approving import approve_registration, reject_registration
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("status", "verb"), [("pending_approval", "approved"), ("waiting_list", "promoted")]
)
def test_a_yes_takes_a_place(guest_type, status, verb, told):
    row = RegistrationFactory(registration_type=guest_type, status=status)

    row = approve_registration(registration=row, actor=SYSTEM, expected=1)

    row.refresh_from_db()
    assert (row.status, row.version, row.sequence) == ("confirmed", 2, 1)
    assert row.confirmed_at is not None
    assert Allotment.objects.get().taken == row.places.count() == 1
    assert told == [(verb, 1, False)]
    assert AuditEntry.objects.get().facts == {"from": status, "to": "confirmed"}


def test_a_yes_without_a_place_changes_nothing(conference, told):
    full = RegistrationTypeFactory(conference=conference, capacity=0)
    row = RegistrationFactory(registration_type=full, status="pending_approval")

    with pytest.raises(DomainError) as caught:
        approve_registration(registration=row, actor=SYSTEM)

    assert caught.value.kind == "sold-out"
    row.refresh_from_db()
    assert (row.status, row.version, told) == ("pending_approval", 1, [])


@pytest.mark.parametrize("status", ["pending_approval", "waiting_list"])
def test_a_no_takes_nothing(guest_type, status, told):
    row = RegistrationFactory(registration_type=guest_type, status=status)

    assert reject_registration(registration=row, actor=SYSTEM).status == "rejected"
    assert Allotment.objects.get().taken == 0
    assert told == [("rejected", 1, False)]


@pytest.mark.parametrize("decide", [approve_registration, reject_registration])
@pytest.mark.parametrize("status", ["confirmed", "cancelled", "rejected", "expired"])
def test_only_who_asks_or_waits_is_decided(guest_type, decide, status, told):
    row = RegistrationFactory(registration_type=guest_type, status=status)

    with pytest.raises(DomainError) as caught:
        decide(registration=row, actor=SYSTEM)
    assert (caught.value.kind, told) == ("wrong-state", [])


def test_a_stale_version_is_refused(guest_type):
    row = RegistrationFactory(registration_type=guest_type, status="waiting_list")

    with pytest.raises(DomainError) as caught:
        approve_registration(registration=row, actor=SYSTEM, expected=2)
    assert caught.value.kind == "stale"


def test_a_cancelled_conference_gives_no_places(guest_type, conference):
    row = RegistrationFactory(registration_type=guest_type, status="waiting_list")
    conference.state = "cancelled"
    conference.save()

    with pytest.raises(DomainError) as caught:
        approve_registration(registration=row, actor=SYSTEM)
    assert caught.value.kind == "wrong-state"


def test_a_yes_without_a_place_may_be_a_place_in_the_line(conference, told):
    full = RegistrationTypeFactory(conference=conference, capacity=0)
    row = RegistrationFactory(registration_type=full, status="pending_approval")

    row = approve_registration(registration=row, actor=SYSTEM, expected=1, or_wait=True)

    row.refresh_from_db()
    assert (row.status, row.version, row.places.count()) == ("waiting_list", 2, 0)
    assert told == [("put_on_list", 1, False)]


@pytest.mark.parametrize(
    ("status", "waiting_list"), [("pending_approval", False), ("waiting_list", True)]
)
def test_without_a_line_to_join_it_is_sold_out(conference, status, waiting_list, told):
    full = RegistrationTypeFactory(conference=conference, capacity=0, waiting_list=waiting_list)
    row = RegistrationFactory(registration_type=full, status=status)

    with pytest.raises(DomainError) as caught:
        approve_registration(registration=row, actor=SYSTEM, or_wait=True)
    assert (caught.value.kind, told) == ("sold-out", [])

"""Cancelling frees the place with the same commit; taking it back needs one anew."""

from __future__ import annotations

import datetime as dt

import pytest

from core.actors import ANONYMOUS, SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from registrations.models import Allotment, Registration, RegistrationPlace
from registrations.services.cancelling import cancel_registration, uncancel_registration
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def registration(guest_type):
    return RegistrationFactory(registration_type=guest_type, email="ana@example.org")


def places():
    return Allotment.objects.get().taken, RegistrationPlace.objects.count()


def test_cancelling_frees_the_place(registration, told):
    assert places() == (1, 1)

    row = cancel_registration(registration=registration, actor=SYSTEM, reason=" Ill ")

    row.refresh_from_db()
    assert (row.status, row.cancel_reason, row.sequence, row.version) == ("cancelled", "Ill", 1, 2)
    assert row.cancelled_at == row.status_at == dt.datetime(2027, 3, 1, 10, tzinfo=dt.UTC)
    assert places() == (0, 0)
    assert told == [("cancelled", 1, False)]
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.changed) == ("cancel_registration", ["status"])
    assert entry.facts == {"from": "confirmed", "to": "cancelled"}


@pytest.mark.parametrize("status", ["pending_approval", "waiting_list"])
def test_who_has_no_place_cancels_too(guest_type, status, told):
    row = RegistrationFactory(registration_type=guest_type, status=status)

    assert cancel_registration(registration=row, actor=SYSTEM).status == "cancelled"
    assert places() == (0, 0)


@pytest.mark.parametrize("status", ["cancelled", "rejected", "expired"])
def test_what_is_over_is_not_cancelled_again(guest_type, status, told):
    row = RegistrationFactory(registration_type=guest_type, status=status)

    with pytest.raises(DomainError) as caught:
        cancel_registration(registration=row, actor=SYSTEM)
    assert caught.value.kind == "wrong-state"
    assert told == []


def test_a_stale_version_is_refused(registration):
    with pytest.raises(DomainError) as caught:
        cancel_registration(registration=registration, actor=SYSTEM, expected=7)
    assert caught.value.kind == "stale"
    assert places() == (1, 1)


def test_a_reason_is_one_line(registration):
    with pytest.raises(DomainError) as caught:
        cancel_registration(registration=registration, actor=SYSTEM, reason="a\nb")
    assert [e.pointer for e in caught.value.errors] == ["/reason"]


@pytest.mark.parametrize(
    ("deadline", "now", "allowed"),
    [
        (None, "2027-03-18T08:59", True),
        (None, "2027-03-18T09:00", False),
        ("2027-03-10T11:00", "2027-03-10T09:59", True),
        ("2027-03-10T11:00", "2027-03-10T10:00", False),
    ],
)
def test_a_guest_cancels_until_the_deadline(
    registration, conference, clock, deadline, now, allowed, told
):
    if deadline:
        conference.changes_until_local = dt.datetime.fromisoformat(deadline)
        conference.changes_until_at = dt.datetime.fromisoformat("2027-03-10T10:00+00:00")
        conference.save()
    clock.move_to(dt.datetime.fromisoformat(f"{now}+00:00"))

    if allowed:
        cancel_registration(registration=registration, actor=ANONYMOUS, by_guest=True)
        assert told == [("cancelled", 1, True)]
    else:
        with pytest.raises(DomainError) as caught:
            cancel_registration(registration=registration, actor=ANONYMOUS, by_guest=True)
        assert caught.value.kind == "wrong-state"
        assert told == []
        assert cancel_registration(registration=registration, actor=SYSTEM).status == "cancelled"


@pytest.mark.parametrize("status", ["cancelled", "rejected", "expired"])
def test_taking_it_back_takes_a_place_anew(guest_type, status, told):
    row = RegistrationFactory(
        registration_type=guest_type, status=status, cancel_reason="Ill", sequence=1
    )

    row = uncancel_registration(registration=row, actor=SYSTEM)

    row.refresh_from_db()
    assert (row.status, row.cancel_reason, row.cancelled_at) == ("confirmed", "", None)
    assert (row.sequence, row.confirmed_at is None) == (2, False)
    assert places() == (1, 1)
    assert told == [("uncancelled", 1, False)]


def test_taking_it_back_is_refused_when_the_place_is_gone(conference, told):
    small = RegistrationTypeFactory(conference=conference, capacity=1)
    RegistrationFactory(registration_type=small)
    row = RegistrationFactory(registration_type=small, status="cancelled")

    with pytest.raises(DomainError) as caught:
        uncancel_registration(registration=row, actor=SYSTEM)

    assert caught.value.kind == "sold-out"
    row.refresh_from_db()
    assert (row.status, row.version, places()) == ("cancelled", 1, (1, 1))
    assert (told, AuditEntry.objects.count()) == ([], 0)


def test_taking_it_back_is_refused_when_the_address_has_registered_again(guest_type, told):
    row = RegistrationFactory(
        registration_type=guest_type, status="cancelled", email="ana@example.org"
    )
    RegistrationFactory(registration_type=guest_type, email="ANA@example.org")

    with pytest.raises(DomainError) as caught:
        uncancel_registration(registration=row, actor=SYSTEM)
    assert caught.value.kind == "already-registered"
    assert places() == (1, 1)


def test_what_is_live_is_not_taken_back(registration):
    with pytest.raises(DomainError) as caught:
        uncancel_registration(registration=registration, actor=SYSTEM)
    assert caught.value.kind == "wrong-state"


def test_a_cancelled_conference_takes_nobody_back(registration, conference):
    cancel_registration(registration=registration, actor=SYSTEM)
    conference.state = "cancelled"
    conference.save()

    with pytest.raises(DomainError) as caught:
        uncancel_registration(registration=registration, actor=SYSTEM)
    assert caught.value.kind == "wrong-state"
    assert Registration.objects.get().status == "cancelled"

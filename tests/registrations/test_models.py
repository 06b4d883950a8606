"""Registrations come through a permission, and name themselves by their codes."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.enums import Role
from accounts.permissions import Permission
from registrations.models import Registration
from tests.factories.registrations import RegistrationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def registration(guest_type):
    return RegistrationFactory(registration_type=guest_type)


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [(Role.OWNER, True, True), (Role.DOOR, True, False), (Role.VIEWER, False, False)],
)
def test_a_role_reaches_what_it_may(registration, account_with_role, role, reads, writes):
    account = account_with_role(role)

    rows = Registration.objects
    assert rows.manageable_by(account).exists() is reads
    assert rows.manageable_by(account, Permission.REGISTRATION_WRITE).exists() is writes


def test_strangers_reach_nothing(registration, account_with_role, other_organisation):
    rows = Registration.objects

    assert not rows.manageable_by(account_with_role(Role.OWNER, other_organisation)).exists()
    assert not rows.manageable_by(AnonymousUser()).exists()


def test_rows_are_named_by_what_people_call_them(registration):
    place = registration.places.get()

    assert str(registration) == registration.code
    assert str(registration.booking) == registration.booking.code
    assert str(registration.registration_type) == str(place.allotment) == "guest"
    assert str(place) == f"{registration.pk} {place.allotment_id}"

"""Changing who a registration is for."""

from __future__ import annotations

import datetime as dt

import pytest

from core.actors import ANONYMOUS, SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from registrations.models import Registration
from registrations.services.changing import change_registration
from registrations.services.links import find_by_link, manage_path
from tests.factories.events import PersonFactory
from tests.factories.registrations import RegistrationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def registration(guest_type):
    return RegistrationFactory(
        registration_type=guest_type,
        given_name="Ana",
        family_name="Petrović",
        email="ana@example.org",
    )


def change(row, *, by_guest=False, expected=None, **changes):
    return change_registration(
        registration=row,
        changes=changes,
        expected=expected,
        actor=ANONYMOUS if by_guest else SYSTEM,
        by_guest=by_guest,
    )


def refusal(row, **arguments):
    with pytest.raises(DomainError) as caught:
        change(row, **arguments)
    return caught.value


def test_details_change_with_what_follows_from_them(registration, told):
    row = change(registration, given_name="Mila", affiliation="House", language="ru", expected=1)

    row.refresh_from_db()
    assert (row.given_name, row.affiliation, row.language, row.version) == (
        "Mila",
        "House",
        "ru",
        2,
    )
    assert row.search_key.startswith("mila petrovic")
    assert (row.sequence, row.link_generation) == (1, 1)
    assert row.booking.contact_name == "Mila Petrović"
    assert row.booking.language == "ru"
    assert told == [("changed", 1, False)]
    assert AuditEntry.objects.get().changed == ["affiliation", "given_name", "language"]


def test_what_does_not_reach_the_calendar_leaves_its_sequence(registration):
    assert change(registration, position="Director").sequence == 0


def test_nothing_new_changes_nothing(registration, told):
    row = change(registration, given_name="Ana ")

    assert (row.version, told, AuditEntry.objects.count()) == (1, [], 0)


def test_a_new_address_ends_the_old_links(registration):
    code, token = manage_path(registration).strip("/").split("/")[1:]
    Registration.objects.update(link_sent_at=dt.datetime(2027, 3, 1, tzinfo=dt.UTC))

    row = change(registration, email="new@Example.org", by_guest=True)

    row.refresh_from_db()
    assert (row.email, row.email_key, row.link_generation) == (
        "new@example.org",
        "new@example.org",
        2,
    )
    assert row.link_sent_at is None
    assert (row.booking.contact_email, row.booking.contact_email_key) == ("new@example.org",) * 2
    assert find_by_link(code, token) is None
    assert find_by_link(*manage_path(row).strip("/").split("/")[1:]) == row


def test_a_booking_of_several_keeps_its_contact(registration):
    RegistrationFactory(
        registration_type=registration.registration_type, booking=registration.booking, email=""
    )

    row = change(registration, email="new@example.org")

    row.booking.refresh_from_db()
    assert row.booking.contact_email == "ana@example.org"


@pytest.mark.parametrize("by_guest", [True, False])
def test_an_address_of_somebody_else_is_refused(registration, guest_type, by_guest, told):
    RegistrationFactory(registration_type=guest_type, email="mila@example.org")

    error = refusal(registration, email="MILA@example.org", by_guest=by_guest)

    assert error.kind == "already-registered"
    assert Registration.objects.get(pk=registration.pk).email == "ana@example.org"
    assert told == []


def test_wrong_values_are_named(registration):
    error = refusal(registration, given_name="", email="no", status="confirmed", language="de")

    assert {e.pointer: e.code for e in error.errors} == {
        "/given_name": "required",
        "/email": "email",
        "/status": "unknown",
        "/language": "unknown",
    }


def test_a_guest_keeps_an_address_and_an_organiser_may_take_it_away(registration):
    assert refusal(registration, email="", by_guest=True).errors[0].code == "required"
    row = change(registration, email="")
    assert (row.email, row.email_key, row.booking.contact_email) == ("", None, "")


def test_a_known_person_may_have_one_name(registration):
    assert refusal(registration, family_name="").errors[0].code == "required"
    registration.person = PersonFactory()
    registration.save()
    assert change(registration, family_name="").sort_key == "ana"


@pytest.mark.parametrize("status", ["cancelled", "rejected", "expired"])
def test_what_is_over_is_not_changed(guest_type, status):
    row = RegistrationFactory(registration_type=guest_type, status=status)

    assert refusal(row, given_name="Mila").kind == "wrong-state"


def test_a_stale_version_is_refused(registration):
    assert refusal(registration, given_name="Mila", expected=9).kind == "stale"


def test_a_guest_changes_until_the_start(registration, clock):
    clock.move_to(dt.datetime(2027, 3, 18, 9, tzinfo=dt.UTC))

    assert refusal(registration, given_name="Mila", by_guest=True).kind == "wrong-state"
    assert change(registration, given_name="Mila").given_name == "Mila"


def test_a_link_does_not_mail_one_stranger_after_the_other(registration, settings, clock):
    settings.THROTTLE = True
    for number in range(3):
        change(registration, email=f"{number}@example.org", by_guest=True)

    assert refusal(registration, email="3@example.org", by_guest=True).kind == "throttled"
    assert change(registration, given_name="Mila", by_guest=True).email == "2@example.org"
    clock.shift(dt.timedelta(days=1, seconds=1))
    assert change(registration, email="3@example.org", by_guest=True).email == "3@example.org"

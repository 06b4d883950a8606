"""Personal links are derived, revoked by a number, and mailed at most so often."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET

import pytest

from core.actors import ANONYMOUS, SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from registrations.models import Registration
from registrations.services.links import (
    find_by_link,
    manage_path,
    manage_url,
    request_link,
    resend_link,
    revoke_link,
    ticket_png,
    ticket_svg,
)
from tests.factories.registrations import BookingFactory, RegistrationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def registration(guest_type):
    return RegistrationFactory(registration_type=guest_type, email="ana@example.org")


def token_of(registration):
    return manage_path(registration).strip("/").split("/")[2]


def test_a_link_opens_its_registration_and_no_other(registration, guest_type):
    other = RegistrationFactory(registration_type=guest_type)

    assert manage_url(registration) == f"http://testserver{manage_path(registration)}"
    assert find_by_link(registration.code, token_of(registration)) == registration
    assert find_by_link(registration.code, token_of(other)) is None
    assert find_by_link("NOSUCHCODE", token_of(registration)) is None
    assert find_by_link(registration.code, "") is None
    assert find_by_link(registration.code, "ž\udc80") is None


def test_a_token_has_160_bits_and_stands_in_no_row(registration):
    token = token_of(registration)

    assert len(token) == 27
    assert token not in str(list(Registration.objects.values()))


def test_revoking_ends_all_links(registration):
    token = token_of(registration)

    row = revoke_link(registration=registration, actor=SYSTEM, expected=1)

    assert (row.link_generation, row.version) == (2, 2)
    assert find_by_link(row.code, token) is None
    assert find_by_link(row.code, token_of(row)) == row
    assert AuditEntry.objects.get().verb == "revoke_link"
    with pytest.raises(DomainError) as caught:
        revoke_link(registration=row, actor=SYSTEM, expected=1)
    assert caught.value.kind == "stale"


@pytest.mark.parametrize("email", ["ana@example.org", " ANA@EXAMPLE.org"])
def test_a_guest_asks_for_the_link_once_an_hour(registration, conference, told, clock, email):
    for _ in range(3):
        request_link(conference=conference, email=email, actor=ANONYMOUS)
    assert told == [("link_requested", 1, True)]

    clock.shift(dt.timedelta(hours=1))
    request_link(conference=conference, email=email, actor=ANONYMOUS)
    assert told == [("link_requested", 1, True)] * 2


def test_an_unknown_address_costs_the_same_statement(
    registration, conference, told, django_assert_num_queries
):
    request_link(conference=conference, email="ana@example.org", actor=ANONYMOUS)
    for email in ("ana@example.org", "nobody@example.org"):
        with django_assert_num_queries(3):  # savepoint, the one UPDATE, release
            request_link(conference=conference, email=email, actor=ANONYMOUS)
    assert len(told) == 1


def test_only_live_registrations_of_this_conference_are_mailed(guest_type, conference, told):
    RegistrationFactory(email="ana@example.org")
    RegistrationFactory(registration_type=guest_type, status="cancelled", email="ana@example.org")

    request_link(conference=conference, email="ana@example.org", actor=ANONYMOUS)
    assert told == []


def test_companions_are_mailed_at_their_booking(guest_type, conference, told):
    booking = BookingFactory(conference=conference, contact_email="office@example.org")
    for _ in range(2):
        RegistrationFactory(registration_type=guest_type, booking=booking, email="")

    request_link(conference=conference, email="office@example.org", actor=ANONYMOUS)
    assert told == [("link_requested", 2, True)]


def test_an_organiser_sends_it_again_after_a_minute(registration, told, clock):
    resend_link(registration=registration, actor=SYSTEM)
    with pytest.raises(DomainError) as caught:
        resend_link(registration=registration, actor=SYSTEM)
    assert (caught.value.kind, caught.value.retry_after) == ("throttled", 60)

    clock.shift(60)
    resend_link(registration=registration, actor=SYSTEM)
    assert told == [("link_requested", 1, False)] * 2


@pytest.mark.parametrize("details", [{"status": "cancelled"}, {"email": ""}])
def test_there_must_be_something_to_send_and_an_address(guest_type, details, told):
    row = RegistrationFactory(registration_type=guest_type, **details)

    with pytest.raises(DomainError) as caught:
        resend_link(registration=row, actor=SYSTEM)
    assert (caught.value.kind, told) == ("wrong-state", [])


def test_the_ticket_is_a_picture(registration):
    svg = ET.fromstring(ticket_svg(registration))  # noqa: S314 - our own

    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    assert "style" not in ticket_svg(registration)
    assert ticket_png(registration).startswith(b"\x89PNG")

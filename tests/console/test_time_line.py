"""The time line of one registration with its mails."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from core.actors import SYSTEM
from notifications.models import Message
from registrations.services.cancelling import cancel_registration
from registrations.services.registering import register
from tests.factories.events import ConferenceFactory
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(frozen):
    """It is the first of March 2027."""
    return frozen("2027-03-01T10:00")


@pytest.fixture
def registration(organisation):
    conference = ConferenceFactory(organisation=organisation, slug="forum")
    RegistrationTypeFactory(conference=conference, slug="guest")
    return register(
        conference=conference,
        type_slug="guest",
        given_name="Ana",
        family_name="Petrović",
        email="ana@example.org",
        language="en",
        source="organiser",
        actor=SYSTEM,
    )


@pytest.fixture
def path(registration):
    return f"/manage/institute/forum/time-line/{registration.code}/"


def test_mails_stand_among_what_was_done(client_as, account_with_role, registration, path, clock):
    desk = client_as(account_with_role(Role.REGISTRAR))
    clock.shift(86400)
    cancel_registration(registration=registration, actor=SYSTEM)
    page = desk.get(path)

    lines = [line.what for line in page.context["lines"]]
    assert "Mail: Confirmation" in lines
    assert lines.index("Cancelled: Confirmed → Cancelled") > lines.index("Registered: Confirmed")
    message = Message.objects.filter(registration=registration).first()
    assert f"/manage/institute/forum/outbox/{message.uid}/" in page.content.decode()
    listed = desk.get(f"/manage/institute/forum/registrations/{registration.code}/")
    assert path in listed.content.decode()


def test_it_takes_two_rights_and_ones_own_registration(
    client_as, account_with_role, other_organisation, registration, path
):
    assert client_as(account_with_role(Role.DOOR)).get(path).status_code == 403
    stranger = client_as(account_with_role(Role.OWNER, other_organisation))
    assert stranger.get(path).status_code == 404
    desk = client_as(account_with_role(Role.REGISTRAR))
    foreign = RegistrationFactory()
    assert desk.get(path.replace(registration.code, foreign.code)).status_code == 404
    door = client_as(account_with_role(Role.DOOR))
    listed = door.get(f"/manage/institute/forum/registrations/{registration.code}/")
    assert path not in listed.content.decode()

"""Somebody else comes: the place, its code and sessions stay, nothing of the first one does."""

from __future__ import annotations

import datetime as dt

import pytest

from core.actors import SYSTEM, Actor
from core.errors import DomainError
from core.models import AuditEntry
from events.enums import ParticipationState
from registrations.enums import RegistrationStatus
from registrations.models import (
    Answer,
    ConsentGiven,
    Registration,
    RegistrationPlace,
    SensitiveAnswer,
)
from registrations.services.answering import answer_invitation
from registrations.services.cancelling import cancel_registration
from registrations.services.changing import NEW_ADDRESSES_A_DAY, change_registration
from registrations.services.links import find_by_link, manage_path
from registrations.services.substituting import handed_over, substitute
from registrations.services.types import change_registration_type
from tests.factories.events import ParticipationFactory, PersonFactory, SessionFactory
from tests.factories.registrations import (
    InvitationFactory,
    QuestionFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db

GUEST = Actor("guest")
BO = {"given_name": "Bo", "family_name": "Lind", "email": "bo@example.org"}


@pytest.fixture
def registration(guest, guest_type):
    return guest(affiliation="River office", phone="", position="Head")


def send(registration, **more):
    return substitute(
        registration=registration, actor=GUEST, **{"expected": None, "by_guest": True, **BO, **more}
    )


def refused(registration, **more):
    """Return the refusal, which has changed nothing."""
    before = Registration.objects.filter(pk=registration.pk).values().get()
    entries = AuditEntry.objects.count()
    with pytest.raises(DomainError) as caught:
        send(registration, **more)
    assert Registration.objects.filter(pk=registration.pk).values().get() == before
    assert AuditEntry.objects.count() == entries
    return caught.value


def tokens(registration):
    return tuple(manage_path(registration).strip("/").split("/")[1:])


def test_the_place_goes_to_another_person(registration, told):
    code, token = tokens(registration)
    place = RegistrationPlace.objects.get()

    done = send(registration, affiliation="Lake office")

    done.refresh_from_db()
    assert (done.given_name, done.family_name, done.email) == ("Bo", "Lind", "bo@example.org")
    assert (done.affiliation, done.position, done.language) == ("Lake office", "", "en")
    assert (done.code, done.status, done.booking_id) == (
        registration.code,
        RegistrationStatus.CONFIRMED,
        registration.booking_id,
    )
    assert RegistrationPlace.objects.get() == place
    assert (done.version, done.link_generation, done.sequence) == (2, 2, 1)
    assert done.search_key.startswith("bo lind bo@example.org")
    booking = done.booking
    assert (booking.contact_name, booking.contact_email_key) == ("Bo Lind", "bo@example.org")
    assert find_by_link(code, token) is None
    assert handed_over(code, token) == done
    assert told == [("substituted", 1, True)]
    entry = AuditEntry.objects.get(verb="substitute")
    assert entry.facts == {"generation": 1}
    assert "Bo" not in str(entry.changed)


def test_nothing_that_was_answered_is_the_new_ones(registration, conference, guest_type):
    question = QuestionFactory(conference=conference, slug="topic", kind="choice", options=["a"])
    option = question.options.get()
    food = QuestionFactory(conference=conference, slug="food", sensitivity="dietary")
    Answer.objects.create(registration=registration, question=question, option=option)
    SensitiveAnswer.objects.create(registration=registration, question=food, text="No nuts")

    send(registration)

    assert not Answer.objects.exists()
    assert not SensitiveAnswer.objects.exists()
    assert not ConsentGiven.objects.filter(withdrawn_at=None).exists()
    assert [one.verb for one in AuditEntry.objects.order_by("pk")][-2:] == [
        "substitute",
        "forget_answers",
    ]


def test_the_person_whom_the_organisation_knows_does_not_come(guest_type, conference):
    person = PersonFactory(organisation=conference.organisation)
    row = RegistrationFactory(registration_type=guest_type, person=person)
    assert send(row).person is None


def test_once_more_for_the_same_person_is_refused(registration):
    send(registration)
    assert refused(registration).errors[0].pointer == "/given_name"
    assert refused(registration, email="BO@example.org").errors[0].code == "same"


def test_what_was_changed_meanwhile_is_not_given_away(registration):
    change_registration(
        registration=registration, changes={"phone": "1"}, expected=None, actor=SYSTEM
    )
    assert refused(registration, expected=1).kind == "stale"


@pytest.mark.parametrize("status", ["cancelled", "rejected", "expired"])
@pytest.mark.parametrize("by_guest", [True, False])
def test_what_is_over_goes_to_nobody(guest_type, status, by_guest):
    row = RegistrationFactory(registration_type=guest_type, status=status)
    assert refused(row, by_guest=by_guest).kind == "wrong-state"


@pytest.mark.parametrize("status", ["pending_approval", "waiting_list", "offered"])
def test_a_guest_gives_a_place_and_an_organiser_also_a_turn(guest_type, status):
    row = RegistrationFactory(registration_type=guest_type, status=status)
    assert "as soon as you have a place" in refused(row).detail
    assert send(row, by_guest=False).status == status


def test_after_the_cut_off_only_the_organiser_can(registration, clock):
    clock.move_to("2027-03-18T10:00")
    assert "too late" in refused(registration).detail
    assert send(registration, by_guest=False).given_name == "Bo"


def test_who_is_in_sends_nobody(registration):
    Registration.objects.update(checked_in_at=dt.datetime(2027, 3, 18, 9, tzinfo=dt.UTC))
    assert "at the door" in refused(registration).detail
    assert "at the door" in refused(registration, by_guest=False).detail


def test_the_type_says_whether_guests_may(registration, guest_type):
    change_registration_type(
        registration_type=guest_type, changes={"substitutes": False}, expected=None, actor=SYSTEM
    )
    assert "substitutes" in refused(registration).detail
    assert send(registration, by_guest=False).given_name == "Bo"


@pytest.mark.parametrize("by_guest", [True, False])
def test_a_speakers_place_belongs_to_the_programme(guest_type, conference, by_guest):
    given = RegistrationFactory(registration_type=guest_type, source="participation")
    assert "programme" in refused(given, by_guest=by_guest).detail
    speaker = PersonFactory(organisation=conference.organisation)
    session = SessionFactory(conference=conference)
    ParticipationFactory(session=session, person=speaker, state=ParticipationState.CONFIRMED)
    own = RegistrationFactory(registration_type=guest_type, person=speaker)
    assert "programme" in refused(own, by_guest=by_guest).detail


def test_a_speakers_kind_of_place_is_not_for_guests_to_give(conference):
    kind = RegistrationTypeFactory(conference=conference, slug="stage", kind="speaker")
    row = RegistrationFactory(registration_type=kind)
    assert "programme" in refused(row).detail
    assert send(row, by_guest=False).given_name == "Bo"


@pytest.mark.parametrize("by_guest", [True, False])
def test_an_invited_guest_names_a_colleague_by_the_invitation(guest_type, by_guest):
    invitation = answer_invitation(
        invitation=InvitationFactory(registration_type=guest_type, plus_one=True),
        response="accepted",
        via="link",
        companion={"given_name": "Di", "family_name": "Along"},
        actor=GUEST,
    )
    for row in (invitation.registration, invitation.companion):
        assert "invitation" in refused(row, by_guest=by_guest).detail


@pytest.mark.parametrize("by_guest", [True, False])
def test_an_address_of_somebody_else_is_refused(registration, guest_type, by_guest):
    RegistrationFactory(registration_type=guest_type, email="bo@example.org")
    refusal = refused(registration, by_guest=by_guest)
    assert refusal.kind == "already-registered"


def test_a_guest_names_an_address(registration):
    assert refused(registration, email="").errors[0].pointer == "/email"
    done = send(registration, email="", by_guest=False)
    assert (done.email_key, done.booking.contact_email) == (None, "")


def test_a_link_does_not_mail_one_stranger_after_the_other(registration, settings, clock):
    settings.THROTTLE = True
    for number in range(NEW_ADDRESSES_A_DAY):
        send(registration, given_name=f"Guest {number}", email=f"g{number}@example.org")
    assert refused(registration).kind == "throttled"
    registration.refresh_from_db()
    with pytest.raises(DomainError) as caught:
        change_registration(
            registration=registration,
            changes={"email": "again@example.org"},
            expected=None,
            actor=GUEST,
            by_guest=True,
        )
    assert caught.value.kind == "throttled"
    clock.move_to("2027-03-02T10:01")
    assert send(registration).given_name == "Bo"


def test_a_party_keeps_its_contact(registration, guest_type):
    other = RegistrationFactory(
        registration_type=guest_type, booking=registration.booking, email="", email_key=None
    )
    done = send(other)
    assert done.booking.contact_email == "ana@example.org"


def test_a_link_that_was_ended_otherwise_tells_nothing(registration):
    first = tokens(registration)
    change_registration(
        registration=registration, changes={"email": "new@example.org"}, expected=None, actor=SYSTEM
    )
    registration.refresh_from_db()
    second = tokens(registration)
    send(registration)
    assert handed_over(*first) is None
    assert handed_over(*second) == registration
    assert handed_over("NOCODE2222", second[1]) is None


def test_who_has_given_the_place_back_later_is_somebody_else(registration):
    code, token = tokens(registration)
    cancel_registration(registration=send(registration), actor=GUEST, by_guest=True)
    assert handed_over(code, token) == registration

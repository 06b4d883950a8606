"""The last place, kept or not, under real threads; and a naive way of keeping one beside it."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction
from django.db.models import F

from core.actors import ANONYMOUS, SYSTEM, Actor
from registrations.models import Allotment, HeldPlace, Invitation, Registration, RegistrationPlace
from registrations.services.answering import answer_invitation
from registrations.services.cancelling import cancel_registration
from registrations.services.holding import release_lapsed_holds
from registrations.services.inviting import add_invitations
from registrations.services.registering import register
from tests.factories.events import PersonFactory
from tests.factories.registrations import InvitationFactory, RegistrationTypeFactory
from tests.registrations.services.test_races import at_once, counted, status_of

pytestmark = pytest.mark.django_db(transaction=True)
GUEST = Actor("guest")


def answering(invitation, response, expected=None):
    def job():
        row = answer_invitation(
            invitation=invitation,
            response=response,
            via="link",
            actor=GUEST,
            by_guest=True,
            expected=expected,
        )
        return f"{row.response}{' on top' if row.over_capacity else ''}"

    return job


def figures():
    allotment = Allotment.objects.get()
    return (
        allotment.taken,
        allotment.held,
        RegistrationPlace.objects.count(),
        sum(HeldPlace.objects.values_list("count", flat=True)),
    )


def test_a_kept_place_is_its_guests_whoever_else_comes():
    kind = RegistrationTypeFactory(slug="guest", capacity=1, waiting_list=False)
    invitation = InvitationFactory(registration_type=kind, held=1)

    outcomes = at_once(
        [answering(invitation, "accepted")] + [status_of(kind.conference, n) for n in range(15)]
    )

    assert outcomes[0] == "accepted"
    assert counted(outcomes[1:]) == {"sold-out": 15}
    assert figures() == (1, 0, 1, 0)


def test_one_gets_the_last_place_and_the_other_invited_come_on_top():
    kind = RegistrationTypeFactory(slug="guest", capacity=3, waiting_list=False)
    rows = [InvitationFactory(registration_type=kind) for _ in range(8)]

    outcomes = at_once([answering(row, "accepted") for row in rows])

    assert counted(outcomes) == {"accepted": 3, "accepted on top": 5}
    assert figures() == (3, 0, 3, 0)
    assert Registration.objects.filter(status="confirmed").count() == 8


def test_as_many_places_are_kept_as_there_are():
    kind = RegistrationTypeFactory(slug="guest", capacity=10)
    people = [
        [PersonFactory(organisation=kind.conference.organisation) for _ in range(5)]
        for _ in range(4)
    ]

    def add(group):
        return lambda: (
            add_invitations(
                conference=kind.conference,
                person_ids=[person.pk for person in group],
                type_slug="guest",
                actor=SYSTEM,
            ).without_place
        )

    outcomes = at_once([add(group) for group in people])

    assert sum(outcomes) == 10
    assert figures() == (0, 10, 0, 10)
    assert Invitation.objects.count() == 20


def test_whoever_two_members_invite_at_once_is_invited_once():
    kind = RegistrationTypeFactory(slug="guest", capacity=10)
    people = [PersonFactory(organisation=kind.conference.organisation) for _ in range(3)]

    def add():
        added = add_invitations(
            conference=kind.conference,
            person_ids=[person.pk for person in people],
            type_slug="guest",
            actor=SYSTEM,
        )
        return (len(added.invitations), added.already)

    outcomes = at_once([add] * 6)

    assert sum(new for new, _already in outcomes) == 3
    assert all(new + already == 3 for new, already in outcomes)
    assert figures() == (0, 3, 0, 3)


def test_one_press_of_many_counts():
    kind = RegistrationTypeFactory(slug="guest", capacity=10)
    invitation = InvitationFactory(registration_type=kind, held=1)

    outcomes = at_once([answering(invitation, "accepted", expected=1)] * 8)

    assert counted(outcomes) == {"accepted": 1, "stale": 7}
    assert figures() == (1, 0, 1, 0)


def test_answers_cancellations_and_the_clock_never_wait_in_a_circle_nor_lose_a_place():
    kind = RegistrationTypeFactory(slug="guest", capacity=6)
    rows = [InvitationFactory(registration_type=kind, held=1) for _ in range(4)]
    for row in rows:
        answering(row, "accepted")()
        row.refresh_from_db()
    kind.conference.__class__.objects.update(reply_until_at="2027-02-01T10:00Z")

    def cancelling(row):
        return lambda: str(
            cancel_registration(registration=row.registration, actor=GUEST, by_guest=True).status
        )

    at_once(
        [cancelling(row) for row in rows]
        + [answering(row, response) for row in rows for response in ("declined", "accepted")]
        + [release_lapsed_holds] * 2
    )

    live = Registration.objects.live().count()
    assert Registration.objects.count() == 4
    assert figures() == (live, 0, live, 0)
    for row in Invitation.objects.select_related("registration"):
        assert (row.response == "accepted") == row.registration.is_live


def test_a_place_that_is_let_go_is_taken_once():
    kind = RegistrationTypeFactory(slug="guest", capacity=1, waiting_list=False)
    invitation = InvitationFactory(registration_type=kind, held=1)

    outcomes = at_once(
        [answering(invitation, "declined")] + [status_of(kind.conference, n) for n in range(7)]
    )

    confirmed = outcomes.count("confirmed")
    assert outcomes[0] == "declined"
    assert confirmed <= 1
    assert figures() == (confirmed, 0, confirmed, 0)


def test_negative_control_keeping_after_a_look_loses_a_place_on_postgresql():
    """The same race with "look whether one is left, then write the sum", without our UPDATE.

    All look before anybody writes, so on PostgreSQL one place is kept for everybody and counted
    once. SQLite's writers follow one another.
    """
    clients = 6
    kind = RegistrationTypeFactory(slug="guest", capacity=1)
    rows = [InvitationFactory(registration_type=kind) for _ in range(clients)]
    all_have_looked = threading.Barrier(clients if connection.vendor == "postgresql" else 1)

    def naive(row):
        def job():
            with transaction.atomic():
                allotment = Allotment.objects.get()
                all_have_looked.wait(30)
                if allotment.taken + allotment.held >= (allotment.capacity or 0):
                    return "none left"
                Allotment.objects.filter(pk=allotment.pk).update(held=allotment.held + 1)
                HeldPlace.objects.create(invitation=row, allotment=allotment)
                return "kept"

        return job

    outcomes = at_once([naive(row) for row in rows])

    expected = clients if connection.vendor == "postgresql" else 1
    assert outcomes.count("kept") == expected
    assert Allotment.objects.filter(held=F("capacity")).count() == 1


def test_two_registered_at_the_same_mailbox_are_one_booking_however_they_come():
    kind = RegistrationTypeFactory(slug="guest", capacity=10)
    person = PersonFactory(organisation=kind.conference.organisation, email="desk@example.org")
    invitation = InvitationFactory(registration_type=kind, person=person, held=1)

    def by_form():
        return str(
            register(
                conference=kind.conference,
                type_slug="guest",
                given_name="Vera",
                family_name="Vidić",
                email="desk@example.org",
                language="en",
                source="form",
                actor=ANONYMOUS,
            ).status
        )

    outcomes = at_once([answering(invitation, "accepted"), by_form])

    assert outcomes[0] == "accepted"
    assert outcomes[1] in {"confirmed", "already-registered"}
    live = Registration.objects.live()
    assert live.filter(email_key="desk@example.org").count() == 1
    assert figures()[0] == live.count()

"""The last place under real threads on real connections; and what a naive count would do
instead.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from core.actors import ANONYMOUS, SYSTEM
from core.errors import DomainError
from registrations.models import Allotment, Booking, Registration, RegistrationPlace
from registrations.services.approving import approve_registration
from registrations.services.cancelling import cancel_registration
from registrations.services.guest_registering import register_guest
from registrations.services.registering import register
from tests.factories.events import ConferenceFactory
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(jobs):
    """Run all jobs at the same moment, each on a connection of its own; return what came out."""
    barrier = threading.Barrier(len(jobs))

    def run(job):
        try:
            barrier.wait(30)
            try:
                return job()
            except DomainError as refusal:
                return refusal.kind
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def details(number):
    return {
        "type_slug": "guest",
        "given_name": "Ana",
        "family_name": f"Petrović {number}",
        "email": f"guest{number}@example.org",
        "language": "en",
    }


def status_of(conference, number):
    return lambda: str(
        register(conference=conference, source="form", actor=ANONYMOUS, **details(number)).status
    )


def counted(outcomes):
    return {outcome: outcomes.count(outcome) for outcome in set(outcomes)}


def places():
    return (
        Allotment.objects.get().taken,
        RegistrationPlace.objects.count(),
        Registration.objects.filter(status="confirmed").count(),
    )


@pytest.mark.parametrize("clients", [8, 64])
def test_exactly_one_gets_the_last_place(clients):
    kind = RegistrationTypeFactory(slug="guest", capacity=1, waiting_list=False)

    outcomes = at_once([status_of(kind.conference, n) for n in range(clients)])

    assert counted(outcomes) == {"confirmed": 1, "sold-out": clients - 1}
    assert places() == (1, 1, 1)
    assert Registration.objects.count() == Booking.objects.count() == 1


def test_who_comes_too_late_waits():
    kind = RegistrationTypeFactory(slug="guest", capacity=3)

    outcomes = at_once([status_of(kind.conference, n) for n in range(16)])

    assert counted(outcomes) == {"confirmed": 3, "waiting_list": 13}
    assert places() == (3, 3, 3)


def test_all_get_a_place_while_there_are_enough():
    kind = RegistrationTypeFactory(slug="guest", capacity=100)

    outcomes = at_once([status_of(kind.conference, n) for n in range(64)])

    assert counted(outcomes) == {"confirmed": 64}
    assert places() == (64, 64, 64)


def test_64_clients_fill_100_places_and_not_one_more():
    kind = RegistrationTypeFactory(slug="guest", capacity=100, waiting_list=False)

    def three_times(first):
        def job():
            outcomes = []
            for number in range(first, first + 3):
                try:
                    outcomes.append(status_of(kind.conference, number)())
                except DomainError as refusal:
                    outcomes.append(refusal.kind)
            return outcomes

        return job

    outcomes = [one for each in at_once([three_times(n * 3) for n in range(64)]) for one in each]

    assert counted(outcomes) == {"confirmed": 100, "sold-out": 92}
    assert places() == (100, 100, 100)


def test_one_address_registers_once_however_often_it_is_sent():
    kind = RegistrationTypeFactory(slug="guest", capacity=100)

    outcomes = at_once([status_of(kind.conference, 1)] * 16)

    assert counted(outcomes) == {"confirmed": 1, "already-registered": 15}
    assert places() == (1, 1, 1)
    assert Booking.objects.count() == 1


def test_twins_under_one_key_are_one_registration_and_one_answer():
    kind = RegistrationTypeFactory(slug="guest", capacity=100)

    def twin():
        return register_guest(
            conference=kind.conference,
            details=details(1),
            source="api",
            actor=ANONYMOUS,
            scope="somebody POST /x",
            key="k",
            body=b"1",
        )

    answers = at_once([twin] * 32)

    assert [answer for answer in answers if isinstance(answer, str)] == []
    assert len({answer.body for answer in answers}) == 1
    assert sorted(answer.replayed for answer in answers) == [False] + [True] * 31
    assert places() == (1, 1, 1)


def test_a_place_that_is_given_back_is_taken_once():
    kind = RegistrationTypeFactory(slug="guest", capacity=1, automatic_offers=False)
    holder = RegistrationFactory(registration_type=kind)
    waiting = [RegistrationFactory(registration_type=kind, status="waiting_list") for _ in range(7)]

    def approve(row):
        return lambda: str(approve_registration(registration=row, actor=SYSTEM).status)

    outcomes = at_once(
        [lambda: str(cancel_registration(registration=holder, actor=SYSTEM).status)]
        + [approve(row) for row in waiting]
    )
    # Whether a yes came before or after the place was free is chance; that it is one at most is
    # not.
    assert outcomes[0] == "cancelled"
    assert outcomes.count("confirmed") <= 1
    assert places()[0] == places()[1] == places()[2] == outcomes.count("confirmed")


def test_one_registration_is_cancelled_once():
    kind = RegistrationTypeFactory(slug="guest", capacity=3)
    row = RegistrationFactory(registration_type=kind)
    RegistrationFactory(registration_type=kind)

    outcomes = at_once(
        [lambda: str(cancel_registration(registration=row, actor=SYSTEM).status)] * 8
    )

    assert counted(outcomes) == {"cancelled": 1, "wrong-state": 7}
    assert places() == (1, 1, 1)


def test_types_that_share_places_in_opposite_order_do_not_wait_in_a_circle():
    conference = ConferenceFactory()
    guest = RegistrationTypeFactory(conference=conference, slug="guest", capacity=40)
    press = RegistrationTypeFactory(conference=conference, slug="press", capacity=40)
    shared = (guest.allotments.get(), press.allotments.get())
    guest.allotments.add(shared[1])
    press.allotments.add(shared[0])

    def job(number):
        slug = "guest" if number % 2 else "press"
        return lambda: str(
            register(
                conference=conference,
                source="form",
                actor=ANONYMOUS,
                **details(number) | {"type_slug": slug},
            ).status
        )

    outcomes = at_once([job(n) for n in range(32)])

    assert counted(outcomes) == {"confirmed": 32}
    assert list(Allotment.objects.values_list("taken", flat=True)) == [32, 32]


def test_negative_control_counting_before_inserting_oversells_on_postgresql():
    """The same race with a naive "count, then insert" in a transaction, without our UPDATE.

    All count before anybody inserts, so on PostgreSQL everybody gets "the last place". SQLite's
    writers follow one another, so there nobody even counts before the first has committed.
    """
    clients = 8
    kind = RegistrationTypeFactory(slug="guest", capacity=1)
    all_have_counted = threading.Barrier(clients if connection.vendor == "postgresql" else 1)

    def naive(number):
        def job():
            with transaction.atomic():
                taken = Registration.objects.filter(
                    registration_type=kind, status="confirmed"
                ).count()
                all_have_counted.wait(30)
                if taken >= 1:
                    return "sold-out"
                row = details(number)
                Registration.objects.create(
                    conference=kind.conference,
                    registration_type=kind,
                    booking=Booking.objects.create(
                        conference=kind.conference, contact_email=row["email"]
                    ),
                    status="confirmed",
                    email=row["email"],
                    email_key=row["email"],
                )
                return "confirmed"

        return job

    outcomes = at_once([naive(n) for n in range(clients)])

    sold = clients if connection.vendor == "postgresql" else 1
    assert outcomes.count("confirmed") == sold

"""The last use of a code, the last place of a session, and a hall that is shared while people
register: under real threads on real connections.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import Sum

from core.actors import ANONYMOUS, SYSTEM
from events.services.schedules import publish_schedule
from registrations.models import (
    AccessCode,
    Allotment,
    HeldPlace,
    Registration,
    RegistrationPlace,
    SignUp,
)
from registrations.services.access_codes import (
    change_access_code,
    create_access_code,
    end_access_code,
)
from registrations.services.allotments import create_allotment
from registrations.services.cancelling import cancel_registration, uncancel_registration
from registrations.services.hold_backs import create_hold_back
from registrations.services.registering import register
from registrations.services.sharing import set_allotments
from registrations.services.sign_up_sessions import open_sign_up
from registrations.services.signing_up import choose_sessions
from tests.factories.events import ConferenceFactory, SessionFactory
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory
from tests.registrations.services.test_races import at_once, counted, details

pytestmark = pytest.mark.django_db(transaction=True)


def with_code(conference, number, code="FRIENDS", slug="guest"):
    return lambda: str(
        register(
            conference=conference,
            source="form",
            actor=ANONYMOUS,
            access_code=code,
            **{**details(number), "type_slug": slug},
        ).status
    )


def every_place_is_accounted_for():
    for row in Allotment.objects.all():
        taken = RegistrationPlace.objects.filter(allotment=row).aggregate(n=Sum("count"))["n"]
        held = HeldPlace.objects.filter(allotment=row).aggregate(n=Sum("count"))["n"]
        assert (row.taken, row.held) == (taken or 0, held or 0)
    for code in AccessCode.objects.all():
        assert code.used == Registration.objects.live().filter(access_code=code).count()


@pytest.mark.parametrize("holds", [False, True])
def test_exactly_so_many_as_a_code_has_uses_come_with_it(holds):
    kind = RegistrationTypeFactory(slug="guest", capacity=20)
    create_access_code(
        conference=kind.conference,
        registration_types=[kind],
        code="FRIENDS",
        max_uses=3,
        holds_places=holds,
        actor=SYSTEM,
    )

    outcomes = at_once([with_code(kind.conference, n) for n in range(24)])

    assert counted(outcomes) == {"confirmed": 3, "validation-failed": 21}
    assert (Allotment.objects.get().taken, Allotment.objects.get().held) == (3, 0)
    every_place_is_accounted_for()


def test_two_kinds_with_one_code_and_others_without_never_wait_in_a_circle():
    conference = ConferenceFactory()
    kinds = [
        RegistrationTypeFactory(conference=conference, slug=slug, capacity=30)
        for slug in ("guest", "press")
    ]
    create_access_code(
        conference=conference,
        registration_types=kinds,
        code="FRIENDS",
        max_uses=8,
        holds_places=True,
        actor=SYSTEM,
    )
    hall = create_allotment(conference=conference, name="Hall", capacity=60, actor=SYSTEM)
    for kind in kinds:
        own = kind.allotments.get()
        set_allotments(registration_type=kind, allotments=[hall, own], expected=None, actor=SYSTEM)

    def come(number):
        slug = "guest" if number % 2 else "press"
        return with_code(conference, number, "FRIENDS" if number % 3 else "", slug)

    outcomes = at_once([come(n) for n in range(24)])

    assert set(outcomes) <= {"confirmed", "validation-failed"}
    assert Registration.objects.filter(access_code__isnull=False).count() == 8
    every_place_is_accounted_for()


def test_a_code_that_is_ended_while_people_come_keeps_nothing():
    kind = RegistrationTypeFactory(slug="guest", capacity=40)
    code = create_access_code(
        conference=kind.conference,
        registration_types=[kind],
        code="FRIENDS",
        max_uses=10,
        holds_places=True,
        actor=SYSTEM,
    )

    def end():
        return str(end_access_code(access_code=code, expected=None, actor=SYSTEM).active)

    def fewer():
        change = {"max_uses": 9}
        changed = change_access_code(access_code=code, changes=change, expected=None, actor=SYSTEM)
        return str(changed.max_uses)

    at_once([with_code(kind.conference, n) for n in range(12)] + [end, fewer])

    assert not HeldPlace.objects.exists()
    every_place_is_accounted_for()


def test_a_use_that_is_given_back_is_taken_once():
    kind = RegistrationTypeFactory(slug="guest", capacity=40)
    create_access_code(
        conference=kind.conference,
        registration_types=[kind],
        code="FRIENDS",
        max_uses=1,
        holds_places=True,
        actor=SYSTEM,
    )
    with_code(kind.conference, 0)()
    row = Registration.objects.get()

    at_once(
        [
            lambda: str(cancel_registration(registration=row, actor=SYSTEM).status),
            lambda: str(uncancel_registration(registration=row, actor=SYSTEM).status),
            *[with_code(kind.conference, n) for n in range(1, 9)],
        ]
    )

    assert AccessCode.objects.get().used <= 1
    every_place_is_accounted_for()


def test_exactly_one_gets_the_last_place_of_a_session():
    kind = RegistrationTypeFactory(slug="guest", capacity=30)
    start = kind.conference.start_local
    session = SessionFactory(
        conference=kind.conference, start_local=start, end_local=start + dt.timedelta(hours=1)
    )
    open_sign_up(session=session, capacity=1, actor=SYSTEM)
    publish_schedule(conference=kind.conference, name="1.0", actor=SYSTEM)
    rows = [RegistrationFactory(registration_type=kind) for _ in range(12)]

    def choose(row):
        def job():
            codes = [session.code]
            choose_sessions(registration=row, codes=codes, expected=None, actor=SYSTEM)
            return "chosen"

        return job

    outcomes = at_once([choose(row) for row in rows])

    assert counted(outcomes) == {"chosen": 1, "sold-out": 11}
    assert SignUp.objects.count() == 1
    every_place_is_accounted_for()


def test_one_guest_in_two_tabs_never_has_two_sessions_at_one_time():
    kind = RegistrationTypeFactory(slug="guest", capacity=30)
    start = kind.conference.start_local
    sessions = [
        SessionFactory(
            conference=kind.conference, start_local=start, end_local=start + dt.timedelta(hours=1)
        )
        for _ in range(2)
    ]
    for one in sessions:
        open_sign_up(session=one, capacity=9, actor=SYSTEM)
    publish_schedule(conference=kind.conference, name="1.0", actor=SYSTEM)
    row = RegistrationFactory(registration_type=kind)

    def choose(one):
        def job():
            choose_sessions(registration=row, codes=[one.code], expected=None, actor=SYSTEM)
            return "chosen"

        return job

    assert set(at_once([choose(one) for one in sessions * 4])) == {"chosen"}
    assert SignUp.objects.count() == 1
    every_place_is_accounted_for()


def test_a_hall_that_is_shared_while_people_register_counts_every_one():
    kind = RegistrationTypeFactory(slug="guest", capacity=40)
    conference = kind.conference
    own = kind.allotments.get()
    hall = create_allotment(conference=conference, name="Hall", capacity=40, actor=SYSTEM)

    def share():
        set_allotments(registration_type=kind, allotments=[own, hall], expected=None, actor=SYSTEM)
        return "shared"

    outcomes = at_once([with_code(conference, n, "") for n in range(16)] + [share])

    assert counted(outcomes) == {"confirmed": 16, "shared": 1}
    hall.refresh_from_db()
    assert hall.taken == 16
    every_place_is_accounted_for()


def test_keeping_back_and_registering_never_oversell():
    kind = RegistrationTypeFactory(slug="guest", capacity=10, waiting_list=False)
    own = kind.allotments.get()

    def keep(number):
        return lambda: str(
            create_hold_back(allotment=own, name=f"Board {number}", count=3, actor=SYSTEM).pk > 0
        )

    outcomes = at_once(
        [with_code(kind.conference, n, "") for n in range(10)] + [keep(n) for n in range(3)]
    )

    own.refresh_from_db()
    assert own.taken + own.held <= 10
    assert set(outcomes) <= {"confirmed", "sold-out", "True"}
    every_place_is_accounted_for()

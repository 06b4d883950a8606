"""An offered place: whose it is, until when, and what becomes of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.actors import SYSTEM, Actor
from core.errors import DomainError
from core.models import AuditEntry
from events.services.lifecycle import postpone_conference, reopen_conference
from registrations.models import Allotment, Registration, RegistrationType
from registrations.services.approving import reject_registration
from registrations.services.cancelling import cancel_registration
from registrations.services.filling import fill_all_freed_places, fill_freed_places
from registrations.services.holding import release_lapsed_holds
from registrations.services.offering import (
    accept_offer,
    decline_offer,
    expire_offers,
    join_list_again,
    offer_place,
)
from registrations.services.type_states import place_in_line
from registrations.services.types import change_registration_type
from registrations.signals import places_freed
from tests.factories.registrations import (
    InvitationFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db
GUEST = Actor("guest")


@pytest.fixture
def kind(conference):
    return RegistrationTypeFactory(conference=conference, slug="guest", capacity=1)


@pytest.fixture
def placed(kind):
    return RegistrationFactory(registration_type=kind)


@pytest.fixture
def line(kind, placed, clock):
    """Three who wait, a minute apart; the second one was written down last."""
    now = timezone.now()
    rows = [
        RegistrationFactory(
            registration_type=kind,
            status="waiting_list",
            waiting_since=now + dt.timedelta(minutes=minutes),
        )
        for minutes in (0, 2, 1)
    ]
    clock.shift(600)
    return [rows[0], rows[2], rows[1]]


def statuses(*rows):
    found = dict(Registration.objects.values_list("pk", "status"))
    return [found[row.pk] for row in rows]


def taken():
    return Allotment.objects.get().taken


def test_a_cancelled_place_is_offered_to_who_waits_longest(placed, line, told):
    cancel_registration(registration=placed, actor=SYSTEM)

    first = Registration.objects.get(pk=line[0].pk)
    assert statuses(*line) == ["offered", "waiting_list", "waiting_list"]
    assert first.offer_expires_at == timezone.now() + dt.timedelta(hours=48)
    assert taken() == 1
    assert told == [("cancelled", 1, False), ("offered", 1, False)]
    entry = AuditEntry.objects.get(verb="offer_place")
    assert (entry.actor_kind, entry.object_uid) == ("rule", str(first.uid))
    assert place_in_line(Registration.objects.get(pk=line[1].pk)) == 1


def test_an_offer_ends_with_the_start_at_the_latest(conference, placed, line, clock):
    clock.move_to(conference.starts_at - dt.timedelta(hours=5))
    cancel_registration(registration=placed, actor=SYSTEM)
    assert Registration.objects.get(pk=line[0].pk).offer_expires_at == conference.starts_at


def test_nothing_is_offered_once_it_has_begun(conference, placed, line, clock):
    clock.move_to(conference.starts_at)
    cancel_registration(registration=placed, actor=SYSTEM)
    assert statuses(*line) == ["waiting_list"] * 3
    assert taken() == 0


def test_the_guest_takes_the_place_and_twice_is_once(placed, line, told):
    cancel_registration(registration=placed, actor=SYSTEM)
    told.clear()

    for _ in range(2):
        row = accept_offer(registration=line[0], actor=GUEST, by_guest=True)

    assert (row.status, row.offer_expires_at) == ("confirmed", None)
    assert row.confirmed_at == timezone.now()
    assert row.confirmed_day == dt.date(2027, 3, 18)
    assert taken() == 1
    assert told == [("accepted", 1, True)]


def test_a_no_is_the_next_ones_offer(placed, line, told):
    cancel_registration(registration=placed, actor=SYSTEM)
    told.clear()

    for _ in range(2):
        decline_offer(registration=line[0], actor=GUEST, by_guest=True)

    assert statuses(*line) == ["cancelled", "offered", "waiting_list"]
    assert told == [("cancelled", 1, True), ("offered", 1, False)]


def test_silence_is_the_next_ones_offer_too(placed, line, told, clock):
    cancel_registration(registration=placed, actor=SYSTEM)
    told.clear()
    clock.shift(dt.timedelta(hours=48))

    with pytest.raises(DomainError) as late:
        accept_offer(registration=line[0], actor=GUEST, by_guest=True)
    assert late.value.kind == "wrong-state"
    assert expire_offers() == 1
    assert expire_offers() == 0

    assert statuses(*line) == ["expired", "offered", "waiting_list"]
    assert told == [("offer_expired", 1, False), ("offered", 1, False)]
    assert taken() == 1


def test_who_lapsed_joins_the_list_again_at_its_end(placed, line, clock):
    cancel_registration(registration=placed, actor=SYSTEM)
    clock.shift(dt.timedelta(hours=49))
    expire_offers()

    join_list_again(registration=line[0], actor=GUEST, by_guest=True)

    assert statuses(*line) == ["waiting_list", "offered", "waiting_list"]
    assert place_in_line(Registration.objects.get(pk=line[0].pk)) == 2


def test_who_joins_an_empty_list_again_has_an_offer_at_once(kind):
    row = RegistrationFactory(registration_type=kind, status="expired")
    assert join_list_again(registration=row, actor=GUEST).status == "offered"
    assert taken() == 1


def test_a_confirmed_one_has_no_list_to_join(placed):
    with pytest.raises(DomainError) as refusal:
        join_list_again(registration=placed, actor=GUEST)
    assert refusal.value.kind == "wrong-state"


def test_turning_an_offered_one_down_frees_the_place(placed, line):
    cancel_registration(registration=placed, actor=SYSTEM)
    reject_registration(registration=line[0], actor=SYSTEM)
    assert statuses(*line) == ["rejected", "offered", "waiting_list"]
    assert taken() == 1


def test_more_places_are_more_offers(kind, line):
    change_registration_type(
        registration_type=kind, changes={"capacity": 3}, expected=None, actor=SYSTEM
    )
    assert statuses(*line) == ["offered", "offered", "waiting_list"]


def test_a_lapsed_hold_is_an_offer(kind, conference, clock):
    InvitationFactory(
        registration_type=kind, held=1, reply_until_at=timezone.now() + dt.timedelta(hours=1)
    )
    row = RegistrationFactory(registration_type=kind, status="waiting_list")
    clock.shift(dt.timedelta(hours=1))
    release_lapsed_holds()
    assert statuses(row) == ["offered"]


def test_an_organiser_offers_by_hand_where_nothing_goes_by_itself(kind, placed, line):
    RegistrationType.objects.update(automatic_offers=False)
    cancel_registration(registration=placed, actor=SYSTEM)
    assert fill_all_freed_places() == 0
    assert statuses(*line) == ["waiting_list"] * 3

    offer_place(registration=line[1], actor=SYSTEM)

    assert statuses(*line) == ["waiting_list", "offered", "waiting_list"]
    with pytest.raises(DomainError) as refusal:
        offer_place(registration=line[0], actor=SYSTEM)
    assert refusal.value.kind == "sold-out"
    assert statuses(*line) == ["waiting_list", "offered", "waiting_list"]


def test_another_kind_in_the_same_hall_is_served_in_its_turn(conference, kind, placed):
    hall = kind.allotments.get()
    press = RegistrationTypeFactory(conference=conference, slug="press", capacity=5)
    press.allotments.add(hall)
    row = RegistrationFactory(registration_type=press, status="waiting_list")
    cancel_registration(registration=placed, actor=SYSTEM)
    assert statuses(row) == ["offered"]


def test_who_waits_for_something_full_keeps_nobody_else_waiting(conference, kind):
    full = RegistrationTypeFactory(conference=conference, slug="press", capacity=0)
    full.allotments.add(kind.allotments.get())
    first = RegistrationFactory(registration_type=full, status="waiting_list")
    second = RegistrationFactory(registration_type=kind, status="waiting_list")
    assert fill_all_freed_places() == 1
    assert statuses(first, second) == ["waiting_list", "offered"]


def test_a_few_are_offered_at_once_and_the_task_does_the_rest(conference):
    kind = RegistrationTypeFactory(conference=conference, capacity=40)
    rows = [RegistrationFactory(registration_type=kind, status="waiting_list") for _ in range(25)]
    filled = fill_freed_places(conference_id=conference.pk)
    assert (filled.offered, filled.more) == (10, True)
    assert fill_all_freed_places() == 15
    assert fill_all_freed_places() == 0
    assert statuses(*rows) == ["offered"] * 25


def test_offering_costs_the_same_however_many_wait(
    kind, placed, line, unheard, django_assert_max_num_queries
):
    RegistrationFactory.create_batch(30, registration_type=kind, status="waiting_list")
    Allotment.objects.update(capacity=2)
    with django_assert_max_num_queries(22):
        fill_freed_places(conference_id=kind.conference_id)
    assert statuses(*line) == ["offered", "waiting_list", "waiting_list"]


def test_offers_wait_while_a_conference_is_postponed(conference, placed, line, clock):
    cancel_registration(registration=placed, actor=SYSTEM)
    conference.refresh_from_db()
    postpone_conference(conference=conference, expected=None, actor=SYSTEM)
    clock.shift(dt.timedelta(days=3))
    assert expire_offers() == 0
    conference.refresh_from_db()
    reopen_conference(conference=conference, expected=None, actor=SYSTEM)
    assert expire_offers() == 0
    first = Registration.objects.get(pk=line[0].pk)
    assert first.offer_expires_at == timezone.now() + dt.timedelta(hours=48)


def test_those_above_hear_that_places_are_free(placed, kind):
    heard = []

    def hear(sender, event, **kwargs):
        heard.append(event.allotment_ids)

    places_freed.connect(hear)
    try:
        cancel_registration(registration=placed, actor=SYSTEM)
    finally:
        places_freed.disconnect(hear)
    assert heard == [(kind.allotments.get().pk,)]

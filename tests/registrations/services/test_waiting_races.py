"""Many free places and fill them at the same moment: nobody waits for another in a circle, nobody
is passed over, and nothing is lost.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.actors import SYSTEM
from registrations.models import Allotment, Registration, RegistrationPlace
from registrations.services.cancelling import cancel_registration
from registrations.services.deciding import decide_registrations
from registrations.services.filling import fill_all_freed_places
from registrations.services.offering import expire_offers
from registrations.services.sharing import set_allotments
from registrations.signals import places_freed
from tests.factories.registrations import (
    AllotmentFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)
from tests.registrations.services.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PLACES, WAITING = 8, 12


@pytest.fixture
def kind():
    return RegistrationTypeFactory(slug="guest", capacity=PLACES)


@pytest.fixture
def line(kind):
    now = timezone.now()
    return [
        RegistrationFactory(
            registration_type=kind,
            status="waiting_list",
            waiting_since=now + dt.timedelta(seconds=number),
        )
        for number in range(WAITING)
    ]


def statuses(rows):
    found = dict(Registration.objects.values_list("pk", "status"))
    return [found[row.pk] for row in rows]


def figures():
    row = Allotment.objects.get()
    return row.taken, row.held, RegistrationPlace.objects.count()


def test_all_cancel_at_once_while_sweepers_run(kind, line):
    placed = [RegistrationFactory(registration_type=kind) for _ in range(PLACES)]

    def cancel(row):
        return lambda: cancel_registration(registration=row, actor=SYSTEM).status

    outcomes = at_once([*map(cancel, placed), *[fill_all_freed_places] * 4])
    fill_all_freed_places()

    assert outcomes[:PLACES] == ["cancelled"] * PLACES
    assert statuses(line) == ["offered"] * PLACES + ["waiting_list"] * (WAITING - PLACES)
    assert figures() == (PLACES, 0, PLACES)


def test_offers_that_lapse_are_let_go_once_however_many_look(kind, line):
    offered = [RegistrationFactory(registration_type=kind, status="offered") for _ in range(PLACES)]
    Registration.objects.filter(pk__in=[row.pk for row in offered]).update(
        offer_expires_at=timezone.now() - dt.timedelta(minutes=1)
    )
    at_once([expire_offers] * 4)
    fill_all_freed_places()
    assert statuses(offered) == ["expired"] * PLACES
    assert statuses(line) == ["offered"] * PLACES + ["waiting_list"] * (WAITING - PLACES)
    assert figures() == (PLACES, 0, PLACES)


def test_two_organisers_decide_the_same_people_at_once(kind):
    asking = [
        RegistrationFactory(registration_type=kind, status="pending_approval")
        for _ in range(WAITING)
    ]
    codes = [row.code for row in asking]

    def decide():
        return decide_registrations(
            conference=kind.conference, codes=codes, decision="approve", actor=SYSTEM
        )

    outcomes = at_once([decide] * 3)

    assert sum(len(one.confirmed) for one in outcomes) == PLACES
    assert sum(len(one.waiting) for one in outcomes) == WAITING - PLACES
    assert statuses(asking) == ["confirmed"] * PLACES + ["waiting_list"] * (WAITING - PLACES)
    assert figures() == (PLACES, 0, PLACES)


def test_who_waits_for_fewer_things_is_thought_of_after_the_commit(kind):
    """No place is given back by that, so nothing else would wake the task."""
    hall = AllotmentFactory(conference=kind.conference, name="hall", capacity=0)
    own = kind.allotments.get()
    kind.allotments.add(hall)
    row = RegistrationFactory(registration_type=kind, status="waiting_list")
    woken = []

    def hear(sender, event, **kwargs):
        woken.extend(event.allotment_ids)

    places_freed.connect(hear)
    try:
        set_allotments(registration_type=kind, allotments=[own], expected=None, actor=SYSTEM)
    finally:
        places_freed.disconnect(hear)

    assert woken == [own.pk]
    fill_all_freed_places()
    assert statuses([row]) == ["offered"]

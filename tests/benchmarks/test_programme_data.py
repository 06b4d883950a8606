from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest

from benchmarks.programme_data import make_programme
from events.models import Participation
from registrations.models import Registration
from tests.factories.accounts import OrganisationFactory

pytestmark = pytest.mark.django_db


def _placed(conference):
    rows = conference.sessions.filter(starts_at__isnull=False).exclude(kind="break")
    return [
        (s.starts_at, s.ends_at, s.room_id, {p.person_id for p in s.participations.all()})
        for s in rows.prefetch_related("participations")
    ]


def _meet(one, other):
    return one[0] < other[1] and other[0] < one[1]


def test_a_large_programme_is_whole_and_without_a_clash():
    conference = make_programme(OrganisationFactory(), sessions=60, rooms=4, people=40, days=3)

    assert conference.sessions.count() == 60
    assert Counter(s.starts_at is None for s in conference.sessions.all()) == {
        False: 59,
        True: 1,
    }
    placed = _placed(conference)
    assert not [
        pair
        for pair in combinations(placed, 2)
        if _meet(*pair) and (pair[0][2] == pair[1][2] or pair[0][3] & pair[1][3])
    ]
    confirmed = Participation.objects.filter(state="confirmed").values("person").distinct()
    registered = Registration.objects.filter(person__in=confirmed, status="confirmed")
    assert confirmed.count() == registered.count() == Registration.objects.count()
    (allotment,) = conference.allotments.all()
    assert allotment.taken == registered.count()


def test_a_large_programme_has_as_many_clashes_as_asked_for_and_can_be_published():
    conference = make_programme(
        OrganisationFactory(), sessions=40, rooms=4, people=40, days=2, clashes=3, publish=True
    )

    clashes = [
        pair
        for pair in combinations(_placed(conference), 2)
        if _meet(*pair) and pair[0][2] == pair[1][2]
    ]
    assert len(clashes) >= 3
    assert conference.schedule_versions.count() == 1


def test_too_many_sessions_for_the_rooms_are_refused():
    with pytest.raises(ValueError, match="more rooms"):
        make_programme(OrganisationFactory(), sessions=100, rooms=2, people=100, days=2)

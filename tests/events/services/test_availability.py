from __future__ import annotations

import datetime as dt

import pytest

from events.models import Availability
from events.services.availability import availabilities_of, set_availability, windows_of
from events.services.conferences import change_conference
from events.services.instants import resolve_again
from tests.factories.events import PersonFactory

at = dt.datetime.fromisoformat
MORNING = {"start_local": at("2027-03-18T09:00"), "end_local": at("2027-03-18T12:00")}
EVENING = {"start_local": "2027-03-18T18:00", "end_local": "2027-03-18T22:00", "note": "by train"}


@pytest.fixture
def person(conference):
    return PersonFactory(organisation=conference.organisation)


def put(conference, person, actor, *windows, expected=None):
    return set_availability(
        conference=conference, person=person, windows=windows, expected=expected, actor=actor
    )


def test_availability_is_said_anew_each_time(conference, person, actor, audited):
    put(conference, person, actor, EVENING, MORNING)

    verb, changed, facts = audited()
    assert (verb, changed) == ("set_availability", ["availabilities"])
    assert facts == {"conference": str(conference.uid), "windows": 2}
    assert windows_of(conference) == {
        person.code: (
            (at("2027-03-18T08:00Z"), at("2027-03-18T11:00Z")),
            (at("2027-03-18T17:00Z"), at("2027-03-18T21:00Z")),
        )
    }
    conference.refresh_from_db()
    assert conference.version == 2

    put(conference, person, actor, MORNING, EVENING)  # the same
    conference.refresh_from_db()
    assert conference.version == 2

    assert put(conference, person, actor) == []
    assert windows_of(conference) == {}


def test_people_are_listed_by_name_with_all_their_times(
    conference, person, actor, django_assert_num_queries
):
    first = PersonFactory(organisation=conference.organisation, family_name="Aleksić")
    first.sort_key = "aleksic"
    first.save()
    put(conference, person, actor, MORNING)
    put(conference, first, actor, MORNING, EVENING)

    with django_assert_num_queries(1):
        found = availabilities_of(conference)
    assert [(one.code, [row.note for row in rows]) for one, rows in found] == [
        (first.code, ["", "by train"]),
        (person.code, [""]),
    ]


@pytest.mark.parametrize(
    ("windows", "pointer"),
    [
        ([{"start_local": "2027-03-18T09:00"}], "/windows/0/end_local"),
        ([MORNING, {"end_local": "2027-03-18T09:00"}], "/windows/1/start_local"),
        ([MORNING | {"end_local": MORNING["start_local"]}], "/windows/0/end_local"),
        ([MORNING | {"note": "x" * 201}], "/windows/0/note"),
        ([MORNING | {"start_local": "soon"}], "/windows/0/start_local"),
        ([MORNING] * 21, "/windows"),
    ],
)
def test_wrong_times_are_refused(conference, person, actor, refused, windows, pointer):
    with refused("validation-failed", conference, pointer=pointer):
        put(conference, person, actor, *windows)
    assert Availability.objects.count() == 0


def test_nobody_of_another_organisation_is_known(conference, actor, refused):
    with refused("validation-failed", conference, pointer="/person"):
        put(conference, PersonFactory(), actor, MORNING)
    with refused("stale", conference):
        put(conference, PersonFactory(), actor, MORNING, expected=9)


def test_a_move_leaves_the_times_of_people_and_another_zone_moves_the_instants(
    conference, person, actor
):
    put(conference, person, actor, MORNING)

    change_conference(
        conference=conference,
        changes={"start_local": "2027-03-19T10:00", "end_local": "2027-03-19T13:30"},
        expected=None,
        actor=actor,
    )
    row = Availability.objects.get()
    assert (row.start_local, row.starts_at) == (MORNING["start_local"], at("2027-03-18T08:00Z"))

    change_conference(
        conference=conference, changes={"time_zone": "Europe/London"}, expected=None, actor=actor
    )
    row.refresh_from_db()
    assert (row.start_local, row.starts_at) == (MORNING["start_local"], at("2027-03-18T09:00Z"))


def test_new_rules_of_a_zone_reach_availability(conference, person, actor):
    put(conference, person, actor, MORNING)
    Availability.objects.update(starts_at=at("2027-03-18T01:00Z"))

    assert resolve_again(conference=conference, actor=actor) is True
    assert Availability.objects.get().starts_at == at("2027-03-18T08:00Z")
    assert resolve_again(conference=conference, actor=actor) is False


def test_a_time_that_clocks_skip_stays_without_room_for_anything(conference, person, actor):
    gap = {"start_local": "2027-03-28T02:50", "end_local": "2027-03-28T03:10"}

    (row,) = put(conference, person, actor, gap)

    assert row.ends_at - row.starts_at == dt.timedelta(minutes=1)

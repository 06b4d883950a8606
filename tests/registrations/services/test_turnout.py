"""How many of the yeses will come: shares of earlier conferences, drawn together where few."""

from __future__ import annotations

import datetime as dt

import pytest

from registrations.services.turnout import (
    History,
    Share,
    Turnout,
    expect,
    expected_turnout,
    history_of,
)
from tests.factories.events import ConferenceFactory, PersonFactory, TagFactory
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

CAME = dt.datetime(2026, 10, 1, 9, tzinfo=dt.UTC)


def history(conferences=3, had=94, came=70, **by_tag):
    return History(conferences, Share(had, came), {k: Share(*v) for k, v in by_tag.items()})


def test_without_an_earlier_check_in_there_is_no_number():
    assert expect([[]] * 94, history(0, 0, 0)) is None


def test_the_share_of_all_is_used_where_a_tag_is_unknown():
    found = expect([[], ["press"]] * 47, history())

    assert found == Turnout(expected=70, of=94, conferences=3)
    assert found.words == "about 70 of 94; from 3 earlier conferences"
    assert expect([], history(1)).words == "about 0 of 0; from 1 earlier conference"


def test_a_tag_with_many_people_speaks_for_itself():
    told = history(had=1000, came=500, student=(500, 450))
    assert expect([["student"]] * 100, told).expected == 89  # 90 without the prior


def test_three_lucky_diplomats_are_no_promise():
    told = history(had=100, came=50, diplomatic=(3, 3))
    # (3 + 10 × 0.51) / 13
    assert expect([["diplomatic"]] * 100, told).expected == 62


def test_of_several_tags_the_mean_counts():
    told = history(had=200, came=100, vip=(10_000, 10_000), press=(10_000, 0))
    assert expect([["vip", "press"]] * 100, told).expected == 50


def test_one_conference_with_one_guest_is_hardly_known():
    assert expect([[]] * 100, history(1, 1, 0)).expected == 60  # (0 + 3) / (1 + 4)


@pytest.fixture
def earlier(organisation, conference):
    vip = TagFactory(organisation=organisation, slug="vip")
    person = PersonFactory(organisation=organisation)
    person.tags.add(vip)
    kinds = [
        RegistrationTypeFactory(
            conference=ConferenceFactory(
                organisation=organisation,
                start_local=dt.datetime(2026, month, 1, 10),
                end_local=dt.datetime(2026, month, 1, 12),
            ),
            capacity=100,
        )
        for month in (9, 10)
    ]
    RegistrationFactory(registration_type=kinds[0], checked_in_at=CAME, person=person)
    RegistrationFactory(registration_type=kinds[0], checked_in_at=CAME)
    RegistrationFactory(registration_type=kinds[0])
    RegistrationFactory(registration_type=kinds[0], status="cancelled")
    RegistrationFactory.create_batch(5, registration_type=kinds[1])  # nobody was checked in
    return kinds


def test_history_is_what_check_ins_say(conference, earlier, guest_type, other_organisation):
    RegistrationFactory(registration_type=guest_type, checked_in_at=CAME)
    RegistrationFactory(
        registration_type=RegistrationTypeFactory(
            conference=ConferenceFactory(
                organisation=other_organisation,
                start_local=dt.datetime(2026, 9, 1, 10),
                end_local=dt.datetime(2026, 9, 1, 12),
            )
        ),
        checked_in_at=CAME,
    )

    assert history_of(conference) == History(1, Share(3, 2), {"vip": Share(1, 1)})


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_many(
    conference, earlier, guest_type, count, django_assert_num_queries
):
    RegistrationFactory.create_batch(count, registration_type=guest_type)
    with django_assert_num_queries(3):
        found = expected_turnout(conference)
    assert found == Turnout({1: 1, 3: 2}[count], count, 1)


def test_a_house_without_history_says_none(conference, guest_type, django_assert_num_queries):
    RegistrationFactory(registration_type=guest_type)
    with django_assert_num_queries(2):
        assert expected_turnout(conference) is None

"""Added, sent, seen, answered, coming, came: together and by tag."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from registrations.services.funnel import bars_of, funnel_of, silent_vips, stages_of
from tests.factories.events import TagFactory
from tests.factories.registrations import InvitationFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)


@pytest.fixture
def vip(organisation):
    return TagFactory(organisation=organisation, slug="vip", name="VIP")


def guest(kind, *tags, **fields):
    row = InvitationFactory(registration_type=kind, **fields)
    row.person.tags.set(tags)
    return row


def answered(response):
    return {"response": response, "answered_at": NOW, "answered_via": "link"}


@pytest.fixture
def crowd(guest_type, vip, organisation):
    press = TagFactory(organisation=organisation, slug="press", name="Press")
    place = RegistrationFactory(registration_type=guest_type, checked_in_at=NOW)
    guest(guest_type)
    guest(guest_type, vip, sent_at=NOW)
    guest(guest_type, vip, sent_at=NOW, seen_at=NOW)
    guest(guest_type, vip, press, sent_at=NOW, registration=place, **answered("accepted"))
    guest(guest_type, press, sent_at=NOW, **answered("declined"))
    guest(guest_type, **answered("tentative"))
    guest(guest_type, vip, sent_at=NOW, withdrawn_at=NOW)


def figures(stage):
    names = ("added", "sent", "seen", "answered", "coming", "attended", "silent", "not_asked")
    return tuple(getattr(stage, name) for name in names)


def test_the_funnel_counts_live_invitations(conference, crowd):
    whole, by_tag = funnel_of(conference)

    assert figures(whole) == (6, 4, 4, 3, 1, 1, 2, 1)
    assert (whole.maybe, whole.declined, whole.companions) == (1, 1, 0)
    assert {stage.name: figures(stage) for stage in by_tag} == {
        "Press": (2, 2, 2, 2, 1, 1, 0, 0),
        "VIP": (3, 3, 2, 1, 1, 1, 2, 0),
    }
    assert [stage.name for stage in by_tag] == ["Press", "VIP"]


def test_bars_are_as_wide_as_their_share(conference, crowd):
    bars = bars_of(funnel_of(conference)[0])

    assert [(bar.label, bar.number, bar.width) for bar in bars] == [
        ("Added", 6, 460),
        ("Sent", 4, 307),
        ("Page seen", 4, 307),
        ("Answered", 3, 230),
        ("Coming", 1, 77),
        ("Came", 1, 77),
    ]


def test_nobody_invited_is_no_division_by_zero(conference):
    whole, by_tag = funnel_of(conference)
    assert (figures(whole), by_tag) == ((0,) * 8, [])
    assert {bar.width for bar in bars_of(whole)} == {0}


def test_silent_vips_are_counted_once(conference, crowd, vip, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert silent_vips(conference) == (2, 2)


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_many(conference, guest_type, vip, count, django_assert_num_queries):
    for _ in range(count):
        guest(guest_type, vip, sent_at=timezone.now())
    with django_assert_num_queries(2):
        funnel_of(conference)
    with django_assert_num_queries(1):
        assert stages_of([conference])[conference.pk].silent == count

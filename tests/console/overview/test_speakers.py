"""What of the speakers needs somebody, as sentences with a button."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from console.overview.needs import needs_of
from console.overview.speakers import speakers_of
from events.models import Candidate
from events.services.speaker_answers import WOULD_COME
from tests.factories.events import ConferenceFactory, ParticipationFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def conference(organisation, frozen):
    frozen("2027-01-20T09:00")
    return ConferenceFactory(organisation=organisation, slug="forum", title={"en": "Forum"})


@pytest.fixture
def seat(conference):
    session = SessionFactory(conference=conference, code="PANEL2", title={"en": "Rivers"})

    def make(state, days=0, **fields):
        at = timezone.now() - dt.timedelta(days=days)
        return ParticipationFactory(
            session=fields.pop("session", session),
            state=state,
            asked_at=at,
            last_asked_at=at,
            person__given_name=fields.pop("name", "Ana"),
            person__family_name="Petrović",
            **fields,
        )

    return make


def said(conference):
    found = needs_of(conference.organisation.slug, [conference], lambda _permission: True)
    return [
        (need.sentence, need.label, need.url.removeprefix("/manage/institute/forum/"))
        for need in found
        if need.label in {"See who", "Replace", "See the sessions", "See the shortlist"}
    ]


def test_who_is_silent_for_five_days_is_named_or_counted(conference, seat):
    seat("invited", 4)
    assert said(conference) == []
    seat("invited", 5)
    assert said(conference) == [
        (
            "Ana Petrović has not answered whether they speak at Forum for 5 days.",
            "See who",
            "sessions/PANEL2/",
        )
    ]
    seat("invited", 6, session=SessionFactory(conference=conference))
    assert said(conference) == [
        (
            "2 people have not answered whether they speak at Forum for 5 days.",
            "See who",
            "sessions/",
        )
    ]


def test_who_declined_is_to_be_replaced_until_somebody_was(conference, seat):
    row = seat("declined")
    assert said(conference) == [
        (
            "Ana Petrović declined “Rivers”.",
            "Replace",
            f"sessions/PANEL2/people/{row.code}/replace/",
        )
    ]
    seat("planned", replaces=row)
    assert said(conference) == []


def test_of_many_who_declined_the_first_are_named(conference, seat):
    for _ in range(5):
        seat("declined")
    assert [label for _sentence, label, _url in said(conference)] == [
        *["Replace"] * 3,
        "See the sessions",
    ]
    assert said(conference)[3][0] == "2 more have declined to speak at Forum."


def test_who_would_speak_after_all_is_said(conference, seat):
    row = seat("declined")
    seat("confirmed", replaces=row)
    Candidate.objects.create(session=row.session, person=row.person, role=row.role, note=WOULD_COME)
    assert said(conference) == [
        (
            "Ana Petrović would speak in “Rivers” after all; somebody else has the seat.",
            "See the shortlist",
            "sessions/PANEL2/",
        )
    ]


def test_what_has_begun_or_is_cancelled_needs_nobody(conference, seat):
    past = SessionFactory(
        conference=conference,
        start_local=dt.datetime.fromisoformat("2027-01-19T10:00"),
        end_local=dt.datetime.fromisoformat("2027-01-19T11:00"),
    )
    seat("declined", session=past)
    seat("declined", session=SessionFactory(conference=conference, state="cancelled"))
    assert said(conference) == []


@pytest.mark.parametrize("number", [1, 3])
def test_it_takes_two_queries(conference, seat, number, django_assert_num_queries):
    for _ in range(number):
        seat("declined")
        seat("invited", 9)
    with django_assert_num_queries(2):
        found = speakers_of([conference], timezone.now())[conference.pk]
        assert [len(found.silent), len(found.declined)] == [number, number]

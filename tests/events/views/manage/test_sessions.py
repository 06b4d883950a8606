"""The draft's sessions by day, the line that adds one, and what is done with one."""

from __future__ import annotations

import datetime as dt

import pytest

from events.models import Session
from tests.events.views.reading import text_of
from tests.factories.events import (
    ConferenceFactory,
    ParticipationFactory,
    SessionFactory,
    TrackFactory,
)

SESSIONS = "/manage/institute/open-forum/sessions/"
PANEL = f"{SESSIONS}PANEL2/"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    owner, organisation, client_as, django_assert_num_queries, count
):
    conference = ConferenceFactory(organisation=organisation, slug="open-forum")
    for number in range(count):
        session = SessionFactory(
            conference=conference,
            track=TrackFactory(conference=conference),
            start_local=dt.datetime(2027, 3, 18, 10 + number),
            end_local=dt.datetime(2027, 3, 18, 11 + number),
        )
        ParticipationFactory(session=session, role="moderator")
        ParticipationFactory(session=session, state="invited")
    client = client_as(owner)
    with django_assert_num_queries(18):
        page = text_of(client.get(SESSIONS))
    assert page.count("1 of 2 confirmed") == count


def test_sessions_stand_by_day_and_those_without_a_time_last(owner, stage, client_as):
    SessionFactory(conference=stage.conference, title={"en": "Some day"})
    page = text_of(client_as(owner).get(SESSIONS))
    assert page.index("Thursday, 18 March") < page.index("Who drinks first")
    assert page.index("Who drinks first") < page.index("Without a time")
    assert page.index("Without a time") < page.index("Some day")
    assert "4 in the draft" in page


def test_a_session_is_added_with_all_that_can_be_said(owner, stage, client_as):
    client = client_as(owner)
    assert client.get(f"{SESSIONS}new/").status_code == 200
    track = TrackFactory(conference=stage.conference)
    answer = client.post(
        f"{SESSIONS}new/",
        {
            "kind": "panel",
            "title_en": "Second panel",
            "abstract_en": "More views.",
            "start_local": "2027-03-18T12:30",
            "end_local": "2027-03-18T13:30",
            "room": stage.room.code,
            "track": track.slug,
            "language": "sr-Latn",
            "attribution": "chatham_house",
        },
    )
    row = Session.objects.get(title={"en": "Second panel"})
    assert answer["Location"] == f"{SESSIONS}{row.code}/"
    assert (row.room, row.track, row.language, row.attribution) == (
        stage.room,
        track,
        "sr-Latn",
        "chatham_house",
    )


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("cancel", "The session is cancelled in the draft."),
        ("unschedule", "The session has no time in the draft now."),
        ("delete", "This session stands in a published programme. Cancel it instead."),
        ("restore", "This session is planned already."),
    ],
)
def test_a_verb_is_asked_for_once_more_and_says_how_it_went(owner, stage, client_as, verb, said):
    client = client_as(owner)
    assert client.get(f"{PANEL}{verb}/").status_code == 200
    answer = client.post(f"{PANEL}{verb}/", {"version": stage.panel.version})
    assert answer["Location"] == PANEL
    assert said in text_of(client.get(PANEL))


def test_what_was_never_published_can_be_deleted(owner, stage, client_as):
    SessionFactory(conference=stage.conference, code="NEVER2")
    client = client_as(owner)
    answer = client.post(f"{SESSIONS}NEVER2/delete/")
    assert answer["Location"] == SESSIONS
    assert not Session.objects.filter(code="NEVER2").exists()
    assert client.get(f"{PANEL}explode/").status_code == 404
    assert client.get(f"{SESSIONS}NEVER2/").status_code == 404

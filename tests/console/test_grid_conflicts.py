"""What the grid asks: conflicts of the draft, and those that a move would make."""

from __future__ import annotations

import datetime as dt

import pytest

from core.actors import SYSTEM
from events.models import Session
from events.services.conflicts import conflicts_of, override_conflict
from tests.factories.events import (
    ConferenceFactory,
    ConferenceVenueFactory,
    RoomFactory,
    SessionFactory,
)

GRID = "/manage/institute/open-forum/grid/"


def at(clock):
    return dt.datetime.fromisoformat(f"2027-03-18T{clock}")


@pytest.fixture
def conference(organisation):
    conference = ConferenceFactory(organisation=organisation, slug="open-forum")
    link = ConferenceVenueFactory(conference=conference)
    room = RoomFactory(venue=link.venue, code="HALL22", name={"en": "Hall"})
    for code, start, end in (("AAA222", "10:00", "11:00"), ("BBB222", "11:00", "12:00")):
        SessionFactory(
            conference=conference,
            code=code,
            kind="discussion",
            title={"en": code},
            start_local=at(start),
            end_local=at(end),
            room=room,
        )
    return conference


def errors(answer):
    return [one for one in answer.json()["results"] if one["level"] == "error"]


def check(client, **other):
    posted = {
        "session": "BBB222",
        "start": "2027-03-18T10:30",
        "end": "2027-03-18T11:30",
        "room": "HALL22",
    }
    return client.post(f"{GRID}check/", {**posted, **other})


def test_a_move_says_what_it_would_do_and_does_nothing(owner, conference, client_as):
    client = client_as(owner)
    assert errors(client.get(f"{GRID}conflicts/")) == []
    [found] = errors(check(client))
    assert (found["level"], sorted(found["sessions"]), found["override"]) == (
        "error",
        ["AAA222", "BBB222"],
        False,
    )
    assert "overlap in Hall" in found["sentence"]
    assert errors(check(client, room="")) == []
    assert Session.objects.get(code="BBB222").start_local == at("11:00")


def test_what_is_wrong_is_listed_and_what_is_accepted_is_marked(owner, conference, client_as):
    Session.objects.filter(code="BBB222").update(
        start_local=at("10:30"), starts_at=at("09:30").replace(tzinfo=dt.UTC)
    )
    client = client_as(owner)
    [found] = errors(client.get(f"{GRID}conflicts/"))
    assert found["override"] is False
    [one] = [f for f in conflicts_of(conference) if f.conflict.level == "error"]
    override_conflict(
        conference=conference, key=one.conflict.key, reason="It is one room", by="", actor=SYSTEM
    )
    [found] = errors(client.get(f"{GRID}conflicts/"))
    assert found["override"] is True


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({"session": "ZZZ222"}, 404),
        ({"start": "nonsense"}, 400),
        ({"end": "2027-03-18T09:00"}, 400),
        ({"end": ""}, 400),
    ],
)
def test_a_question_that_can_not_be_answered_says_so(owner, conference, client_as, other, status):
    assert check(client_as(owner), **other).status_code == status

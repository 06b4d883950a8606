"""Arranging over the API: each verb once, with the version that it is meant for; and undoing it."""

from __future__ import annotations

import datetime as dt

import pytest

from events.models import DraftEdit, Session
from tests.factories.events import RoomFactory, SessionFactory

at = dt.datetime.fromisoformat


@pytest.fixture
def morning(conference, room):
    """Return three sessions in a row, by their first letter."""
    return {
        code[0]: SessionFactory(
            conference=conference,
            code=code,
            title={"en": code.capitalize()},
            start_local=at(f"2027-03-18T{start}"),
            end_local=at(f"2027-03-18T{end}"),
            room=room,
        )
        for code, start, end in (
            ("AAA222", "10:00", "10:30"),
            ("BBB222", "10:30", "11:00"),
            ("CCC222", "11:00", "12:00"),
        )
    }


def starts():
    return {s.code[0]: f"{s.start_local:%H:%M}" for s in Session.objects.all()}


def test_a_session_is_placed_and_keeps_its_room_unless_told(api, base, morning, room):
    url = f"{base}/sessions/AAA222/place/"
    body = {"start": "2027-03-18T12:00", "end": "2027-03-18T12:45"}
    answer = api.post(url, body)
    assert (answer.status_code, answer["ETag"]) == (200, '"v2"')
    assert answer.json()["slot"] == {**body, "room": room.code}
    assert starts() == {"A": "12:00", "B": "10:30", "C": "11:00"}
    assert api.post(url, {**body, "room": None}).json()["slot"]["room"] is None
    stale = api.request("POST", url, body, etag='"v1"')
    assert (stale.status_code, stale.json()["type"].rpartition("/")[2]) == (412, "stale")
    wrong = api.post(url, {"start": body["end"], "end": body["start"]}).json()
    assert [e["pointer"] for e in wrong["errors"]] == ["/end"]


def test_a_day_flows_once_for_a_key_and_is_undone_as_a_whole(api, base, morning):
    url = f"{base}/sessions/AAA222/flow/"
    body = {"start": "2027-03-18T10:00", "end": "2027-03-18T10:40"}
    answer = api.post(url, body, Idempotency_Key="once")
    again = api.post(url, body, Idempotency_Key="once")
    assert answer.json() == again.json()
    assert [s["code"] for s in answer.json()["results"]] == ["AAA222", "BBB222", "CCC222"]
    assert starts() == {"A": "10:00", "B": "10:40", "C": "11:10"}
    deed = answer.json()["deed"]
    undone = api.post(f"{base}/draft-edits/{deed}/undo/", {})
    assert undone.status_code == 200
    assert starts() == {"A": "10:00", "B": "10:30", "C": "11:00"}
    assert len(undone.json()["results"]) == 3
    assert api.post(f"{base}/draft-edits/{deed}/undo/", {}).status_code == 409
    api.post(f"{base}/draft-edits/{undone.json()['deed']}/undo/", {})
    assert starts()["C"] == "11:10"


def test_a_day_is_put_in_order(api, base, morning):
    url = f"{base}/sessions/reorder/"
    answer = api.post(url, {"sessions": ["BBB222", "AAA222", "CCC222"]})
    assert [s["code"] for s in answer.json()["results"]] == ["BBB222", "AAA222"]
    assert starts() == {"B": "10:00", "A": "10:30", "C": "11:00"}
    same = api.post(url, {"sessions": ["BBB222", "AAA222", "CCC222"]})
    assert same.json() == {"deed": None, "results": []}
    wrong = api.post(url, {"sessions": ["BBB222"]})
    assert [e["pointer"] for e in wrong.json()["errors"]] == ["/sessions"]


def test_a_break_is_inserted(api, base, morning):
    answer = api.post(f"{base}/sessions/AAA222/insert-after/", {"minutes": 15, "title": "Tea"})
    assert answer.status_code == 200
    assert (answer.json()["kind"], answer.json()["slot"]["start"]) == ("break", "2027-03-18T10:30")
    assert starts()["B"] == "10:45"
    url = f"{base}/sessions/AAA222/insert-after/"
    for body in ({"minutes": 0, "title": "T"}, {"minutes": 5, "title": ""}, {"minutes": 5}):
        assert api.post(url, body).status_code == 400
    assert api.post(url, {"minutes": 5, "title": "T", "kind": "party"}).status_code == 400


def test_changes_are_listed_the_last_first(api, base, morning, room):
    hall = RoomFactory(venue=room.venue, name={"en": "Hall B"})
    slot = {"start": "2027-03-18T12:00", "end": "2027-03-18T12:30", "room": hall.code}
    api.patch(f"{base}/sessions/AAA222/", {"title": "New name"}, '"v1"')
    api.post(f"{base}/sessions/AAA222/place/", slot)
    page = api.get(f"{base}/draft-edits/").json()
    assert [one["sentence"] for one in page["results"]] == [
        "moved it to 12:00 in Hall B",
        "changed the title",
    ]
    first = page["results"][1]
    assert (first["session"], first["before"], first["after"], first["undone_at"]) == (
        "AAA222",
        {"title": {"en": "Aaa222"}},
        {"title": {"en": "New name"}},
        None,
    )
    assert first["by"].startswith("The program “")
    assert first["deed"] == str(DraftEdit.objects.last().deed)
    one = api.get(f"{base}/draft-edits/?page_size=1").json()
    assert len(one["results"]) == 1
    assert api.get(one["next"]).json()["results"] == [first]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_changes_costs_the_same_for_one_and_for_three(
    api, base, morning, django_assert_num_queries, count
):
    for number in range(count):
        api.post(
            f"{base}/sessions/AAA222/place/",
            {"start": f"2027-03-18T1{number}:05", "end": "2027-03-18T15:30"},
        )
    with django_assert_num_queries(5):
        assert len(api.get(f"{base}/draft-edits/").json()["results"]) == count

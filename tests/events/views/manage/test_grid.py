"""The grid editor's page and its moves, answered with facts."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest

from core.actors import Actor
from events.models import DraftEdit, Session
from events.services.sessions import place_session
from tests.events.views.reading import text_of
from tests.factories.accounts import AccountFactory
from tests.factories.events import (
    ConferenceFactory,
    ConferenceVenueFactory,
    ParticipationFactory,
    RoomFactory,
    SessionFactory,
)

GRID = "/manage/institute/open-forum/grid/"
SLOT = "/manage/institute/open-forum/sessions/PANEL2/slot/"


def at(clock):
    return dt.datetime.fromisoformat(f"2027-03-18T{clock}")


@pytest.fixture
def client(owner, stage, client_as):
    return client_as(owner)


def facts_in(page):
    found = re.search(r'<script id="grid-facts"[^>]*>(.*?)</script>', page.text, re.DOTALL)
    return json.loads(found[1])


@pytest.mark.parametrize("count", [1, 3])
def test_the_grid_costs_the_same_for_one_and_for_three(
    owner, organisation, client_as, django_assert_num_queries, count
):
    conference = ConferenceFactory(organisation=organisation, slug="open-forum")
    link = ConferenceVenueFactory(conference=conference)
    for number in range(count):
        session = SessionFactory(
            conference=conference,
            room=RoomFactory(venue=link.venue),
            start_local=at(f"1{number}:00"),
            end_local=at(f"1{number + 1}:00"),
        )
        ParticipationFactory(session=session)
    client = client_as(owner)
    with django_assert_num_queries(6):
        page = client.get(GRID)
    assert len(facts_in(page)["sessions"]) == len(facts_in(page)["rooms"]) == count


def test_the_page_has_the_facts_and_a_table_for_who_has_no_script(client, stage):
    SessionFactory(
        conference=stage.conference, code="SOMDAY", title={"en": "Some day"}, planned_minutes=20
    )
    page = client.get(GRID)
    facts = facts_in(page)
    assert facts["write"] is True
    assert facts["rooms"] == [
        {"code": stage.room.code, "name": "Great hall", "venue": "", "capacity": None}
    ]
    by_code = {one["code"]: one for one in facts["sessions"]}
    assert by_code["PANEL2"] == {
        "code": "PANEL2",
        "title": "Who drinks first",
        "kind": "panel",
        "start": "2027-03-18T11:00",
        "end": "2027-03-18T12:30",
        "room": stage.room.code,
        "version": stage.panel.version,
        "people": 2,
    }
    assert by_code["SOMDAY"]["start"] is None
    assert by_code["SOMDAY"]["minutes"] == 20
    text = text_of(page)
    assert text.index("Thursday, 18 March") < text.index("Who drinks first 11:00–12:30 Great hall")
    assert "Some day" not in text.partition("Session Time Room")[2].partition("{")[0]
    text = text_of(client.get(f"{GRID}?day=none"))
    assert "Some day" in text.partition("Session Time Room")[2].partition("{")[0]


def test_a_title_can_not_break_out_of_the_page(client, stage):
    Session.objects.filter(pk=stage.panel.pk).update(title={"en": "</script><b>&"})
    page = client.get(GRID)
    assert "</script><b>" not in page.text
    assert "</script><b>&" in {one["title"] for one in facts_in(page)["sessions"]}


def test_a_move_is_answered_with_what_changed_and_the_way_back(client, stage):
    posted = {"start": "2027-03-18T12:00", "end": "2027-03-18T13:00", "room": ""}
    answer = client.post(SLOT, {**posted, "version": stage.panel.version})
    [one] = answer.json()["sessions"]
    assert (one["start"], one["end"], one["room"], one["version"]) == (
        "2027-03-18T12:00",
        "2027-03-18T13:00",
        None,
        stage.panel.version + 1,
    )
    undone = client.post(answer.json()["undo"], headers={"Accept": "application/json"}).json()
    assert [s["start"] for s in undone["sessions"]] == ["2027-03-18T11:00"]
    assert (undone["gone"], undone["said"]) == ([], "Undone: Who drinks first.")
    redone = client.post(undone["undo"], headers={"Accept": "application/json"}).json()
    assert [s["start"] for s in redone["sessions"]] == ["2027-03-18T12:00"]
    refused = client.post(undone["undo"], headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json()) == (
        409,
        {"detail": "This has been undone already."},
    )


def test_a_move_may_take_those_along_that_follow(client, stage):
    url = SLOT.replace("PANEL2", "KEYN22")
    posted = {"start": "2027-03-18T10:15", "end": "2027-03-18T10:45", "room": stage.room.code}
    answer = client.post(url, {**posted, "flow": "on"})
    assert [s["code"] for s in answer.json()["sessions"]] == ["KEYN22", "COFFEE", "PANEL2"]
    assert DraftEdit.objects.values("deed").distinct().count() == 1


def test_a_session_goes_back_to_those_without_a_time(client, stage):
    answer = client.post(SLOT, {"start": ""})
    assert [s["start"] for s in answer.json()["sessions"]] == [None]
    undone = client.post(answer.json()["undo"], headers={"Accept": "application/json"}).json()
    assert undone["sessions"][0]["room"] == stage.room.code


def test_who_was_faster_is_answered_with_their_slot(client, stage):
    place_session(
        session=stage.panel,
        start_local=at("11:30"),
        end_local=at("13:00"),
        room=stage.room,
        expected=None,
        actor=Actor("account", str(AccountFactory(name="Ana Marić").pk)),
    )
    posted = {"start": "2027-03-18T09:00", "end": "2027-03-18T10:00", "room": ""}
    answer = client.post(SLOT, {**posted, "version": stage.panel.version})
    assert answer.status_code == 412
    assert answer.json()["detail"] == "Ana Marić moved it to 11:30 just now."
    assert answer.json()["theirs"]["start"] == "2027-03-18T11:30"


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({"start": "nonsense", "end": "2027-03-18T10:00"}, "2027-03-28T10:00"),
        ({"start": "2027-03-18T10:00", "end": "2027-03-18T09:00"}, "The end comes after"),
        ({"start": "2027-03-18T10:00", "end": "2027-03-18T11:00", "room": "X"}, "no such room"),
    ],
)
def test_a_move_that_can_not_be_is_said(client, posted, said):
    answer = client.post(SLOT, posted)
    assert answer.status_code == 400
    assert said in answer.json()["detail"]
    assert not DraftEdit.objects.exists()


def test_readers_can_look_and_move_nothing(stage, account_with_role, client_as):
    client = client_as(account_with_role("viewer"))
    assert facts_in(client.get(GRID))["write"] is False
    assert client.post(SLOT, {"start": ""}).status_code == 403

"""Times flow: who follows goes along, with lengths and gaps kept; one deed."""

from __future__ import annotations

import datetime as dt

import pytest

from core.actors import SYSTEM
from events.models import DraftEdit, Session
from events.services.adding_lines import add_line
from events.services.arranging import (
    flow_day,
    insert_session,
    programme_day,
    reorder_day,
)
from events.services.undoing import undo_edit
from tests.factories.events import RoomFactory, SessionFactory

at = dt.datetime.fromisoformat


@pytest.fixture
def add(conference):
    def make(code, start, end, room=None, **fields):
        return SessionFactory(
            conference=conference,
            code=code,
            title={"en": code.capitalize()},
            start_local=at(f"2027-03-18T{start}"),
            end_local=at(f"2027-03-18T{end}"),
            room=room,
            **fields,
        )

    return make


@pytest.fixture
def hall(room):
    return RoomFactory(venue=room.venue, name={"en": "Hall"})


def times(conference):
    rows = Session.objects.filter(conference=conference, start_local__isnull=False)
    return {s.code: f"{s.start_local:%H:%M}–{s.end_local:%H:%M}" for s in rows}


def flow(session, start, end, room=None, expected=None):
    day = session.start_local.date() if session.start_local else "2027-03-18"
    return flow_day(
        session=session,
        start_local=at(f"{day}T{start}"),
        end_local=at(f"{day}T{end}"),
        room=room,
        expected=expected,
        actor=SYSTEM,
    )


def test_what_follows_goes_along_with_its_gaps_and_is_undone_as_one(conference, add, room):
    first = add("OPEN22", "10:00", "10:15", room)
    add("TALK22", "10:15", "10:45", room)
    add("BREAK2", "11:00", "11:15")
    add("GONE22", "11:00", "12:00", room, state="cancelled")
    moved = flow(first, "10:00", "10:25", room)
    assert [row.code for row in moved] == ["OPEN22", "TALK22", "BREAK2"]
    assert times(conference) == {
        "OPEN22": "10:00–10:25",
        "TALK22": "10:25–10:55",
        "BREAK2": "11:10–11:25",
        "GONE22": "11:00–12:00",
    }
    [deed] = set(DraftEdit.objects.values_list("deed", flat=True))
    undo_edit(conference=conference, deed=deed, actor=SYSTEM)
    assert times(conference)["BREAK2"] == "11:00–11:15"


def test_with_several_rooms_only_the_own_room_follows(conference, add, room, hall):
    first = add("RED222", "10:00", "11:00", room)
    add("RED333", "11:00", "12:00", room)
    add("HALL22", "11:00", "12:00", hall)
    add("LUNCH2", "12:00", "13:00")
    flow(first, "10:30", "11:30", room)
    assert times(conference) == {
        "RED222": "10:30–11:30",
        "RED333": "11:30–12:30",
        "HALL22": "11:00–12:00",
        "LUNCH2": "12:00–13:00",
    }


def test_into_another_room_or_from_no_time_nobody_follows(conference, add, room, hall):
    first = add("RED222", "10:00", "11:00", room)
    add("RED333", "11:00", "12:00", room)
    assert [row.code for row in flow(first, "12:00", "13:00", hall)] == ["RED222"]
    new = SessionFactory(conference=conference, code="NEW222")
    assert [row.code for row in flow(new, "09:00", "09:30", room)] == ["NEW222"]


def test_nights_belong_to_the_evening_before(conference, add):
    party = add("PARTY2", "23:00", "23:50")
    night = SessionFactory(
        conference=conference,
        code="NIGHT2",
        start_local=at("2027-03-19T00:00"),
        end_local=at("2027-03-19T02:00"),
    )
    flow(party, "23:00", "23:59")
    night.refresh_from_db()
    assert night.start_local == at("2027-03-19T00:09")
    first = dt.date(2027, 3, 18)
    assert programme_day(at("2027-03-19T04:59"), first) == first
    assert programme_day(at("2027-03-19T05:00"), first) == dt.date(2027, 3, 19)
    assert programme_day(at("2027-03-18T02:30"), first) == first


def test_a_stale_version_and_an_end_before_the_start_are_refused(add, refused):
    first, second = add("OPEN22", "10:00", "10:15"), add("TALK22", "10:15", "10:45")
    with refused("stale", first, second):
        flow(first, "10:00", "10:30", expected=7)
    with refused("validation-failed", first, second, pointer="/end_local"):
        flow(first, "10:00", "09:30")


def test_order_changes_and_lengths_stay(conference, add, room):
    add("AAA222", "10:00", "10:15", room)
    add("BBB222", "10:15", "11:00", room)
    add("CCC222", "11:10", "11:40", room)
    reorder_day(
        conference=conference,
        codes=["AAA222", "CCC222", "BBB222"],
        versions={"AAA222": 1, "BBB222": 1, "CCC222": 1},
        actor=SYSTEM,
    )
    assert times(conference) == {
        "AAA222": "10:00–10:15",
        "CCC222": "10:15–10:45",
        "BBB222": "10:55–11:40",
    }
    assert DraftEdit.objects.values("deed").distinct().count() == 1


def test_rooms_are_ordered_each_for_itself(conference, add, room, hall):
    add("RED222", "10:00", "11:00", room)
    add("HALL22", "10:00", "10:30", hall)
    add("HALL33", "10:30", "12:00", hall)
    moved = reorder_day(
        conference=conference, codes=["HALL33", "RED222", "HALL22"], versions=None, actor=SYSTEM
    )
    assert {row.code for row in moved} == {"HALL22", "HALL33"}
    assert times(conference) == {
        "RED222": "10:00–11:00",
        "HALL33": "10:00–11:30",
        "HALL22": "11:30–12:00",
    }


def test_an_order_that_is_not_of_the_day_or_not_fresh_is_refused(conference, add, refused):
    first, second = add("AAA222", "10:00", "10:15"), add("BBB222", "10:15", "11:00")
    for codes in ([], ["AAA222"], ["AAA222", "AAA222"], ["AAA222", "BBB222", "ZZZ222"]):
        with refused("validation-failed", first, second, pointer="/sessions"):
            reorder_day(conference=conference, codes=codes, versions=None, actor=SYSTEM)
    with refused("stale", first, second):
        reorder_day(
            conference=conference, codes=["BBB222", "AAA222"], versions={"AAA222": 4}, actor=SYSTEM
        )


def test_a_break_is_put_between_two_lines_and_uses_the_gap_first(conference, add, room):
    first = add("AAA222", "10:00", "11:00", room)
    add("BBB222", "11:05", "12:00", room)
    added = insert_session(after=first, minutes=15, title="Break", actor=SYSTEM)
    assert (added.kind, added.room, added.title) == ("break", room, {"en": "Break"})
    assert times(conference)[added.code] == "11:00–11:15"
    assert times(conference)["BBB222"] == "11:15–12:10"
    undo_edit(conference=conference, deed=DraftEdit.objects.first().deed, actor=SYSTEM)
    assert times(conference) == {"AAA222": "10:00–11:00", "BBB222": "11:05–12:00"}


def test_a_break_needs_a_time_before_it_and_minutes(conference, add, refused):
    new, first = SessionFactory(conference=conference), add("AAA222", "10:00", "11:00")
    with refused("wrong-state", new):
        insert_session(after=new, minutes=15, title="Break", actor=SYSTEM)
    with refused("validation-failed", first, pointer="/minutes"):
        insert_session(after=first, minutes=0, title="Break", actor=SYSTEM)


def test_typed_lines_follow_each_other(conference):
    for text in (
        "10:00 Opening remarks — Ambassador Smith",
        "Presentation of the research 30 min",
        "Panel: Envoys",
        "15 min Break",
        "Discussion",
        "00:30 Reception",
        "Who speaks for the region",
    ):
        add_line(conference=conference, text=text, actor=SYSTEM)
    rows = Session.objects.order_by("pk")
    assert [(row.kind, f"{row.start_local:%d %H:%M}–{row.end_local:%H:%M}") for row in rows] == [
        ("opening_remarks", "18 10:00–10:15"),
        ("presentation", "18 10:15–10:45"),
        ("panel", "18 10:45–12:15"),
        ("break", "18 12:15–12:30"),
        ("discussion", "18 12:30–13:15"),
        ("reception", "19 00:30–01:30"),
        ("panel", "19 01:30–03:00"),
    ]


def test_a_line_goes_to_the_day_and_room_it_is_typed_in(conference, add, room, hall):
    add("RED222", "10:00", "11:00", room)
    add("HALL22", "10:00", "10:30", hall)
    one = add_line(conference=conference, text="Talk", room=hall, actor=SYSTEM)
    assert (one.room, one.start_local) == (hall, at("2027-03-18T10:30"))
    two = add_line(conference=conference, text="Talk", day=dt.date(2027, 3, 19), actor=SYSTEM)
    assert two.start_local == at("2027-03-19T10:00")


def test_an_empty_line_is_refused(conference, refused):
    with refused("validation-failed", conference, pointer="/line"):
        add_line(conference=conference, text="  ", actor=SYSTEM)

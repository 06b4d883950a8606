"""The running order: clock times from minutes."""

from __future__ import annotations

import datetime as dt

from events.briefing import Turn, running_order

START = dt.datetime.fromisoformat("2027-03-18T23:30")


def order(people, minutes=60):
    end = START + dt.timedelta(minutes=minutes) if minutes else None
    return list(running_order(START, end, people, "Discussion"))


def test_minutes_become_clock_times_past_midnight_and_the_rest_is_discussion():
    assert order([("Mila", 10, True), ("Petar", 25, False)]) == [
        Turn("Mila", 10, "23:30", "23:40", is_reader=True),
        Turn("Petar", 25, "23:40", "00:05"),
        Turn("Discussion", 25, "00:05", "00:30"),
    ]


def test_behind_somebody_without_minutes_nobody_knows_when_the_next_one_begins():
    assert order([("Mila", 10, False), ("Vera", None, False), ("Petar", 5, False)]) == [
        Turn("Mila", 10, "23:30", "23:40"),
        Turn("Vera"),
        Turn("Petar", 5),
    ]


def test_too_many_minutes_are_shown_and_leave_no_discussion():
    assert order([("Mila", 70, False)]) == [Turn("Mila", 70, "23:30", "00:40")]


def test_without_a_time_there_are_only_names():
    turns = list(running_order(None, None, [("Mila", 10, False)], "Discussion"))
    assert turns == [Turn("Mila", 10)]


def test_a_session_where_nobody_has_minutes_is_no_discussion_alone():
    assert order([]) == []

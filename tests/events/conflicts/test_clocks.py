"""Nights in which clocks jump: overlaps and hours are judged by what has passed, not by dials."""

from __future__ import annotations

import datetime as dt

from events.conflicts import Place, Slot, find_conflicts, recheck
from tests.events.conflicts.making import at, facts, session

# At 03:00 on 31 October 2027 Belgrade's clocks go back to 02:00; at 02:00 on 28 March forward to 3.
FOLD = {"start": at("2027-10-30 12:00"), "end": at("2027-10-31 12:00")}
GAP = {"start": at("2027-03-27 12:00"), "end": at("2027-03-28 12:00")}


def test_an_hour_that_comes_twice_is_two_hours_long():
    # 01:00 to 03:00 by the clock takes three hours that night.
    long = session("A", "2027-10-31 01:00/2027-10-31 03:00", "SIDE")
    assert long.end - long.start == dt.timedelta(hours=3)
    meets = session("B", "2027-10-31 02:30/2027-10-31 04:00", "SIDE")
    after = session("C", "2027-10-31 03:15/2027-10-31 04:00", "SIDE")

    assert [one.key for one in find_conflicts(facts(long, meets, **FOLD))] == ["room_overlap:A+B"]
    assert find_conflicts(facts(long, after, **FOLD)) == []


def test_between_the_first_and_the_second_half_past_two_lies_an_hour():
    early = session("A", "2027-10-31 01:00/2027-10-31 02:30", "SIDE")
    # Begins at 02:00 of the second round: an instant, which an organiser's clock can not name.
    late = Slot(dt.datetime(2027, 10, 31, 1, 0, tzinfo=dt.UTC), at("2027-10-31 04:00"), "SIDE")
    programme = facts(early, session("B"), **FOLD)

    assert recheck(programme, "B", late) == []


def test_an_hour_that_does_not_exist_takes_no_time():
    # 01:30 to 03:15 by the clock takes 45 minutes; 02:30 is read as 03:30.
    one = session("A", "2027-03-28 01:30/2027-03-28 03:15", "HALL")
    other = session("B", "2027-03-28 02:30/2027-03-28 04:30", "HALL")
    assert one.end - one.start == dt.timedelta(minutes=45)

    assert find_conflicts(facts(one, other, **GAP)) == []


def test_turnaround_over_the_gap_is_counted_in_minutes_that_pass():
    # From 01:50 to 03:00 by the clock are ten minutes.
    found = find_conflicts(
        facts(
            session("A", "2027-03-28 01:00/2027-03-28 01:50", "SIDE"),
            session("B", "2027-03-28 03:00/2027-03-28 04:00", "SIDE"),
            **GAP,
        )
    )

    assert [one.sentence for one in found] == [
        (
            "There are 10 minutes between “Session A” (01:00–01:50) and “Session B” (03:00–04:00) "
            "on Sun 28 March; Room 2 needs 15 minutes to be changed over."
        )
    ]


def test_a_room_open_all_night_is_open_when_clocks_jump():
    rooms = {"HALL": Place("HALL", "Great hall", opens=dt.time(18), closes=dt.time(3))}
    fits = "2027-10-30 23:00/2027-10-31 03:00"
    late = "2027-10-30 23:00/2027-10-31 03:05"

    assert find_conflicts(facts(session("A", fits, "HALL"), rooms=rooms, **FOLD)) == []
    assert [
        one.kind for one in find_conflicts(facts(session("A", late, "HALL"), rooms=rooms, **FOLD))
    ] == ["room_hours"]


def test_another_zone_tells_other_times_of_the_same_instants():
    sessions = (session("A", "10:00/11:30", "HALL"), session("B", "11:00/12:30", "HALL"))

    (one,) = find_conflicts(
        facts(*sessions, zone="America/New_York", start=at("09:00"), end=at("18:00"))
    )

    assert "“Session A” (05:00–06:30)" in one.sentence

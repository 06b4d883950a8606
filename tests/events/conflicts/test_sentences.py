"""What each conflict says, to the letter, and what is none."""

from __future__ import annotations

import datetime as dt

import pytest

from events.conflicts import KINDS, Demand, Need, Place, Seat, Slot, find_conflicts, recheck
from events.conflicts.words import ROLES
from events.enums import (
    OFF_THE_PANEL,
    ParticipationRole,
    ParticipationState,
    SessionKind,
)
from tests.events.conflicts.making import ROOMS, at, facts, session

PANEL = {
    "discussion": {"moderator": Need(1, 2), "panellist": Need(3, 5)},
    "workshop": {"host": Need(1, None)},
}


def said(*sessions, **more):
    """Return what is wrong as (level, sentence)."""
    return [(one.level, one.sentence) for one in find_conflicts(facts(*sessions, **more))]


def test_two_sessions_in_one_room():
    (one,) = find_conflicts(
        facts(session("A", "10:00/11:30", "HALL"), session("B", "11:00/12:30", "HALL"))
    )

    assert one.sentence == (
        "“Session A” (10:00–11:30) and “Session B” (11:00–12:30) overlap in Great hall "
        "on Thu 18 March."
    )
    assert (one.key, one.kind, one.level) == ("room_overlap:A+B", "room_overlap", "error")
    assert (one.sessions, one.people, one.rooms) == (("A", "B"), (), ("HALL",))


def test_a_session_of_another_conference_in_the_same_room():
    other = session(
        "spring/B", "11:00/12:30", "HALL", title="Closing", conference="Spring forum", key="uid"
    )

    (one,) = find_conflicts(facts(session("A", "10:00/11:30", "HALL"), other))

    assert one.sentence == (
        "“Session A” (10:00–11:30) and “Closing” of Spring forum (11:00–12:30) overlap in "
        "Great hall on Thu 18 March."
    )
    assert (one.key, one.sessions) == ("room_overlap:A+uid", ("A", "spring/B"))


def test_sessions_that_touch_do_not_overlap():
    assert said(session("A", "10:00/11:00", "HALL"), session("B", "11:00/12:00", "HALL")) == []


def test_sessions_past_midnight_are_told_with_their_days():
    night = f"22:00/{'2027-03-19 01:00'}"
    later = "2027-03-19 00:30/2027-03-19 02:00"

    assert said(
        session("A", night, "HALL"),
        session("B", later, "HALL"),
        end=at("2027-03-19 03:00"),
    ) == [
        (
            "error",
            (
                "“Session A” (Thu 18 March, 22:00 – Fri 19 March, 01:00) and “Session B” "
                "(Fri 19 March, 00:30–02:00) overlap in Great hall."
            ),
        )
    ]


@pytest.mark.parametrize(
    ("kinds", "level"),
    [
        (("break", "break"), None),
        (("reception", "break"), None),
        (("break", "workshop"), "warning"),
        (("workshop", "panel"), "error"),
    ],
)
def test_breaks_share_a_room(kinds, level):
    one, other = (
        session(code, "10:00/11:00", "HALL", kind=kind)
        for code, kind in zip("AB", kinds, strict=True)
    )

    assert [found for found, _ in said(one, other)] == ([level] if level else [])


@pytest.mark.parametrize(
    ("begins", "sentence"),
    [
        (
            "11:00",
            (
                "There is no time between “Session A” (10:00–11:00) and “Session B” (11:00–12:00) "
                "on Thu 18 March; Room 2 needs 15 minutes to be changed over."
            ),
        ),
        (
            "11:01",
            (
                "There is 1 minute between “Session A” (10:00–11:00) and “Session B” (11:01–12:00) "
                "on Thu 18 March; Room 2 needs 15 minutes to be changed over."
            ),
        ),
        (
            "11:14",
            (
                "There are 14 minutes between “Session A” (10:00–11:00) and “Session B” "
                "(11:14–12:00) on Thu 18 March; Room 2 needs 15 minutes to be changed over."
            ),
        ),
        ("11:15", None),
    ],
)
def test_a_room_takes_time_to_be_changed_over(begins, sentence):
    found = said(session("A", "10:00/11:00", "SIDE"), session("B", f"{begins}/12:00", "SIDE"))

    assert found == ([("warning", sentence)] if sentence else [])


def test_nothing_is_changed_over_for_a_break():
    assert (
        said(session("A", "10:00/11:00", "SIDE"), session("B", "11:00/11:30", "SIDE", kind="break"))
        == []
    )


def test_a_person_in_two_places():
    (one,) = find_conflicts(
        facts(
            session("A", "10:00/11:30", "HALL", ("ANA", "moderator")),
            session("B", "11:00/12:30", "SIDE", ("ANA", "panellist", "invited")),
        )
    )

    assert one.sentence == (
        "Ana Petrović is on “Session A” (10:00–11:30) and on “Session B” (11:00–12:30) "
        "at the same time on Thu 18 March."
    )
    assert (one.key, one.level) == ("person_overlap:A+ANA+B", "error")
    assert (one.sessions, one.people, one.rooms) == (("A", "B"), ("ANA",), ())


def test_who_is_off_the_panel_or_there_in_two_roles_is_in_one_place():
    assert (
        said(
            session("A", "10:00/11:00", "HALL", ("ANA", "moderator"), ("ANA", "host")),
            session(
                "B",
                "10:00/11:00",
                "SIDE",
                Seat("ANA", "panellist", "declined", filled=True),
                ("BORIS", "panellist", "replaced"),
            ),
            session("C", "10:00/11:00", None, ("BORIS", "panellist")),
        )
        == []
    )


@pytest.mark.parametrize(
    ("begins", "time"), [("11:00", "no time"), ("11:10", "10 minutes"), ("11:15", None)]
)
def test_a_person_has_to_get_to_another_venue(begins, time):
    found = said(
        session("A", "10:00/11:00", "HALL", ("ANA", "moderator")),
        session("B", f"{begins}/12:00", "FAR", ("ANA", "panellist")),
    )

    sentence = (
        f"Ana Petrović has {time} to get from City Hall to National Library, between "
        f"“Session A” (10:00–11:00) and “Session B” ({begins}–12:00) on Thu 18 March."
    )
    assert found == ([("notice", sentence)] if time else [])


def test_from_room_to_room_of_one_venue_is_no_way():
    assert (
        said(
            session("A", "10:00/11:00", "HALL", ("ANA", "moderator")),
            session("B", "11:00/12:00", "SIDE", ("ANA", "panellist")),
        )
        == []
    )


def test_a_person_who_can_not_be_there():
    windows = {"ANA": ((at("10:00"), at("11:00")), (at("11:00"), at("12:00")))}
    within = session("A", "10:30/11:30", None, ("ANA", "moderator"))
    beyond = session("B", "11:30/12:01", None, ("ANA", "moderator"), ("BORIS", "panellist"))

    assert said(within, available=windows) == []
    assert said(beyond, available=windows) == [
        (
            "error",
            (
                "Ana Petrović is on “Session B” (Thu 18 March, 11:30–12:01), but is not available "
                "then."
            ),
        )
    ]
    assert [level for level, _ in said(within, available={"ANA": ()})] == ["error"]


def test_sessions_outside_the_conference():
    assert said(session("A", "08:00/09:30")) == [
        (
            "warning",
            (
                "“Session A” (Thu 18 March, 08:00–09:30) begins before the conference "
                "(Thu 18 March, 09:00)."
            ),
        )
    ]
    assert said(session("A", "17:00/18:01")) == [
        (
            "warning",
            (
                "“Session A” (Thu 18 March, 17:00–18:01) ends after the conference "
                "(Thu 18 March, 18:00)."
            ),
        )
    ]
    assert said(session("A", "08:59/18:01")) == [
        (
            "warning",
            (
                "“Session A” (Thu 18 March, 08:59–18:01) begins before the conference "
                "(Thu 18 March, 09:00) and ends after it (Thu 18 March, 18:00)."
            ),
        )
    ]
    assert said(session("A", "09:00/18:00")) == []


def test_a_break_may_begin_with_the_doors():
    coffee = session("A", "08:30/09:00", kind="break")
    dinner = session("B", "18:00/20:00", kind="reception")

    assert said(coffee, doors=at("08:30")) == []
    assert [level for level, _ in said(coffee, dinner)] == ["notice", "notice"]


def test_a_room_that_is_closed():
    rooms = {"HALL": Place("HALL", "Great hall", opens=dt.time(10), closes=dt.time(16))}

    assert said(session("A", "10:00/16:00", "HALL"), rooms=rooms) == []
    assert said(session("A", "15:00/16:30", "HALL"), rooms=rooms) == [
        (
            "warning",
            (
                "“Session A” (Thu 18 March, 15:00–16:30) is outside the hours of Great hall, "
                "which is open from 10:00 to 16:00."
            ),
        )
    ]


def test_a_room_that_is_open_past_midnight():
    rooms = {"HALL": Place("HALL", "Great hall", opens=dt.time(18), closes=dt.time(2))}
    span = {"rooms": rooms, "end": at("2027-03-20 12:00")}

    assert said(session("A", "23:00/2027-03-19 02:00", "HALL"), **span) == []
    assert said(session("A", "2027-03-19 00:30/2027-03-19 01:30", "HALL"), **span) == []
    assert len(said(session("A", "23:00/2027-03-19 02:15", "HALL"), **span)) == 1
    assert len(said(session("A", "17:30/18:30", "HALL"), **span)) == 1


def test_what_must_be_before():
    report, debate = session("A", "10:00/11:00"), session("B", "10:30/11:30")
    rule = {"precedences": (("A", "B"),)}

    assert said(report, debate, **rule) == [
        (
            "error",
            (
                "“Session A” has to be over before “Session B” begins, but it ends "
                "Thu 18 March, 11:00 and the other begins Thu 18 March, 10:30."
            ),
        )
    ]
    assert said(report, session("B", "11:00/12:00"), **rule) == []
    assert said(report, session("B"), **rule) == []


def test_who_is_missing():
    seats = [("ANA", "panellist"), ("BORIS", "panellist", "planned")]

    assert said(session("A", "", None, *seats), needs=PANEL) == [
        ("warning", "“Session A” needs 1 to 2 moderators and has none."),
        ("warning", "“Session A” needs 3 to 5 panellists and has 2."),
    ]
    assert said(session("B", kind="workshop"), needs=PANEL) == [
        ("warning", "“Session B” needs at least a host and has none.")
    ]
    assert said(session("C"), needs={"discussion": {"keynote": Need(1, 1)}}) == [
        ("warning", "“Session C” needs a keynote speaker and has none.")
    ]


def test_who_is_one_too_many():
    seats = [("ANA", "host"), ("BORIS", "host"), ("CIRA", "host")]

    assert said(session("A", "", None, *seats), needs={"discussion": {"host": Need(1, 2)}}) == [
        ("notice", "“Session A” has 3 hosts; it should have 2 at most.")
    ]
    assert said(session("A", "", None, seats[0]), needs={"discussion": {"host": Need(0, 0)}}) == [
        ("notice", "“Session A” has 1 host; it should have none.")
    ]


def test_a_seat_that_is_open_again():
    (one,) = find_conflicts(facts(session("A", "", None, ("ANA", "panellist", "declined"))))

    assert (one.level, one.sentence) == (
        "notice",
        "Ana Petrović has declined as panellist of “Session A”, and nobody has come instead.",
    )
    assert one.key == "open_seat:A+ANA+panellist"


def test_a_room_that_is_too_small():
    rows = {"rooms": ROOMS}
    one = session("A", "10:00/11:00", "SIDE")

    assert said(one, demand={"A": Demand(31)}, **rows) == [
        ("error", "31 people have signed up for “Session A”, and Room 2 holds 30.")
    ]
    assert said(one, demand={"A": Demand(12, 40)}, **rows) == [
        ("warning", "40 people can sign up for “Session A”, and Room 2 holds 30.")
    ]
    assert said(one, demand={"A": Demand(30, 30), "B": Demand(99)}, **rows) == []


def test_errors_come_first_and_then_what_is_earlier():
    found = find_conflicts(
        facts(
            session("A", "14:00/15:00", "HALL", ("ANA", "panellist", "declined")),
            session("B", "14:30/15:30", "HALL"),
            session("C", "10:00/11:00", "HALL"),
            session("D", "10:30/11:30", "HALL"),
            session("E", "08:00/08:30"),
        )
    )

    assert [one.key for one in found] == [
        "room_overlap:C+D",
        "room_overlap:A+B",
        "conference_hours:E",
        "open_seat:A+ANA+panellist",
    ]


def test_a_move_says_what_would_be_wrong_about_that_session_alone():
    programme = facts(
        session("A", "10:00/11:00", "HALL", ("ANA", "host")),
        session("B", "12:00/13:00", "SIDE", ("ANA", "host")),
        session("C", "12:00/13:00", "SIDE"),
    )

    assert recheck(programme, "A", Slot(at("14:00"), at("15:00"), "HALL")) == []
    assert [one.key for one in recheck(programme, "A", Slot(at("12:30"), at("13:30"), "SIDE"))] == [
        "person_overlap:A+ANA+B",
        "room_overlap:A+B",
        "room_overlap:A+C",
    ]
    assert [one.key for one in recheck(programme, "B", None)] == []


def test_every_role_state_and_kind_of_the_programme_is_known_here():
    from events.conflicts.facts import LOOSE_KINDS
    from events.conflicts.facts import OFF_THE_PANEL as OFF

    assert set(ROLES) == set(ParticipationRole.values)
    assert {str(state) for state in OFF_THE_PANEL} == OFF <= set(ParticipationState.values)
    assert set(SessionKind.values) >= LOOSE_KINDS
    assert len(set(KINDS)) == len(KINDS)

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from core.actors import Actor
from events.conflicts import Demand, Slot, find_conflicts, recheck
from events.enums import ConferenceState, ParticipationState, SessionState
from events.models import ConflictOverride
from events.services.availability import set_availability
from events.services.conflict_facts import facts_of
from events.services.conflicts import (
    conflicts_after_move,
    conflicts_of,
    override_conflict,
    withdraw_override,
)
from events.services.precedences import create_precedence
from events.services.requirements import set_requirement
from tests.factories.events import (
    ConferenceFactory,
    ConferenceVenueFactory,
    ParticipationFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
)


def place(conference, room, times, **fields):
    """Put a session at "10:00/11:00" of the conference's day."""
    start, end = (dt.datetime.fromisoformat(f"2027-03-18T{time}") for time in times.split("/"))
    defaults = {"kind": "reception"} if "kind" not in fields else {}
    return SessionFactory(
        conference=conference, room=room, start_local=start, end_local=end, **defaults, **fields
    )


def keys(conference, **more):
    return [one.conflict.key for one in conflicts_of(conference, **more)]


def talk(conference, room, times, **fields):
    return place(conference, room, times, kind="discussion", **fields)


@pytest.fixture(autouse=True)
def no_usual_numbers(monkeypatch):
    monkeypatch.setattr("events.services.requirements.USUAL", {})


def test_a_draft_without_sessions_has_no_conflict(conference):
    assert keys(conference) == []


def test_two_sessions_in_a_room(conference, room):
    one, other = talk(conference, room, "10:00/11:00"), talk(conference, room, "10:30/11:30")

    (found,) = conflicts_of(conference)

    assert found.conflict.key == f"room_overlap:{'+'.join(sorted([one.code, other.code]))}"
    assert found.conflict.rooms == (room.code,)
    assert "overlap in Red room on Thu 18 March" in found.conflict.sentence
    assert found.is_open


def test_cancelled_sessions_and_people_off_the_panel_do_not_count(conference, room):
    person = PersonFactory(organisation=conference.organisation)
    talk(conference, room, "10:00/11:00", state=SessionState.CANCELLED)
    one, other = talk(conference, room, "10:00/11:00"), talk(conference, None, "10:00/11:00")
    ParticipationFactory(session=one, person=person)
    ParticipationFactory(session=other, person=person, state=ParticipationState.REPLACED)

    assert keys(conference) == []


def test_a_declined_seat_is_open_until_somebody_comes_instead(conference):
    session = SessionFactory(conference=conference)
    gone = ParticipationFactory(session=session, state=ParticipationState.DECLINED)
    assert keys(conference) == [
        f"open_seat:{'+'.join(sorted([session.code, gone.person.code]))}+panellist"
    ]

    instead = ParticipationFactory(session=session, replaces=gone, state=ParticipationState.INVITED)
    assert keys(conference) == []

    instead.state = ParticipationState.DECLINED
    instead.save()
    assert len(keys(conference)) == 2


def test_other_conferences_share_rooms_and_people(conference, room):
    person = PersonFactory(organisation=conference.organisation)
    other = ConferenceFactory(
        organisation=conference.organisation, slug="spring", title={"en": "Spring forum"}
    )
    mine = talk(conference, room, "10:00/11:00")
    theirs = talk(other, room, "10:30/11:30")
    ParticipationFactory(session=mine, person=person)
    ParticipationFactory(session=theirs, person=person)

    found = {one.conflict.kind: one.conflict for one in conflicts_of(conference)}

    assert set(found) == {"room_overlap", "person_overlap"}
    assert found["room_overlap"].sessions == (mine.code, f"spring/{theirs.code}")
    assert theirs.uid.hex in found["room_overlap"].key
    assert "of Spring forum" in found["room_overlap"].sentence

    for state in (ConferenceState.CANCELLED, ConferenceState.POSTPONED):
        other.state = state
        other.save()
        assert keys(conference) == []


def test_another_organisations_sessions_are_never_read(conference, room):
    talk(conference, room, "10:00/11:00")
    stranger = ConferenceFactory(title={"en": "Somebody else's"})
    talk(stranger, None, "10:00/11:00")

    assert [one.conference for one in facts_of(conference).sessions] == [""]


def test_people_of_two_conferences_come_from_other_venues(conference, room):
    person = PersonFactory(organisation=conference.organisation)
    other = ConferenceFactory(organisation=conference.organisation)
    far = RoomFactory(venue=ConferenceVenueFactory(conference=other).venue)
    ParticipationFactory(session=talk(conference, room, "10:00/11:00"), person=person)
    ParticipationFactory(session=talk(other, far, "11:00/12:00"), person=person)

    assert [one.conflict.kind for one in conflicts_of(conference)] == ["change_of_venue"]


def test_rooms_have_hours_and_take_time(conference, room):
    room.turnaround_minutes, room.opens, room.closes = 15, dt.time(10), dt.time(12)
    room.capacity = 20
    room.save()
    one, other = talk(conference, room, "10:00/11:00"), talk(conference, room, "11:10/12:10")

    kinds = [c.conflict.kind for c in conflicts_of(conference, demand={one.code: 21})]
    assert kinds == ["too_small", "room_hours", "turnaround"]
    kinds = [c.conflict.kind for c in conflicts_of(conference, demand={other.code: Demand(1, 30)})]
    assert kinds == ["room_hours", "too_many_places", "turnaround"]


def test_people_are_there_when_they_said(conference, actor):
    session = talk(conference, None, "10:00/11:00")
    person = ParticipationFactory(session=session).person
    set_availability(
        conference=conference,
        person=person,
        windows=[{"start_local": "2027-03-18T10:30", "end_local": "2027-03-18T12:00"}],
        expected=None,
        actor=actor,
    )

    assert [one.conflict.kind for one in conflicts_of(conference)] == ["availability"]


def test_order_and_roles_are_looked_at(conference, actor):
    one, other = talk(conference, None, "10:00/11:00"), talk(conference, None, "10:30/11:30")
    create_precedence(conference=conference, first=one, then=other, actor=actor)
    set_requirement(
        conference=conference,
        kind="discussion",
        role="host",
        minimum=1,
        maximum=1,
        expected=None,
        actor=actor,
    )

    kinds = [found.conflict.kind for found in conflicts_of(conference)]
    assert kinds == ["precedence", "missing_role", "missing_role"]


@pytest.mark.parametrize("number", [1, 3])
def test_reading_takes_eleven_queries_however_much_there_is(
    conference, room, number, django_assert_num_queries
):
    other = ConferenceFactory(organisation=conference.organisation)
    for _ in range(number):
        for host in (conference, other):
            ParticipationFactory(session=talk(host, room, "10:00/11:00"))

    with django_assert_num_queries(11):
        found = conflicts_of(conference)
    assert len(found) == number * (number - 1) // 2 + number**2


def test_a_move_is_judged_without_being_made(conference, room, django_assert_num_queries):
    talk(conference, room, "12:00/13:00")
    moved = talk(conference, room, "10:00/11:00")
    slot = {"start_local": "2027-03-18T12:30", "end_local": "2027-03-18T14:00", "room": room}

    # Nobody sits there, so no names are asked for.
    with django_assert_num_queries(10):
        found = conflicts_after_move(conference, session=moved, **slot)

    assert [one.conflict.kind for one in found] == ["room_overlap", "conference_hours"]
    assert keys(conference) == []
    nowhere = {"start_local": None, "end_local": None, "room": None}
    assert conflicts_after_move(conference, session=moved, **nowhere) == []


def test_a_move_far_away_meets_what_other_conferences_have_there(conference, room):
    moved = talk(conference, room, "10:00/11:00")
    other = ConferenceFactory(organisation=conference.organisation, slug="autumn")
    start = dt.datetime.fromisoformat("2027-09-01T10:00")
    SessionFactory(
        conference=other, room=room, start_local=start, end_local=start + dt.timedelta(hours=1)
    )

    found = conflicts_after_move(
        conference,
        session=moved,
        start_local="2027-09-01T10:30",
        end_local="2027-09-01T11:30",
        room=room,
    )

    assert [one.conflict.kind for one in found] == ["room_overlap", "conference_hours"]


@pytest.mark.parametrize(
    ("wrong", "kind", "pointer"),
    [
        ({"start_local": None}, "validation-failed", "/start_local"),
        ({"end_local": None}, "validation-failed", "/end_local"),
        ({"end_local": "2027-03-18T09:00"}, "validation-failed", "/end_local"),
        ({"end_local": "2027-03-28T09:00"}, "validation-failed", "/end_local"),
        ({"start_local": "soon"}, "validation-failed", "/start_local"),
        ({"start_local": None, "end_local": None}, "validation-failed", "/room"),
    ],
)
def test_a_slot_that_no_session_can_have_is_refused(
    conference, room, refused, wrong, kind, pointer
):
    session = talk(conference, room, "10:00/11:00")
    slot = {"start_local": "2027-03-18T12:30", "end_local": "2027-03-18T14:00", "room": room}
    with refused(kind, session, pointer=pointer):
        conflicts_after_move(conference, session=session, **slot | wrong)


def test_a_cancelled_session_is_in_nobodys_way(conference, refused):
    session = talk(conference, None, "10:00/11:00", state=SessionState.CANCELLED)
    with refused("wrong-state", session):
        conflicts_after_move(
            conference, session=session, start_local=None, end_local=None, room=None
        )


@pytest.fixture
def clash(conference, room):
    talk(conference, room, "10:00/11:00")
    talk(conference, room, "10:30/11:30")
    return keys(conference)[0]


def accept(conference, key, reason="There is a curtain.", **more):
    return override_conflict(
        conference=conference,
        key=key,
        reason=reason,
        by="Mila Kovač",
        actor=Actor("account", "7", "req-1"),
        **more,
    )


def test_a_conflict_is_accepted_with_a_reason_and_taken_back(conference, clash, audited, actor):
    accept(conference, clash)

    (found,) = conflicts_of(conference)
    assert not found.is_open
    assert found.override.reason == "There is a curtain."
    assert found.override.decided_by == "Mila Kovač"
    assert audited() == ("override_conflict", [], {"kind": "room_overlap", "level": "error"})

    accept(conference, clash, reason="Two curtains.")
    assert ConflictOverride.objects.get().reason == "Two curtains."

    withdraw_override(conference=conference, key=clash, actor=actor)
    assert conflicts_of(conference)[0].is_open
    assert audited() == ("withdraw_override", [], {"kind": "room_overlap"})


def test_nothing_is_accepted_without_a_reason_or_a_conflict(conference, clash, refused, actor):
    for reason in ("", "   ", "x" * 501):
        with refused("validation-failed", conference, pointer="/reason"):
            accept(conference, clash, reason=reason)
    with refused("not-found", conference):
        accept(conference, "room_overlap:AAA+BBB")
    with refused("not-found", conference):
        withdraw_override(conference=conference, key=clash, actor=actor)
    assert ConflictOverride.objects.count() == 0


def test_what_is_no_conflict_any_more_is_forgotten(conference, clash, room):
    accept(conference, clash)
    conference.sessions.first().delete()
    assert conflicts_of(conference) == []

    talk(conference, room, "12:00/13:00")
    talk(conference, room, "12:00/13:00")
    (key,) = keys(conference)
    accept(conference, key)

    assert [row.key for row in ConflictOverride.objects.all()] == [key]


def test_what_only_sign_ups_show_is_kept_by_who_does_not_know_them(conference, clash, room):
    room.capacity = 1
    room.save()
    one = conference.sessions.first()
    accept(conference, f"too_small:{one.code}", demand={one.code: 2})

    accept(conference, clash)
    assert ConflictOverride.objects.count() == 2

    accept(conference, clash, demand={})
    assert [row.key for row in ConflictOverride.objects.all()] == [clash]


def test_the_service_says_what_the_pure_functions_say(conference, clash):
    assert [one.conflict for one in conflicts_of(conference)] == find_conflicts(
        facts_of(conference)
    )


@pytest.mark.parametrize("turnaround", [0, 45])
def test_a_move_is_judged_by_what_is_near_as_by_the_whole_programme(conference, room, turnaround):
    room.turnaround_minutes = turnaround
    room.save()
    other = RoomFactory(venue=room.venue)
    person = PersonFactory(organisation=conference.organisation)
    moved = talk(conference, None, "10:00/11:00")
    ParticipationFactory(session=moved, person=person)
    for hour in range(8, 17):
        one = talk(conference, room if hour % 2 else other, f"{hour:02}:00/{hour:02}:50")
        ParticipationFactory(session=one, person=person)
    late = talk(conference, None, "16:00/17:00")
    create_precedence(conference=conference, first=late, then=moved, actor=Actor("system"))

    found = conflicts_after_move(
        conference,
        session=moved,
        start_local="2027-03-18T11:55",
        end_local="2027-03-18T12:30",
        room=room,
    )

    slot = Slot(moved.starts_at + dt.timedelta(minutes=115), moved.starts_at, room.code)
    slot = replace(slot, end=slot.start + dt.timedelta(minutes=35))
    assert [one.conflict for one in found] == recheck(facts_of(conference), moved.code, slot)
    kinds = {one.conflict.kind for one in found}
    assert kinds == {"person_overlap", "precedence"} | ({"turnaround"} if turnaround else set())


def test_the_names_of_very_many_people_are_read_all_at_once(conference, monkeypatch):
    monkeypatch.setattr("events.services.conflict_facts._MOST_IDS", 1)
    session = SessionFactory(conference=conference)
    people = {ParticipationFactory(session=session).person.code for _ in range(2)}

    assert set(facts_of(conference).people) == people

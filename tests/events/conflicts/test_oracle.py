"""Each check against one that is slow and plain: it looks at every step of five minutes, and at
every pair.
"""

from __future__ import annotations

import datetime as dt
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.conflicts import (
    KINDS,
    AnySession,
    Demand,
    Facts,
    Need,
    Place,
    Seat,
    Slot,
    find_conflicts,
    recheck,
)

BASE = dt.datetime(2027, 3, 18, tzinfo=dt.UTC)
STEP = dt.timedelta(minutes=5)
STEPS = 3 * 24 * 12  # three days
FIRST, LAST, DOORS = 100, 700, 94
ROLES = ("moderator", "panellist", "host")
STATES = ("planned", "invited", "tentative", "confirmed", "declined", "replaced")
CODES = [f"S{n:02}" for n in range(9)]
PEOPLE = ["ANA", "BORIS", "CIRA", "DRAGAN"]
NOBODY = frozenset()


def moment(step):
    return BASE + step * STEP


def steps_of(session):
    """Return the steps in which a session is on."""
    first = (session.start - BASE) // STEP
    return set(range(first, (session.end - BASE) // STEP))


@st.composite
def spans(draw):
    # Most begin when others end; some are long, some reach past midnight or the conference.
    grid = st.integers(0, 10).map(lambda n: FIRST - 6 + 3 * n)
    if draw(st.integers(0, 3)):
        first, length = draw(grid), draw(st.sampled_from([3, 6, 9]))
    else:
        first, length = draw(st.integers(0, STEPS - 1)), draw(st.integers(1, 300))
    return moment(first), moment(first + length)


@st.composite
def places(draw):
    found = {}
    for code, venue in (("R1", "V1"), ("R2", "V1"), ("R3", "V2")):
        hours = draw(
            st.none()
            | st.tuples(*[st.sampled_from([0, 96, 103, 112, 140, 280])] * 2).map(
                lambda pair: tuple((BASE + step * STEP).time() for step in pair)
            )
        )
        found[code] = Place(
            code,
            f"Room {code}",
            venue,
            f"House {venue}",
            draw(st.none() | st.integers(0, 20)),
            draw(st.sampled_from([0, 0, 10, 30])),
            *(hours or (None, None)),
        )
    return found


seats = st.builds(
    Seat,
    st.sampled_from(PEOPLE),
    st.sampled_from(ROLES),
    st.sampled_from(STATES),
    filled=st.booleans(),
)


@st.composite
def programmes(draw):
    sessions = []
    for code in CODES[: draw(st.integers(2, len(CODES)))]:
        slot = draw(st.none() | spans())
        is_own = draw(st.integers(0, 4)) > 0
        sessions.append(
            AnySession(
                code=code if is_own else f"other/{code}",
                title=f"Title {code}",
                kind=draw(st.sampled_from(["panel", "panel", "workshop", "break", "reception"])),
                start=slot[0] if slot else None,
                end=slot[1] if slot else None,
                room=draw(st.sampled_from([None, "R1", "R1", "R2", "R3"])) if slot else None,
                seats=tuple(
                    draw(
                        st.lists(seats, max_size=3, unique_by=lambda seat: (seat.person, seat.role))
                    )
                ),
                conference="" if is_own else "Other forum",
                key="" if is_own else f"uid-{code}",
            )
        )
    pairs = st.tuples(st.sampled_from(CODES), st.sampled_from(CODES))
    needs = st.dictionaries(
        st.sampled_from(["panel", "workshop"]),
        st.dictionaries(
            st.sampled_from(ROLES),
            st.sampled_from([Need(1), Need(1, 2), Need(2, 2), Need(0, 1), Need(0, 0)]),
        ),
    )
    demand = st.builds(Demand, st.integers(0, 25), st.none() | st.integers(0, 25))
    windows = st.lists(spans(), min_size=0, max_size=3).map(tuple)
    return Facts(
        zone="UTC",
        start=moment(FIRST),
        end=moment(LAST),
        doors=draw(st.none() | st.just(moment(DOORS))),
        sessions=tuple(sessions),
        rooms=draw(places()),
        people={code: code.title() for code in PEOPLE},
        available=draw(st.dictionaries(st.sampled_from(PEOPLE), windows)),
        precedences=tuple(
            draw(st.lists(pairs.filter(lambda p: p[0] != p[1]), max_size=4, unique=True))
        ),
        needs=draw(needs),
        demand=draw(st.dictionaries(st.sampled_from(CODES), demand)),
    )


def oracle(facts):
    """Return what is wrong, as (kind, level, codes of sessions, people, rooms or role)."""
    found = set()
    placed = [s for s in facts.sessions if s.start is not None]
    on = {s.code: steps_of(s) for s in placed}
    for one, other in combinations(placed, 2):
        if not (one.conference and other.conference):
            found |= in_one_room(one, other, on, facts) | for_one_person(one, other, on, facts)
    for s in facts.sessions:
        if not s.conference:
            found |= on_the_panel(s, facts)
            if s.start is not None:
                found |= at_its_time(s, on[s.code], facts) | in_its_room(s, on[s.code], facts)
    rows = {s.code: s for s in placed}
    for first, then in facts.precedences:
        if first in rows and then in rows and max(on[first]) >= min(on[then]):
            found.add(("precedence", "error", frozenset({first, then}), NOBODY, None))
    return found


def minutes_between(one, other):
    return 5 * (max(min(one) - max(other), min(other) - max(one)) - 1)


def is_loose(s):
    return s.kind in ("break", "reception")


def is_seated(person, s):
    off = ("declined", "replaced")
    return any(seat.person == person and seat.state not in off for seat in s.seats)


def in_one_room(one, other, on, facts):
    if not one.room or one.room != other.room:
        return set()
    both = frozenset({one.code, other.code})
    loose = is_loose(one) + is_loose(other)
    if on[one.code] & on[other.code]:
        level = ["error", "warning", None][loose]
        return {("room_overlap", level, both, NOBODY, one.room)} if level else set()
    gap = minutes_between(on[one.code], on[other.code])
    if not loose and gap < facts.rooms[one.room].turnaround_minutes:
        return {("turnaround", "warning", both, NOBODY, one.room)}
    return set()


def for_one_person(one, other, on, facts):
    both = frozenset({one.code, other.code})
    people = [p for p in PEOPLE if is_seated(p, one) and is_seated(p, other)]
    if on[one.code] & on[other.code]:
        return {("person_overlap", "error", both, frozenset({p}), None) for p in people}
    if not one.room or not other.room:
        return set()
    far = facts.rooms[one.room].venue != facts.rooms[other.room].venue
    if far and minutes_between(on[one.code], on[other.code]) < 15:
        return {("change_of_venue", "notice", both, frozenset({p}), None) for p in people}
    return set()


def on_the_panel(s, facts):
    found, only = set(), frozenset({s.code})
    here = [seat.role for seat in s.seats if seat.state not in ("declined", "replaced")]
    for role, need in facts.needs.get(s.kind, {}).items():
        if here.count(role) < need.minimum:
            found.add(("missing_role", "warning", only, NOBODY, role))
        if need.maximum is not None and here.count(role) > need.maximum:
            found.add(("too_many", "notice", only, NOBODY, role))
    for seat in s.seats:
        if seat.state == "declined" and not seat.filled:
            found.add(("open_seat", "notice", only, frozenset({seat.person}), seat.role))
    return found


def at_its_time(s, on, facts):
    found, only = set(), frozenset({s.code})
    opens = DOORS if is_loose(s) and facts.doors else FIRST
    if min(on) < opens or max(on) >= LAST:
        level = "notice" if is_loose(s) else "warning"
        found.add(("conference_hours", level, only, NOBODY, None))
    for person in facts.available:
        can = {
            n
            for first, last in facts.available[person]
            for n in range((first - BASE) // STEP, (last - BASE) // STEP)
        }
        if is_seated(person, s) and on - can:
            found.add(("availability", "error", only, frozenset({person}), None))
    return found


def is_open(room, time):
    if room.opens is None:
        return True
    if room.opens < room.closes:
        return room.opens <= time < room.closes
    return time >= room.opens or time < room.closes


def in_its_room(s, on, facts):
    room = facts.rooms.get(s.room)
    if room is None:
        return set()
    found, only = set(), frozenset({s.code})
    if not all(is_open(room, moment(n).time()) for n in on):
        found.add(("room_hours", "warning", only, NOBODY, s.room))
    demand = facts.demand.get(s.code)
    if demand is None or room.capacity is None:
        return found
    if demand.signed_up > room.capacity:
        found.add(("too_small", "error", only, NOBODY, s.room))
    elif demand.places is not None and demand.places > room.capacity:
        found.add(("too_many_places", "warning", only, NOBODY, s.room))
    return found


def shape(conflict):
    """Return a conflict as the oracle says it."""
    more = None
    if conflict.kind in ("missing_role", "too_many", "open_seat"):
        more = next(word for word in conflict.key.split(":")[1].split("+") if word in ROLES)
    elif conflict.kind not in ("change_of_venue", "person_overlap") and conflict.rooms:
        (more,) = conflict.rooms
    return (
        conflict.kind,
        conflict.level,
        frozenset(conflict.sessions),
        frozenset(conflict.people),
        more,
    )


@settings(max_examples=120, deadline=None)
@given(programmes())
def test_all_that_is_wrong_is_found_once(facts):
    found = find_conflicts(facts)

    assert {shape(one) for one in found} == oracle(facts)
    assert len({one.key for one in found}) == len(found) == len({shape(one) for one in found})


@settings(max_examples=80, deadline=None)
@given(
    programmes(),
    st.none() | st.tuples(spans(), st.sampled_from([None, "R1", "R2", "R3"])),
    st.data(),
)
def test_a_move_is_judged_as_the_whole_programme_after_it_would_be(facts, wish, data):
    own = [one.code for one in facts.own()]
    if not own:
        return
    code = data.draw(st.sampled_from(own))
    slot = Slot(*wish[0], wish[1]) if wish else None
    after = tuple(
        AnySession(
            one.code,
            one.title,
            one.kind,
            *((slot.start, slot.end, slot.room) if slot else (None, None, None)),
            one.seats,
        )
        if one.code == code
        else one
        for one in facts.sessions
    )
    whole = find_conflicts(Facts(**{**_fields(facts), "sessions": after}))

    assert recheck(facts, code, slot) == [one for one in whole if code in one.sessions]


def _fields(facts):
    return {name: getattr(facts, name) for name in facts.__dataclass_fields__}


@settings(max_examples=40, deadline=None)
@given(programmes(), st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_order_of_the_facts(facts, chance):
    shuffled = list(facts.sessions)
    chance.shuffle(shuffled)
    other = Facts(**{**_fields(facts), "sessions": tuple(shuffled)})

    assert find_conflicts(other) == find_conflicts(facts)


@settings(max_examples=40, deadline=None)
@given(programmes())
def test_keys_fit_and_sentences_are_whole(facts):
    for one in find_conflicts(facts):
        assert len(one.key) <= 160
        assert one.key.startswith(f"{one.kind}:")
        assert one.kind in KINDS
        assert one.sentence.endswith(".")
        assert "None" not in one.sentence


def test_a_session_of_another_programme_is_not_judged():
    facts = Facts(
        zone=str(ZoneInfo("UTC")),
        start=BASE,
        end=BASE + STEP,
        sessions=(AnySession("other/S00", "T", "panel", conference="Other"),),
    )

    with pytest.raises(KeyError):
        recheck(facts, "S00", None)

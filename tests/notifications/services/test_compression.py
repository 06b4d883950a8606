"""A plan in a short time: a mail a day at most, in order, none before now, and a sentence each."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import resolve_local, to_local
from notifications.services.compression import DISTANCE, Step, compress
from notifications.services.courtesy import is_weekend

ZONE = "Europe/Belgrade"
# A Thursday.
START = resolve_local(dt.datetime.fromisoformat("2027-03-18T10:00"), ZONE)
BEFORE = {"needs": 14 * 24, "practical": 72, "briefing": 48, "reminder": 24, "find us": 2}


def before_the_start(*names, start=START, sent=()):
    return [
        Step(
            name,
            name,
            start - dt.timedelta(hours=BEFORE[name]),
            start,
            working_days=name == "practical",
            sent=name in sent,
        )
        for name in names or BEFORE
    ]


def placed(now, *names, **more):
    found = compress(before_the_start(*names, **more), now=now, zone=ZONE)
    return {key: row.due_at for key, row in found.items()}


def local(text):
    return resolve_local(dt.datetime.fromisoformat(text), ZONE)


def test_with_time_enough_every_step_has_its_own_moment():
    now = START - dt.timedelta(days=60)
    assert placed(now) == {
        name: START - dt.timedelta(hours=hours) for name, hours in BEFORE.items()
    }


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        # Ten days: only the first step is past, and goes at once.
        ("2027-03-08T12:00", {"needs": "2027-03-08T12:00", "practical": "2027-03-15T10:00"}),
        # Two and a half days: of what is past the last one goes now.
        ("2027-03-15T22:00", {"needs": None, "practical": "2027-03-15T22:00"}),
        # A day and a half: the briefing goes now, and says what the practical information would.
        ("2027-03-16T20:00", {"practical": None, "briefing": "2027-03-16T20:00"}),
        # Twenty hours: the reminder goes now.
        ("2027-03-17T14:00", {"briefing": None, "reminder": "2027-03-17T14:00"}),
        # Nine hours, at night: one mail, two hours before.
        ("2027-03-18T01:00", {"reminder": None, "find us": "2027-03-18T08:00"}),
        ("2027-03-18T09:00", {"reminder": None, "find us": "2027-03-18T09:00"}),
        ("2027-03-18T10:00", {"reminder": None, "find us": None}),
    ],
)
def test_a_short_lead_sends_the_last_step_that_is_past_and_no_heap(now, wanted):
    found = placed(local(now))
    for name, moment in wanted.items():
        assert found[name] == (local(moment) if moment else None), name


def test_each_decision_has_its_sentence():
    found = compress(before_the_start(), now=local("2027-03-17T14:00"), zone=ZONE)
    assert found["find us"].why == ""
    assert found["reminder"].why == "Its moment is past: it goes at once."
    assert found["briefing"].why == "Time is short: “reminder” says it."
    over = compress(before_the_start(), now=START, zone=ZONE)
    assert {row.why for row in over.values()} == {"Its time is over."}


def test_what_went_today_puts_off_what_would_follow_it_today():
    went = Step("thanks", "thanks", local("2027-03-19T10:00"), local("2027-03-26T10:00"), sent=True)
    outcome = Step("outcome", "outcome", local("2027-03-19T15:00"), local("2027-03-26T15:00"))
    found = compress([went, outcome], now=local("2027-03-19T15:00"), zone=ZONE)
    assert set(found) == {"outcome"}
    assert found["outcome"].due_at == local("2027-03-20T15:00")


def test_what_keeps_to_working_days_waits_for_monday_or_is_left_out():
    now = local("2027-03-20T12:00")  # a Saturday
    monday = local("2027-03-22T12:00")
    step = Step(
        "practical", "practical", local("2027-03-19T10:00"), local("2027-03-26T10:00"), True
    )
    assert compress([step], now=now, zone=ZONE)["practical"].due_at == monday
    soon = Step(
        "practical", "practical", local("2027-03-19T10:00"), local("2027-03-22T09:00"), True
    )
    row = compress([soon], now=now, zone=ZONE)["practical"]
    assert (row.due_at, row.why) == (None, "No day is left for it.")


zones = st.sampled_from(["Europe/Belgrade", "America/New_York", "Pacific/Apia", "Asia/Kathmandu"])
moments = st.datetimes(dt.datetime(2027, 1, 1), dt.datetime(2027, 12, 31))
steps = st.lists(
    st.tuples(st.integers(-400, 400), st.integers(1, 500), st.booleans(), st.booleans()),
    min_size=1,
    max_size=9,
)


@given(zone=zones, moment=moments, made=steps)
def test_one_mail_a_day_in_order_and_none_before_now(zone, moment, made):
    now = moment.replace(tzinfo=dt.UTC)
    plan = []
    for number, (hours, life, working, sent) in enumerate(made):
        due = now + dt.timedelta(hours=hours)
        gone = sent and due <= now
        plan.append(
            Step(f"{number:02}", "x", due, due + dt.timedelta(hours=life), working, sent=gone)
        )
    found = compress(plan, now=now, zone=zone)
    kept = {key: row.due_at for key, row in found.items() if row.due_at is not None}
    by_key = {step.key: step for step in plan}
    in_order = sorted(kept, key=lambda key: (by_key[key].due_at, key))
    times = [kept[key] for key in in_order]
    assert times == sorted(times)
    days = [to_local(at, zone).date() for at in times]
    days += [to_local(step.due_at, zone).date() for step in plan if step.sent]
    assert len(set(days[: len(times)])) == len(times)
    assert not set(days[: len(times)]) & set(days[len(times) :])
    assert all(later - earlier >= DISTANCE for earlier, later in pairwise(times))
    for key, at in kept.items():
        step = by_key[key]
        assert max(now, step.due_at) <= at < step.not_after
        assert not (step.working_days and is_weekend(at, zone))
        if at != step.due_at:
            assert found[key].why
    assert all(row.why for row in found.values() if row.due_at is None)


@given(zone=zones, moment=moments, lead=st.integers(1, 2000))
def test_the_plan_of_a_conference_never_ends_in_silence(zone, moment, lead):
    """Whatever the lead, something goes out before the start."""
    start = moment.replace(tzinfo=dt.UTC)
    now = start - dt.timedelta(minutes=lead)
    found = compress(before_the_start(start=start), now=now, zone=zone)
    assert any(row.due_at is not None for row in found.values())

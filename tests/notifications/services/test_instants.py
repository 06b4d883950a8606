"""When a rule's mail is due: the vectors of the documented rule, and its laws over many zones."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clock import resolve_local, to_local, zone_names
from notifications.services.instants import (
    Own,
    PlannedInstant,
    Times,
    outside_quiet_hours,
    planned_instants,
)

BELGRADE = "Europe/Belgrade"


@dataclass
class Rule:
    offset: str = "-P1D"
    anchor: str = "conference_start"
    at: dt.time | None = None
    quiet_hours: bool = False
    working_days: bool = False


def local(text):
    return dt.datetime.fromisoformat(text)


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def times(start="2027-03-18T10:00", end=None, zone=BELGRADE, **more):
    start = local(start)
    return Times(zone, start, local(end) if end else start + dt.timedelta(hours=3), **more)


def due(rule, facts, **more):
    (found,) = planned_instants(rule, facts, **more)
    return found.due_at


@pytest.mark.parametrize(
    ("start", "day_before", "exactly_24_hours"),
    [
        ("2027-03-28T10:00", "2027-03-27T09:00", "2027-03-27T08:00"),
        ("2027-10-31T10:00", "2027-10-30T08:00", "2027-10-30T09:00"),
        # 02:30 on the 28th does not exist: it moves forward to 03:30.
        ("2027-03-29T02:30", "2027-03-28T01:30", "2027-03-28T00:30"),
        # 02:30 on the 31st exists twice: the first of the two.
        ("2027-11-01T02:30", "2027-10-31T00:30", "2027-10-31T01:30"),
    ],
)
def test_one_day_before_is_the_same_clock_time_and_24_hours_are_exact(
    start, day_before, exactly_24_hours
):
    assert due(Rule("-P1D"), times(start)) == utc(day_before)
    assert due(Rule("-PT24H"), times(start)) == utc(exactly_24_hours)


@pytest.mark.parametrize(
    ("zone", "start", "day_before", "exactly_24_hours"),
    [
        ("Europe/Berlin", "2027-03-28T10:00", "2027-03-27T09:00", "2027-03-27T08:00"),
        ("Europe/Berlin", "2027-10-31T10:00", "2027-10-30T08:00", "2027-10-30T09:00"),
        ("America/New_York", "2027-03-14T10:00", "2027-03-13T15:00", "2027-03-13T14:00"),
        ("America/New_York", "2027-11-07T10:00", "2027-11-06T14:00", "2027-11-06T15:00"),
        # Clocks on Lord Howe Island change by half an hour.
        ("Australia/Lord_Howe", "2027-10-03T10:00", "2027-10-01T23:30", "2027-10-01T23:00"),
        ("Australia/Lord_Howe", "2027-04-04T10:00", "2027-04-02T23:00", "2027-04-02T23:30"),
        ("Asia/Kathmandu", "2027-05-01T10:00", "2027-04-30T04:15", "2027-04-30T04:15"),
    ],
)
def test_clock_changes_of_other_zones_count_the_same(zone, start, day_before, exactly_24_hours):
    assert due(Rule("-P1D"), times(start, zone=zone)) == utc(day_before)
    assert due(Rule("-PT24H"), times(start, zone=zone)) == utc(exactly_24_hours)


def test_a_time_of_day_replaces_that_of_the_anchor():
    rule = Rule("-P3D", at=dt.time(9, 0))
    assert due(rule, times("2027-03-30T18:00")) == utc("2027-03-27T08:00")
    assert due(Rule("P1D", anchor="conference_end", at=dt.time(10, 0)), times()) == utc(
        "2027-03-19T09:00"
    )


def test_an_occurrence_names_the_anchor_and_its_local_start():
    facts = times(
        outcome_at=utc("2027-04-02T12:00:05"),
        sessions={"ABC234": local("2027-03-18T11:00"), "XYZ567": local("2027-03-18T12:00")},
    )
    assert planned_instants(Rule(), facts) == [
        PlannedInstant("start@2027-03-18T10:00", utc("2027-03-17T09:00"), utc("2027-03-18T09:00"))
    ]
    assert planned_instants(Rule("P1D", "conference_end"), facts) == [
        PlannedInstant("end@2027-03-18T13:00", utc("2027-03-19T12:00"), utc("2027-03-25T12:00"))
    ]
    assert planned_instants(Rule("PT0M", "outcome_published"), facts) == [
        PlannedInstant(
            "outcome@2027-04-02T14:00:05", utc("2027-04-02T12:00:05"), utc("2027-04-09T12:00:05")
        )
    ]
    registered = utc("2027-02-01T08:00:00.250")
    assert planned_instants(Rule("PT2H", "registered"), facts, registered_at=registered) == [
        PlannedInstant(
            "registered@2027-02-01T09:00:00",
            utc("2027-02-01T10:00:00.250"),
            utc("2027-02-08T08:00:00.250"),
        )
    ]
    assert planned_instants(
        Rule("-PT2H", "session_start"), facts, sessions=("XYZ567", "GONE22")
    ) == [
        PlannedInstant(
            "session:XYZ567@2027-03-18T12:00",
            utc("2027-03-18T09:00"),
            utc("2027-03-18T11:00"),
            "XYZ567",
        )
    ]


@pytest.mark.parametrize("anchor", ["outcome_published", "registered", "session_start"])
def test_an_anchor_without_a_time_has_no_moment(anchor):
    assert planned_instants(Rule("P1D", anchor), times()) == []


def test_what_goes_out_before_its_anchor_is_worth_nothing_after_it():
    before, after = Rule("-PT1M"), Rule("P10D", "conference_end")
    assert planned_instants(before, times())[0].not_after == utc("2027-03-18T09:00")
    # Seven days after the end would be before the mail itself: it always has a day.
    assert planned_instants(after, times())[0].not_after == utc("2027-03-29T11:00")


@pytest.mark.parametrize(
    ("start", "offset", "wanted"),
    [
        ("2027-03-18T10:00", "-P2DT14H", "2027-03-16T07:00"),  # 20:00 the evening before: 08:00
        ("2027-03-18T03:00", "-P2D", "2027-03-16T07:00"),  # 03:00 waits for 08:00
        ("2027-03-18T10:00", "-P2D", "2027-03-16T09:00"),  # 10:00 is no quiet hour
        ("2027-03-18T07:00", "-PT9H", "2027-03-17T18:59"),  # 08:00 would be after the start
        ("2027-03-18T07:30", "-PT6H", "2027-03-17T18:59"),  # past midnight: the evening before
        ("2027-03-18T07:00", "-PT2H", "2027-03-18T04:00"),  # three hours or less: urgent
    ],
)
def test_quiet_hours_put_off_what_is_not_urgent(start, offset, wanted):
    assert due(Rule(offset, quiet_hours=True), times(start)) == utc(wanted)


def test_quiet_hours_leave_a_rule_that_names_its_time():
    rule = Rule("-P1D", at=dt.time(21, 0), quiet_hours=True)
    assert due(rule, times()) == utc("2027-03-17T20:00")


zones = st.sampled_from(
    [BELGRADE, "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC",
     "Pacific/Apia", "America/St_Johns", "Africa/Casablanca", "Atlantic/Azores"]
)  # fmt: skip
moments = st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2032, 1, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


@given(zone=zones, start=moments, days=st.integers(0, 60))
def test_days_keep_the_clock_time_wherever_it_exists(zone, start, days):
    facts = Times(zone, start, start + dt.timedelta(hours=1))
    wanted = start - dt.timedelta(days=days)
    shown = to_local(due(Rule(f"-P{days}D"), facts), zone)
    both = {wanted.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1)}
    if len(both) == 1:
        assert shown == wanted
    else:  # in a gap it moves forward; in a fold it is the first of the two
        assert shown >= wanted
        assert abs(shown - wanted) <= dt.timedelta(hours=1)


@given(zone=zones, start=moments, minutes=st.integers(0, 100_000))
def test_hours_and_minutes_are_exact(zone, start, minutes):
    facts = Times(zone, start, start + dt.timedelta(hours=1))
    anchor = resolve_local(start, zone)
    assert anchor - due(Rule(f"-PT{minutes}M"), facts) == dt.timedelta(minutes=minutes)
    after = Rule(f"PT{minutes}M", "registered")
    assert due(after, facts, registered_at=anchor) - anchor == dt.timedelta(minutes=minutes)


@given(zone=zones, start=moments, hours=st.integers(4, 2000))
def test_quiet_hours_are_kept_unless_the_anchor_is_too_near(zone, start, hours):
    anchor = resolve_local(start, zone)
    before = anchor - dt.timedelta(hours=hours)
    moved = outside_quiet_hours(before, zone, anchor)
    shown = to_local(moved, zone).time()
    assert dt.time(8) <= shown < dt.time(20)
    assert abs(moved - before) <= dt.timedelta(hours=13)
    assert moved < anchor or moved == before


@given(zone=zones, start=moments, rule=st.sampled_from(["-P1D", "-PT24H", "-P14D", "-PT0M", "P3D"]))
def test_every_moment_comes_before_it_is_too_late(zone, start, rule):
    facts = Times(zone, start, start + dt.timedelta(hours=1))
    (found,) = planned_instants(Rule(rule), facts)
    assert found.due_at < found.not_after


# Every zone of the installed data: names of its own clock changes and none.
every_zone = st.sampled_from(sorted(zone_names()))
days_ahead = st.sampled_from([1, 2, 3, 7, 14])


@settings(max_examples=400)
@given(zone=every_zone, start=moments, days=days_ahead)
def test_in_every_zone_a_day_is_a_date_and_24_hours_are_24_hours(zone, start, days):
    facts = Times(zone, start, start + dt.timedelta(hours=1))
    wanted = start - dt.timedelta(days=days)
    by_date = due(Rule(f"-P{days}D"), facts)
    assert by_date == resolve_local(wanted, zone)
    shown = to_local(by_date, zone)
    if shown != wanted:  # the wanted time does not exist: later by the gap, never earlier
        assert dt.timedelta(0) < shown - wanted <= dt.timedelta(hours=24)
    anchor = resolve_local(start, zone)
    assert anchor - due(Rule(f"-PT{24 * days}H"), facts) == dt.timedelta(days=days)


HALF_DAY = dt.timedelta(hours=12)
YEARS = (dt.datetime(2025, 1, 1, tzinfo=dt.UTC), dt.datetime(2029, 1, 1, tzinfo=dt.UTC))


def changes_of(zone):
    """Return the instants at which a zone's clocks are turned, and what they showed before and
    after, by asking what they show and nothing else.
    """
    found, moment = [], YEARS[0]
    while moment < YEARS[1]:
        low, high = moment, moment + HALF_DAY
        moment = high
        before, after = (at.astimezone(zone).utcoffset() for at in (low, high))
        if before == after:
            continue
        while high - low > dt.timedelta(seconds=1):
            middle = low + (high - low) / 2
            if middle.astimezone(zone).utcoffset() == before:
                low = middle
            else:
                high = middle
        found.append((high.replace(microsecond=0), before, after))
    return found


@pytest.mark.parametrize("letter", sorted({name[0] for name in available_timezones()}))
def test_at_every_change_of_the_clocks_of_every_zone_the_rule_is_kept(letter):
    """One day after a change: gaps move forward by the gap, of two times the first one counts."""
    for name in sorted(name for name in available_timezones() if name[0] == letter):
        for change, before, after in changes_of(ZoneInfo(name)):
            jump = abs(after - before)
            inside = (change + min(before, after)).replace(tzinfo=None) + jump / 2
            start = inside + dt.timedelta(days=1)
            facts = Times(name, start, start + dt.timedelta(hours=1))
            # By what the clocks showed before it: later by the gap, or the first of the two.
            assert due(Rule("-P1D"), facts) == (inside - before).replace(tzinfo=dt.UTC), name
            # By what they show on the day itself.
            assert due(Rule("-PT24H"), facts) == (inside - after).replace(tzinfo=dt.UTC), name


@dataclass
class Nudge(Rule):
    anchor: str = "rsvp_deadline"
    audience: str = "unanswered"


def reply(text, zone=BELGRADE, **more):
    return times("2027-06-01T10:00", zone=zone, reply_until=local(text), **more)


@pytest.mark.parametrize(
    ("deadline", "offset", "now", "wanted"),
    [
        # 2027-03-07 is a Sunday. Two days before it is a Friday.
        ("2027-03-07T18:00", "-P2D", None, "2027-03-05T17:00"),
        # A Saturday goes back to the Friday, at the same time of day.
        ("2027-03-08T18:00", "-P2D", None, "2027-03-05T17:00"),
        # That Friday is past at 18:00, but it is Friday still: at once.
        ("2027-03-08T18:00", "-P2D", "2027-03-05T18:30", "2027-03-05T18:30"),
        # Late on that Friday: it waits for the Monday, if the deadline does.
        ("2027-03-09T09:00", "-P3D", "2027-03-05T21:00", "2027-03-08T08:00"),
        ("2027-03-08T07:00", "-P2D", "2027-03-05T21:00", None),
        # In the evening: the next morning; before a weekend: the Friday morning.
        ("2027-03-18T21:00", "-P2D", None, "2027-03-17T07:00"),
        ("2027-03-14T21:00", "-P2D", None, "2027-03-12T07:00"),
    ],
)
def test_nudges_come_at_decent_times(deadline, offset, now, wanted):
    facts = reply(deadline, now=utc(now) if now else None)
    found = planned_instants(Nudge(offset), facts)
    assert [instant.due_at for instant in found] == ([utc(wanted)] if wanted else [])


def test_a_nudge_never_goes_before_its_invitation():
    # The Friday lies before the invitation, which went out on the Saturday.
    own = Own(invited_at=utc("2027-03-06T09:00"))
    found = planned_instants(Nudge("-P4D"), reply("2027-03-10T10:00"), own=own)
    assert [instant.due_at for instant in found] == [utc("2027-03-08T09:00")]
    assert [instant.is_late_for(own.invited_at) for instant in found] == [True]


def test_what_is_about_the_past_never_goes_back_to_the_friday():
    rule = Rule("P1D", anchor="conference_end", at=dt.time(10))
    rule.working_days = True
    friday = times("2027-03-19T10:00")
    assert due(rule, friday) == utc("2027-03-22T09:00")


def test_an_own_deadline_goes_before_the_conferences():
    own = Own(reply_until=local("2027-04-14T12:00"))
    found = planned_instants(Nudge("-P2D"), reply("2027-03-10T10:00"), own=own)
    assert [instant.occurrence for instant in found] == ["reply@2027-04-14T12:00"]
    assert planned_instants(Nudge("-P2D"), times()) == []


@settings(max_examples=300)
@given(
    zone=every_zone,
    deadline=moments,
    hours=st.integers(1, 900),
    ahead=st.integers(-400, 400),
    invited=st.integers(0, 800),
)
def test_in_every_zone_nudges_keep_to_working_days_and_daylight(
    zone, deadline, hours, ahead, invited
):
    anchor = resolve_local(deadline, zone)
    now = anchor - dt.timedelta(hours=ahead)
    own = Own(invited_at=now - dt.timedelta(hours=invited))
    facts = Times(zone, deadline, deadline + dt.timedelta(hours=1), reply_until=deadline, now=now)
    for found in planned_instants(Nudge(f"-PT{hours}H"), facts, own=own):
        if found.not_after <= now:
            continue
        shown = to_local(found.due_at, zone)
        assert shown.weekday() < 5
        assert found.due_at < found.not_after
        if hours > 3 and anchor - now > dt.timedelta(hours=30):
            assert dt.time(8) <= shown.time() < dt.time(20)
            assert found.due_at >= max(now, own.invited_at) - dt.timedelta(hours=13)

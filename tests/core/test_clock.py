"""Local time and instants, on the days when clocks are turned and in every zone there is."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import Offset, apply_offset, resolve_local, to_local, tzdata_version, zone_names
from core.errors import DomainError

ZONES = sorted(zone_names())
LOCAL = st.datetimes(min_value=dt.datetime(1950, 1, 1), max_value=dt.datetime(2100, 1, 1))


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


# The table of the promise: what "the day before" and "24 hours before" are around a change.
@pytest.mark.parametrize(
    ("start", "day_before", "hours_before"),
    [
        ("2027-03-28T10:00", "2027-03-27T09:00", "2027-03-27T08:00"),
        ("2027-10-31T10:00", "2027-10-30T08:00", "2027-10-30T09:00"),
        ("2027-03-29T02:30", "2027-03-28T01:30", "2027-03-28T00:30"),
        ("2027-11-01T02:30", "2027-10-31T00:30", "2027-10-31T01:30"),
    ],
)
def test_one_day_before_in_belgrade(start, day_before, hours_before):
    local = dt.datetime.fromisoformat(start)
    assert apply_offset(local, "Europe/Belgrade", Offset("-P1D")) == utc(day_before)
    assert apply_offset(local, "Europe/Belgrade", Offset("-PT24H")) == utc(hours_before)


def test_a_local_time_of_day_goes_with_whole_days():
    local = dt.datetime(2027, 3, 29, 10)
    at = apply_offset(local, "Europe/Belgrade", Offset("-P1D"), at=dt.time(2, 30))
    assert at == utc("2027-03-28T01:30")  # 02:30 does not exist that day
    with pytest.raises(ValueError, match="whole days"):
        apply_offset(local, "Europe/Belgrade", Offset("-PT2H"), at=dt.time(8))


def test_half_an_hour_of_lord_howe():
    # The clocks there go by thirty minutes: 02:00 becomes 02:30 on 3 October 2027.
    assert resolve_local(dt.datetime(2027, 10, 3, 2, 15), "Australia/Lord_Howe") == utc(
        "2027-10-02T15:45"
    )


@given(local=LOCAL, zone=st.sampled_from(ZONES))
def test_an_instant_shows_its_local_time_or_lies_after_the_gap(local, zone):
    instant = resolve_local(local, zone)
    shown = to_local(instant, zone)
    if shown != local:  # the time was skipped: it moves forward by as much as the clocks did
        before = local.replace(tzinfo=ZoneInfo(zone), fold=0).utcoffset()
        after = local.replace(tzinfo=ZoneInfo(zone), fold=1).utcoffset()
        assert shown - local == after - before > dt.timedelta(0)


@given(local=LOCAL, zone=st.sampled_from(ZONES))
def test_of_two_the_first_counts(local, zone):
    second = local.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(dt.UTC)
    first = resolve_local(local, zone)
    if to_local(second, zone) == local:
        assert first <= second


@given(local=LOCAL, zone=st.sampled_from(ZONES), days=st.integers(-400, 400))
def test_days_keep_the_wall_clock_and_hours_are_exact(local, zone, days):
    moved = apply_offset(local, zone, Offset(f"{'-' if days < 0 else ''}P{abs(days)}D"))
    assert moved == resolve_local(local + dt.timedelta(days=days), zone)
    exact = apply_offset(local, zone, Offset("PT36H"))
    assert exact - resolve_local(local, zone) == dt.timedelta(hours=36)


@pytest.mark.parametrize(
    ("text", "days", "exact", "before"),
    [
        ("-P1D", -1, dt.timedelta(0), True),
        ("P2W", 14, dt.timedelta(0), False),
        ("-PT24H", 0, dt.timedelta(hours=-24), True),
        ("-PT90M", 0, dt.timedelta(minutes=-90), True),
        ("+P1DT2H30M", 1, dt.timedelta(hours=2, minutes=30), False),
        ("P0D", 0, dt.timedelta(0), False),
        ("PT0S", 0, dt.timedelta(0), False),
        ("-PT1H30S", 0, dt.timedelta(hours=-1, seconds=-30), True),
    ],
)
def test_offsets_are_read(text, days, exact, before):
    offset = Offset(text)
    assert (offset.days, offset.exact, offset.is_before) == (days, exact, before)
    assert offset.whole_days is (exact == dt.timedelta(0))
    assert offset.text == text


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "-P1Y", "P1M", "1D", "p1d", "P-1D", "P1.5D", "PT1.5S", "P1W2D", "P1D\n", "P١D"],
)
def test_other_offsets_are_refused(text):
    with pytest.raises(ValueError, match="ISO 8601"):
        Offset(text)


@pytest.mark.parametrize("year", [1, 1899, 2201, 9999])
def test_years_without_events_are_refused_not_a_fault(year):
    with pytest.raises(DomainError, match="Give a year"):
        resolve_local(dt.datetime(year, 1, 1), "Pacific/Kiritimati")


def test_an_offset_beyond_the_calendar_is_refused_not_a_fault():
    with pytest.raises(DomainError, match="too far"):
        apply_offset(dt.datetime(9999, 1, 1), "UTC", Offset("P9999W"))


def test_what_has_a_zone_is_no_local_time_and_what_has_none_no_instant():
    with pytest.raises(ValueError, match="carries no zone"):
        resolve_local(dt.datetime(2027, 1, 1, tzinfo=dt.UTC), "UTC")
    with pytest.raises(ValueError, match="needs a zone"):
        to_local(dt.datetime(2027, 1, 1), "UTC")


def test_zones_have_their_iana_names():
    assert {"Europe/Belgrade", "UTC", "Asia/Kathmandu"} <= zone_names()
    assert "EST5EDT" not in zone_names()


def test_the_version_of_the_zone_data_is_known(monkeypatch):
    assert tzdata_version()[:2] == "20"
    from importlib import metadata

    def missing(_name):
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(metadata, "version", missing)
    assert tzdata_version() == "system"

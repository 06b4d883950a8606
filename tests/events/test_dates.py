"""Days and times are written as the reader writes them, with the city whose clocks show them."""

from __future__ import annotations

import datetime as dt

import pytest

from events.dates import say_date, say_day, say_month, say_short_date, say_time, say_when, zone_city

START = dt.datetime(2025, 2, 20, 10, 0)
ZONE = "Europe/Belgrade"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Thursday, 20 February 2025, 10:00–13:00 (Belgrade)"),
        ("sr-Latn", "četvrtak, 20. februar 2025, 10:00–13:00 (Beograd)"),
        ("sr-Cyrl", "четвртак, 20. фебруар 2025, 10:00–13:00 (Београд)"),
        ("ru", "четверг, 20 февраля 2025 г., 10:00–13:00 (Белград)"),
        ("xx", "Thursday, 20 February 2025, 10:00–13:00 (Belgrade)"),
    ],
)
def test_a_span_within_a_day_names_the_day_once(language, sentence):
    assert say_when(START, START.replace(hour=13), ZONE, language) == sentence


def test_a_span_over_days_names_both():
    assert say_when(START, dt.datetime(2025, 2, 21, 13, 0), ZONE, "en") == (
        "Thursday, 20 February 2025, 10:00 – Friday, 21 February 2025, 13:00 (Belgrade)"
    )


def test_shorter_forms():
    day = START.date()
    assert [say_date(day, "en"), say_day(day, "en"), say_short_date(day, "en")] == [
        *("Thursday, 20 February 2025", "Thursday, 20 February", "20 Feb 2025")
    ]
    assert say_short_date(day, "ru") == "20 февр. 2025"
    assert [say_month(day, tag) for tag in ("en", "sr-Latn", "sr-Cyrl", "ru")] == [
        *("Feb 2025", "feb 2025.", "феб 2025.", "февр. 2025")
    ]
    assert say_month(dt.date(2025, 5, 26), "sr-Cyrl") == "мај 2025."
    assert say_time(START, "en") == say_time(START.time(), "ru") == "10:00"


def test_a_zone_without_a_city_keeps_its_name():
    assert zone_city("UTC", "sr-Latn") == "UTC"

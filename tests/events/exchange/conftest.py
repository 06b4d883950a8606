"""What the readers' tests read with: a conference in Belgrade that speaks English and Serbian."""

import datetime as dt

import pytest

from events.incoming import ReadingOptions


@pytest.fixture
def options():
    return ReadingOptions(
        first_day=dt.date(2027, 3, 28),
        time_zone="Europe/Belgrade",
        language="en",
        languages=("en", "sr-Latn"),
    )

"""How far the mail calendar looks: past the end where that is near."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.clock import to_local
from core.errors import DomainError
from notifications.services.horizon import end_of_weeks, read_until, usual_weeks
from tests.factories.notifications import ZONE, conference_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("days", "weeks"), [(-9, 2), (3, 2), (15, 4), (40, 8), (90, 16), (200, 4)])
def test_it_looks_past_the_end_where_that_is_near(days, weeks):
    assert usual_weeks(conference_in(days=days)) == weeks


def test_a_day_ends_at_midnight_of_the_conference():
    until = end_of_weeks(conference_in(), 2)
    assert to_local(until, ZONE).time() == dt.time(0)


@pytest.mark.parametrize("text", ["soon", "2027-13-01", "1999-01-01", "2999-01-01"])
def test_what_is_no_day_to_come_is_refused(text):
    with pytest.raises(DomainError) as refused:
        read_until(conference_in(), text)
    assert [error.pointer for error in refused.value.errors] == ["/until"]


def test_a_program_names_the_last_day():
    conference = conference_in()
    day = to_local(timezone.now(), ZONE).date() + dt.timedelta(days=3)
    assert to_local(read_until(conference, day.isoformat()), ZONE) == dt.datetime.combine(
        day + dt.timedelta(days=1), dt.time(0)
    )
    assert read_until(conference, "") == end_of_weeks(conference, usual_weeks(conference))

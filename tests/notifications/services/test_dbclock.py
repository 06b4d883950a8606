"""The database's clock."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from notifications.models import Message
from notifications.services.dbclock import DatabaseNow, database_now
from tests.factories.notifications import MessageFactory

pytestmark = pytest.mark.django_db


def test_it_is_now_whatever_python_believes():
    before = timezone.now()
    with time_machine.travel(before + dt.timedelta(days=3), tick=False):
        found = database_now()
    assert found.tzinfo is not None
    assert abs(found - before) < dt.timedelta(seconds=5)


@pytest.mark.parametrize("seconds", [-86400.0, -0.25, 0.0, 0.5, 30.0, 3 * 86400.0])
def test_moments_are_counted_in_the_database_and_stored_like_any_other(seconds):
    row = MessageFactory()
    Message.objects.update(due_at=DatabaseNow(seconds))
    row.refresh_from_db()
    away = (row.due_at - timezone.now()).total_seconds()
    assert away == pytest.approx(seconds, abs=5)
    # A stored moment compares with one from Python to the microsecond.
    Message.objects.update(not_after=row.due_at)
    assert Message.objects.filter(due_at=row.due_at, not_after__lte=row.due_at).exists()
    assert not Message.objects.filter(due_at__lt=row.due_at).exists()


def test_two_expressions_are_equal_when_they_mean_the_same_moment():
    assert DatabaseNow(3) == DatabaseNow(3.0)
    assert DatabaseNow(3) != DatabaseNow(4)

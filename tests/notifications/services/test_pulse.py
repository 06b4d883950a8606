"""Counters of tries: each try once, whoever counts, at a cost that does not grow."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from notifications.models import Delivery, OutboxPulse, OutboxTally
from notifications.services import pulse
from notifications.services.figures import mail_figures
from notifications.services.pulse import count_tries, note_sweep, tries_by_outcome
from tests.factories.notifications import MessageFactory, conference_in, guests_of


def tries(number, outcome="accepted", *, kind="confirmation", minutes=5):
    at = timezone.now() - dt.timedelta(minutes=minutes)
    message = MessageFactory(registration=guests_of(conference_in())[0], kind=kind)
    Delivery.objects.bulk_create(
        Delivery(message=message, attempt=n, started_at=at, ended_at=at, outcome=outcome)
        for n in range(number)
    )


def tallies():
    return {(t.kind, t.outcome): t.number for t in OutboxTally.objects.all()}


@pytest.mark.django_db
class TestCounting:
    def test_before_the_first_sweep_all_is_counted_at_the_scrape(self):
        tries(2)
        assert count_tries() == 0
        assert tries_by_outcome() == {("confirmation", "accepted"): 2}

    def test_each_try_once_and_the_latest_minute_at_the_scrape(self):
        note_sweep()
        tries(3)
        tries(1, "ambiguous", kind="reminder")
        tries(2, minutes=0)
        assert count_tries() == 4
        assert count_tries() == 0
        assert tallies() == {("confirmation", "accepted"): 3, ("reminder", "ambiguous"): 1}
        whole = {("confirmation", "accepted"): 5, ("reminder", "ambiguous"): 1}
        assert tries_by_outcome() == whole
        Delivery.objects.update(ended_at=timezone.now() - dt.timedelta(minutes=2))
        assert count_tries() == 2
        assert tries_by_outcome() == tallies() == whole

    def test_in_chunks_and_no_more_than_a_sweep_may(self, monkeypatch):
        monkeypatch.setattr(pulse, "_CHUNK", 2)
        monkeypatch.setattr(pulse, "_MOST_CHUNKS", 2)
        note_sweep()
        tries(5)
        assert [count_tries(), count_tries(), count_tries()] == [4, 1, 0]
        assert tallies() == {("confirmation", "accepted"): 5}

    def test_they_outlive_the_rows_that_they_counted(self):
        note_sweep()
        tries(3)
        count_tries()
        Delivery.objects.all().delete()
        tries(1, minutes=0)
        assert tries_by_outcome() == {("confirmation", "accepted"): 4}

    def test_counters_by_kind(self):
        note_sweep()
        for outcome in ("accepted", "refused", "broken", "ambiguous", "lost", "deferred"):
            tries(1, outcome, kind="reminder")
        count_tries()
        found = {figure.name: figure for figure in mail_figures()}
        for name, number in (
            ("outbox_sent", 1),
            ("outbox_failed", 2),
            ("outbox_ambiguous", 1),
            ("outbox_deferred", 2),
        ):
            assert found[name].counter
            assert found[name].samples["reminder",] == number
            assert found[name].samples["confirmation",] == 0

    def test_reading_is_one_statement(self, django_assert_num_queries):
        note_sweep()
        tries(3)
        with django_assert_num_queries(1):
            tries_by_outcome()


@pytest.mark.django_db(transaction=True)
def test_many_sweepers_at_once_count_each_try_once(monkeypatch):
    monkeypatch.setattr(pulse, "_CHUNK", 7)
    note_sweep()
    tries(100)
    start, counted, errors = threading.Barrier(4), [], []

    def work():
        start.wait()
        try:
            note_sweep()
            counted.append(count_tries())
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (errors, sum(counted)) == ([], 100)
    assert tallies() == {("confirmation", "accepted"): 100}
    assert OutboxPulse.objects.count() == 1

"""SQLite's writers wait in turn, not longer than they must, and never for ever."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import threading
import time

import pytest
from django.db import OperationalError, connection, transaction

from core.database.sqlite3 import base
from core.database.waiting import giving_way, pause
from core.models import TimeZoneData

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has row locks"),
]


@pytest.fixture
def other():
    """Another program that writes to the same file."""
    found = sqlite3.connect(
        connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False
    )
    yield found
    found.close()


def busy_timeout():
    return connection.cursor().execute("PRAGMA busy_timeout").fetchone()[0]


def is_free():
    free = base._queue.lock.acquire(blocking=False)
    if free:
        base._queue.lock.release()
    return free


def in_a_thread(act):
    """Run something on a connection of another thread; return the thread and what it raised."""
    raised = []

    def run():
        try:
            act()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, raised


def test_a_transaction_has_the_queue_to_itself_and_leaves_it_however_it_ends():
    with transaction.atomic():
        assert not is_free()
        with transaction.atomic():
            pass
        assert not is_free()
    assert is_free()
    with pytest.raises(KeyError), transaction.atomic():
        raise KeyError
    assert is_free()
    with transaction.atomic():
        connection.close()
        assert is_free()
    assert busy_timeout() == 20_000


def test_hooks_run_after_the_queue_was_left():
    seen = []
    with transaction.atomic():
        transaction.on_commit(lambda: seen.append(is_free()))
    assert seen == [True]


def test_it_is_in_within_milliseconds_after_another_program_has_written(other):
    waits = []
    for _ in range(10):
        other.execute("BEGIN IMMEDIATE")
        ended = []

        def end(ended=ended):
            time.sleep(0.06)  # by now SQLite itself would look again every 25 ms
            ended.append(time.monotonic())
            other.execute("COMMIT")

        thread = threading.Thread(target=end)
        thread.start()
        with transaction.atomic():
            waits.append(time.monotonic() - ended[0])
        thread.join()
    assert sorted(waits)[5] < 0.015


def test_who_waits_too_long_is_told_and_stands_in_nobodys_way(other, monkeypatch):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.1)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"), transaction.atomic():
        pass
    assert is_free()
    other.execute("COMMIT")
    with transaction.atomic():
        pass
    assert busy_timeout() == 100


def test_a_thread_that_waits_too_long_for_another_is_told_as_well(monkeypatch):
    # Threads have connections of their own with the same settings.
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.1)

    def write():
        with transaction.atomic():
            pass

    with transaction.atomic():
        thread, raised = in_a_thread(write)
        thread.join(5)
    assert [type(error) for error in raised] == [OperationalError]
    assert is_free()


def test_a_fault_that_is_no_queue_is_raised_at_once():
    def begin():
        connection.cursor().execute("BEGIN IMMEDIATE")

    with transaction.atomic():
        connection.in_atomic_block = False
        try:
            with pytest.raises(OperationalError, match="within a transaction"):
                connection._begin(begin, time.monotonic(), 20.0)
        finally:
            connection.in_atomic_block = True


def test_threads_write_one_after_the_other_and_lose_nothing():
    def write(number):
        for n in range(20):
            with transaction.atomic():
                TimeZoneData.objects.create(tzdata=f"{number}.{n}")

    started = [in_a_thread(lambda number=number: write(number)) for number in range(6)]
    for thread, _raised in started:
        thread.join(30)
    assert [raised for _thread, raised in started] == [[]] * 6
    assert TimeZoneData.objects.filter(tzdata__contains=".").count() == 120


def test_a_child_does_not_wait_for_a_thread_of_its_parent():
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    with transaction.atomic():
        child = context.Process(target=lambda: answers.put((is_free(), os.getpid())))
        child.start()
        child.join(10)
    free, pid = answers.get()
    assert free
    assert pid != os.getpid()


def test_work_in_the_background_looks_less_often_for_a_quarter_of_a_second():
    with giving_way():
        slow = [pause(waited) for waited in (0.0, 0.1, 0.2, 0.3, 5.0)]
    quick = [pause(waited) for waited in (0.0, 0.1, 0.2, 0.3, 5.0)]
    assert slow == [0.0025, 0.0025, 0.0025, 0.01, 0.01]
    assert quick == [0.0005, pytest.approx(0.0055), 0.01, 0.01, 0.01]

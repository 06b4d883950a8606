"""The line of processes: nobody is passed by, and the dead hold nobody up."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import threading

import pytest
from django.db import OperationalError, connection, transaction

from core.database.sqlite3 import base
from core.database.sqlite3.line import Line
from core.models import TimeZoneData

SECONDS = 10


@pytest.fixture
def path(tmp_path):
    return tmp_path / "lectern.sqlite3"


@pytest.fixture
def line(path):
    found = Line(path)
    yield found
    found.close()


def in_a_thread(act):
    thread = threading.Thread(target=act)
    thread.start()
    return thread


def has_turn(path):
    """Tell whether somebody has the turn, and whether somebody waits for it as the next one."""
    return {name: is_taken(f"{path}-{name}") for name in ("next", "turn")}


def is_taken(name):
    file = os.open(name, os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def test_one_has_the_turn_at_a_time(path, line):
    line.wait()
    assert has_turn(path) == {"next": False, "turn": True}
    line.leave()
    line.leave()
    assert has_turn(path) == {"next": False, "turn": False}


def test_nobody_is_passed_by(path, line):
    """Who comes again at once stands behind who waited meanwhile."""
    order = []
    other, goes_on = Line(path), threading.Event()
    line.wait()

    def wait():
        other.wait()
        order.append("other")
        goes_on.wait(SECONDS)
        other.leave()

    thread = in_a_thread(wait)
    while not has_turn(path)["next"]:
        pass
    line.leave()
    again = in_a_thread(lambda: (line.wait(), order.append("again")))
    goes_on.set()
    for each in (thread, again):
        each.join(SECONDS)
    assert order == ["other", "again"]
    other.close()


def _take_and_die(path):
    Line(path).wait()
    os._exit(1)


def test_who_dies_gives_the_turn_back(path, line):
    child = multiprocessing.get_context("fork").Process(target=_take_and_die, args=(path,))
    child.start()
    child.join(SECONDS)
    waiting = in_a_thread(line.wait)
    waiting.join(SECONDS)
    assert not waiting.is_alive()
    assert has_turn(path)["turn"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has row locks")
@pytest.mark.django_db(transaction=True)
class TestTransactions:
    @pytest.fixture(autouse=True)
    def in_line(self, path, monkeypatch):
        monkeypatch.setattr(base._queue, "line", None)
        base.stand_in_line(path)
        yield
        base._queue.line.close()

    def test_one_has_the_turn_until_it_is_committed(self, path):
        with transaction.atomic():
            TimeZoneData.objects.create(tzdata="2026a")
            assert has_turn(path)["turn"]
        assert not has_turn(path)["turn"]

    def test_or_undone(self, path):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            raise ZeroDivisionError
        assert not has_turn(path)["turn"]

    def test_or_never_begun(self, path, monkeypatch):
        def refuse(self, *args):
            raise OperationalError("no")

        monkeypatch.setattr(base.DatabaseWrapper, "_begin", refuse)
        with pytest.raises(OperationalError), transaction.atomic():
            pass
        assert not has_turn(path)["turn"]

    def test_a_child_holds_no_turn_of_its_parent(self, path):
        context = multiprocessing.get_context("fork")
        seen, goes_on = context.SimpleQueue(), context.Event()

        def live():
            seen.put(base._queue.line is None)
            goes_on.wait(SECONDS)

        with transaction.atomic():
            child = context.Process(target=live)
            child.start()
            assert seen.get()
            assert has_turn(path)["turn"]
        assert not has_turn(path)["turn"]
        goes_on.set()
        child.join(SECONDS)

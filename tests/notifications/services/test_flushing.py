"""Senders let the disk take their commits together, and wait for it before a final dot."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from django.db import connection

from notifications.services import flushing
from notifications.services.flushing import Disk, begin_flush, committing_early, end_flush


class SlowDisk:
    """Counts turns; each lasts until it is let go."""

    def __init__(self):
        self.turns = 0
        self.begun, self.may_end = threading.Semaphore(0), threading.Semaphore(0)
        self.is_broken = False

    def __call__(self):
        self.turns += 1
        self.begun.release()
        assert self.may_end.acquire(timeout=10)
        if self.is_broken:
            raise OSError("broken")


def test_whoever_asks_during_a_turn_shares_the_next_one():
    slow = SlowDisk()
    disk = Disk(slow)
    first = disk.ask()
    assert slow.begun.acquire(timeout=10)
    others = [disk.ask() for _ in range(5)]
    assert (first, others) == (1, [2] * 5)
    slow.may_end.release(2)
    for turn in (first, *others):
        disk.wait(turn)
    assert slow.turns == 2


def test_a_disk_that_fails_is_told_to_all_who_wait_and_to_nobody_later():
    slow = SlowDisk()
    disk = Disk(slow)
    slow.is_broken = True
    slow.may_end.release()
    turn = disk.ask()
    for _ in range(2):
        with pytest.raises(OSError, match="could not be written"):
            disk.wait(turn)
    slow.is_broken = False
    slow.may_end.release()
    disk.wait(disk.ask())


@pytest.fixture
def turns(monkeypatch):
    """Count the turns of the disk in this process."""
    counted = []
    monkeypatch.setattr(flushing, "_disk", Disk(lambda: counted.append(flushing._write())))
    return counted


@pytest.mark.skipif(connection.vendor != "sqlite", reason="sessions of PostgreSQL wait alone")
class TestOnSqlite:
    @pytest.fixture
    def database(self, tmp_path, monkeypatch):
        """Let the connection be one to a file, as in production."""
        path = tmp_path / "mail.sqlite3"
        ours = sqlite3.connect(path, isolation_level=None)
        ours.execute("PRAGMA journal_mode=WAL")
        ours.execute("CREATE TABLE mail (id INTEGER)")
        ours.execute("PRAGMA synchronous=FULL")

        def ask(name):
            return ours.execute(f"PRAGMA {name}").fetchone()[0]

        monkeypatch.setattr(flushing, "_ask", ask)
        monkeypatch.setattr(
            flushing,
            "_wait_for_disk",
            lambda level: ours.execute(f"PRAGMA synchronous={level}"),
        )
        monkeypatch.setitem(connection.settings_dict, "NAME", str(path))
        yield ours
        ours.close()

    def test_a_sender_waits_for_the_disk_before_the_dot_and_at_the_end(self, database, turns):
        assert database.execute("PRAGMA synchronous").fetchone() == (2,)
        with committing_early():
            assert database.execute("PRAGMA synchronous").fetchone() == (1,)
            database.execute("INSERT INTO mail VALUES (1)")
            begin_flush()
            end_flush()
            assert len(turns) == 1
            database.execute("INSERT INTO mail VALUES (2)")
        assert database.execute("PRAGMA synchronous").fetchone() == (2,)
        assert len(turns) == 2

    def test_who_chose_what_waits_for_the_disk_keeps_it(self, database, turns):
        database.execute("PRAGMA synchronous=OFF")
        with committing_early():
            begin_flush()
            end_flush()
            assert database.execute("PRAGMA synchronous").fetchone() == (0,)
        assert turns == []


@pytest.mark.django_db
def test_nothing_changes_inside_a_transaction(turns):
    assert connection.in_atomic_block
    with committing_early():
        begin_flush()
        end_flush()
    assert turns == []

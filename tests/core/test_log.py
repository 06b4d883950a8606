"""A commit is on disk when it returns, and others write while it waits for that."""

from __future__ import annotations

import os
import sqlite3

import pytest
from django.db import OperationalError

from core.database.sqlite3 import base, log


@pytest.fixture(autouse=True)
def own_databases(django_db_blocker):
    """Let tests have databases of their own; that of all tests is not touched."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def disk(monkeypatch):
    """What was true each time when the disk was waited for."""
    seen = []

    def wait(file):
        free = base._queue.lock.acquire(blocking=False)
        if free:
            base._queue.lock.release()
        seen.append(free)

    monkeypatch.setattr(log, "_to_disk", wait)
    return seen


def open_database(path, init="PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"):
    settings = {
        "NAME": str(path / "own.sqlite3"),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 5, "init_command": init},
        **dict.fromkeys(["TIME_ZONE", "CONN_MAX_AGE"]),
        "AUTOCOMMIT": True,
        "ATOMIC_REQUESTS": False,
        "CONN_HEALTH_CHECKS": False,
        "TEST": {},
    }
    return base.DatabaseWrapper(settings, alias="own")


@pytest.fixture
def database(tmp_path, disk):
    found = open_database(tmp_path)
    run(found, "CREATE TABLE entry (number INTEGER)")
    yield found
    found.close()


def run(database, sql):
    with database.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def write(database, end="commit"):
    database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    run(database, "INSERT INTO entry VALUES (1)")
    assert run(database, "PRAGMA synchronous") == [(1,)]
    getattr(database, end)()
    database.set_autocommit(True)


def test_a_transaction_waits_when_the_next_one_is_let_in(database, disk):
    write(database)
    write(database)
    assert disk == [True, True]
    assert run(database, "SELECT COUNT(*) FROM entry") == [(2,)]


def test_single_statements_wait_within_as_before(database, disk):
    write(database)
    disk.clear()
    assert run(database, "PRAGMA synchronous") == [(2,)]
    run(database, "INSERT INTO entry VALUES (2)")
    assert disk == []


def test_what_is_undone_waits_for_nothing(database, disk):
    write(database, "rollback")
    assert disk == []
    assert run(database, "PRAGMA synchronous") == [(2,)]


def test_senders_wait_by_themselves(database, disk):
    database.commits_early = True
    run(database, "PRAGMA synchronous = NORMAL")
    write(database)
    assert disk == []
    assert run(database, "PRAGMA synchronous") == [(1,)]


@pytest.mark.parametrize(
    "init",
    [
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
        "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL;",
    ],
)
def test_other_settings_stay_as_they_are(tmp_path, disk, init):
    database = open_database(tmp_path, init)
    run(database, "CREATE TABLE entry (number INTEGER)")
    before = run(database, "PRAGMA synchronous")
    database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    run(database, "INSERT INTO entry VALUES (1)")
    assert run(database, "PRAGMA synchronous") == before
    database.commit()
    assert (disk, run(database, "PRAGMA synchronous")) == ([], before)
    database.close()


def test_a_disk_that_takes_nothing_is_told(database, monkeypatch):
    def refuse(file):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(log, "_to_disk", refuse)
    with pytest.raises(OperationalError, match="disk"):
        write(database)
    assert base._queue.lock.acquire(blocking=False)
    base._queue.lock.release()


def test_a_connection_that_is_opened_again_waits_as_well(database, disk):
    write(database)
    database.close()
    write(database)
    assert disk == [True, True]


def test_it_is_the_file_that_sqlite_writes(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(log, "_to_disk", lambda file: synced.append(os.fstat(file).st_ino))
    database = open_database(tmp_path)
    run(database, "CREATE TABLE entry (number INTEGER)")
    write(database)
    assert synced == [(tmp_path / "own.sqlite3-wal").stat().st_ino]
    database.close()


def test_who_is_not_let_in_waits_within_again(database, disk):
    other = sqlite3.connect(database.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    database.settings_dict["OPTIONS"]["timeout"] = 0.1
    with pytest.raises(OperationalError, match="locked"):
        write(database)
    other.execute("ROLLBACK")
    other.close()
    database.connection.rollback()
    assert run(database, "PRAGMA synchronous") == [(2,)]

"""Locks that the ORM has no word for, each needed by one engine only."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from django.db import connection, transaction

from core.database.waiting import giving_way

_at_work: Final = threading.Lock()


@contextmanager
def at_work() -> Iterator[None]:
    """Have the processor as the only sender of this process, on SQLite.

    Only one thread computes at a time anyway. Where others make mails meanwhile, a transaction
    waits for its turn after each statement, and all who want to write wait for the transaction,
    guests above all: their slowest registrations took half as long again.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with _at_work:
        yield


@contextmanager
def writing(*, urgent: bool = False, may_wait: bool = False) -> Iterator[None]:
    """Run a short transaction of a sender.

    SQLite lets one writer in; where people wait for it too, senders give way (core.database), but
    not once a mail is out. Of a process's senders one is at work.

    Arguments:
        urgent: goes before all who are not: until a mail that went out is written down, the death
            of its sender makes it go out twice.
        may_wait: whether PostgreSQL may answer before the commit is on disk. What a crash of the
            database then forgets is only that a message was begun; its lease is remembered.
    """
    with ExitStack() as locks:
        if not urgent:
            locks.enter_context(giving_way())
        locks.enter_context(at_work())
        with transaction.atomic():
            if may_wait and connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL synchronous_commit TO OFF")
            yield


def try_alone(what: int, pk: int) -> bool:
    """Tell whether this transaction alone is at work on `what` (a number of ours) of `pk`."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [what, pk % 2**31])
        (answer,) = cursor.fetchone()
    return bool(answer)

"""Of a process's senders one is at work on SQLite; on PostgreSQL all are."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from core.database.waiting import pause
from notifications.services.locks import at_work, writing

pytestmark = pytest.mark.django_db(transaction=True)
ON_SQLITE = connection.vendor == "sqlite"
LATER = 0.0025


def tried_by_another(block):
    """Tell whether another thread gets into a block within a moment, while we are in one."""
    entered, done = threading.Event(), threading.Event()

    def enter():
        with block():
            entered.set()
        connection.close()
        done.set()

    thread = threading.Thread(target=enter)
    thread.start()
    found = entered.wait(0.3)
    return found, thread, done


def test_another_waits_until_we_are_done_where_only_one_can_write():
    with at_work():
        found, thread, done = tried_by_another(at_work)
    thread.join(5)
    assert (found, done.is_set()) == (not ON_SQLITE, True)


def test_who_makes_a_mail_holds_up_no_transaction_on_postgresql():
    with at_work():
        found, thread, done = tried_by_another(lambda: writing(urgent=True))
    thread.join(5)
    assert (found, done.is_set()) == (not ON_SQLITE, True)


def test_in_a_transaction_nobody_waits_for_themselves():
    with writing(), at_work():
        pass
    with transaction.atomic(), writing(), at_work():
        assert connection.in_atomic_block


@pytest.mark.parametrize(("urgent", "gives_way"), [(False, True), (True, False)])
def test_a_sender_gives_way_but_not_once_a_mail_is_out(urgent, gives_way):
    with writing(urgent=urgent):
        assert (pause(0) == LATER) == gives_way

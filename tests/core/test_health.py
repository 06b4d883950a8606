"""A kept connection is asked whether it works only where that is not known already."""

from __future__ import annotations

import time

import psycopg
import pytest
from django.db import connection, connections

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server"),
]


@pytest.fixture
def kept():
    """Be a connection of a process that serves one request after the other."""
    here = connections.create_connection("default")
    here.settings_dict = here.settings_dict | {"CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 60}
    yield here
    here.close()


@pytest.fixture
def asked(kept, monkeypatch):
    """Return a list that grows with each question to the database whether it is there."""
    questions = []
    ask = kept.is_usable

    def is_usable():
        questions.append(1)
        return ask()

    monkeypatch.setattr(kept, "is_usable", is_usable)
    return questions


def serve(kept):
    """Be one request with one query; return the number of the process that answered it."""
    kept.close_if_unusable_or_obsolete()
    try:
        with kept.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return cursor.fetchone()[0]
    finally:
        kept.close_if_unusable_or_obsolete()


def end(process):
    """Let the server throw a process of its own out, and wait until it is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [process])
        assert cursor.fetchone() == (True,)


def test_requests_in_a_row_ask_nothing(kept, asked):
    assert len({serve(kept) for _ in range(5)}) == 1
    assert asked == []


def test_a_connection_that_rested_is_asked(kept, asked, monkeypatch):
    first = serve(kept)
    monkeypatch.setattr(kept, "_worked_at", time.monotonic() - 2)
    assert serve(kept) == first
    assert asked == [1]


def test_a_request_that_asks_nothing_leaves_the_connection_unknown(kept, asked, monkeypatch):
    first = serve(kept)
    monkeypatch.setattr(kept, "_worked_at", time.monotonic() - 2)
    kept.close_if_unusable_or_obsolete()
    assert serve(kept) == first
    assert asked == [1]


def test_a_server_that_has_gone_is_noticed_without_a_fault(kept, asked):
    first = serve(kept)
    end(first)
    assert serve(kept) != first
    assert asked == [1]


def test_a_connection_on_which_something_failed_is_asked(kept, asked):
    first = serve(kept)
    with pytest.raises(Exception, match="nowhere"), kept.cursor() as cursor:
        cursor.execute("SELECT * FROM nowhere")
    assert serve(kept) == first
    assert asked == [1]


def test_plans_are_made_anew_when_twice_as_many_were_served(kept, monkeypatch):
    """What was planned for an empty table is not what a full one is read by."""
    serve(kept)
    said = []
    execute = kept.connection.execute
    monkeypatch.setattr(kept.connection, "execute", lambda sql: said.append(sql) or execute(sql))
    kept._forgets_at = 4
    seen = []
    for _ in range(17):
        serve(kept)
        seen.append(len(said))
    assert seen == [0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3]
    assert set(said) == {"DISCARD PLANS"}


def test_plans_that_cannot_be_forgotten_harm_nobody(kept):
    first = serve(kept)
    end(first)
    kept._forget_plans()
    assert serve(kept) != first


def test_a_connection_that_was_closed_under_our_hands_is_opened_again(kept):
    first = serve(kept)
    assert isinstance(kept.connection, psycopg.Connection)
    kept.connection.close()
    assert serve(kept) != first

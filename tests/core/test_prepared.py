"""Statements that stay prepared give what unprepared ones do, and are sent once a connection."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.database.prepared import may_prepare, prepared_cursor
from core.models import TimeZoneData

pytestmark = pytest.mark.django_db
ASK = "SELECT %s || 'x', COUNT(*) FROM core_timezonedata WHERE id = %s"
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite's driver keeps its statements itself"
)


def ask(text, number, sql=ASK):
    with prepared_cursor() as cursor:
        cursor.execute(sql, [text, number])
        return cursor.fetchall()


def kept(mark):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE %s", [f"%{mark}%"]
        )
        return cursor.fetchone()[0]


def test_the_answer_is_the_same_and_counts_as_a_query():
    with CaptureQueriesContext(connection) as queries:
        assert [ask(text, 0) for text in ("a", "č")] == [[("ax", 0)], [("čx", 0)]]
    assert [query["sql"].startswith("SELECT ") for query in queries] == [True, True]


def test_what_the_database_refuses_is_djangos_error():
    row = TimeZoneData.objects.create(tzdata="2026a")
    sql = "INSERT INTO core_timezonedata (id, tzdata, resolved_at) VALUES (%s, %s, %s)"
    with pytest.raises(IntegrityError), transaction.atomic(), prepared_cursor() as cursor:
        cursor.execute(sql, [row.pk, "2026b", "2026-11-27"])
    assert ask("a", 0) == [("ax", 0)]


@on_postgresql
def test_a_statement_is_sent_once_a_connection():
    for text in ("a", "b", "c"):
        ask(text, 0, f"{ASK} -- once")
        assert kept("-- once") == 1


@on_postgresql
def test_a_rollback_leaves_what_was_sent():
    for text in ("a", "b", "c"):
        with transaction.atomic():
            ask(text, 0, f"{ASK} -- undone")
            transaction.set_rollback(True)
        assert kept("-- undone") == 1


@on_postgresql
def test_what_failed_when_it_was_sent_is_sent_again():
    sql = "INSERT INTO core_timezonedata (id, tzdata, resolved_at) VALUES (%s, %s, '2026-11-27')"
    TimeZoneData.objects.create(pk=7, tzdata="2026a")
    for number in (7, 7, 8):
        try:
            with transaction.atomic(), prepared_cursor() as cursor:
                cursor.execute(sql, [number, f"2026{number}"])
        except IntegrityError:
            assert number == 7
    assert set(TimeZoneData.objects.values_list("pk", flat=True)) >= {7, 8}


@on_postgresql
def test_behind_a_pool_nothing_stays(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    assert not may_prepare()
    assert ask("a", 0, f"{ASK} -- pool") == [("ax", 0)]
    assert kept("-- pool") == 0


def test_signs_of_percent_are_what_they_are_elsewhere():
    with prepared_cursor() as cursor:
        cursor.execute("SELECT '100%% of %%s', %s", ["50%"])
        assert cursor.fetchall() == [("100% of %s", "50%")]


def test_a_statement_of_many_parameters(django_assert_num_queries):
    numbers = list(range(200))
    with django_assert_num_queries(1), prepared_cursor() as cursor:
        cursor.execute(f"SELECT {' + '.join(['CAST(%s AS integer)'] * 200)}", numbers)
        assert cursor.fetchall() == [(sum(numbers),)]

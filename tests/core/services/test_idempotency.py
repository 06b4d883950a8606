"""The same request twice is one deed and one answer, also when both come at the same moment."""

from __future__ import annotations

import datetime as dt
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from accounts.models import Organisation
from core.errors import DomainError, invalid
from core.models import IdempotencyRecord
from core.services import idempotency
from core.services.idempotency import Answer, once, read_key, refuse_reused_key
from core.tasks import forget_idempotency_keys

SCOPE = "token-1 POST /api/v1/things/"


def add(slug="one"):
    """Do a deed that leaves a row, and answer."""
    Organisation.objects.create(slug=slug, name=slug)
    return Answer(201, f'{{"slug": "{slug}"}}', location=f"/things/{slug}", etag='"v1"')


def rows():
    return list(Organisation.objects.order_by("id").values_list("slug", flat=True))


@pytest.mark.parametrize(
    ("header", "key"),
    [
        (None, None),
        ("abc", "abc"),
        ('"abc"', "abc"),
        ('"two words"', "two words"),
        (" abc ", "abc"),
        ("x" * 128, "x" * 128),
    ],
)
def test_keys_are_bare_or_quoted(header, key):
    assert read_key(header) == key


@pytest.mark.parametrize("header", ["", '""', "x" * 129, "ключ", "two words", '"a"b', "a\x00b"])
def test_other_keys_are_refused(header):
    with pytest.raises(DomainError, match="1 to 128"):
        read_key(header)


def test_without_a_key_each_request_is_a_deed(db):
    assert once(scope=SCOPE, key=None, body=b"1", act=lambda: add("a")).status == 201
    assert once(scope=SCOPE, key=None, body=b"1", act=lambda: add("b")).status == 201
    assert rows() == ["a", "b"]
    assert IdempotencyRecord.objects.count() == 0


def test_a_repeated_request_gets_the_first_answer_and_says_so(db):
    first = once(scope=SCOPE, key="k", body=b"1", act=add)
    again = once(scope=SCOPE, key="k", body=b"1", act=add)
    assert first == Answer(201, '{"slug": "one"}', "/things/one", '"v1"', replayed=False)
    assert again == Answer(201, '{"slug": "one"}', "/things/one", '"v1"', replayed=True)
    assert rows() == ["one"]


def test_an_answer_that_is_foreknown_is_kept_with_its_key(db, django_assert_num_queries):
    foreknown = Answer(201, '{"slug": "one"}', "/things/one", '"v1"')
    with django_assert_num_queries(4):  # savepoint, key, deed, release
        first = once(scope=SCOPE, key="k", body=b"1", act=add, foreknown=foreknown)
    again = once(scope=SCOPE, key="k", body=b"1", act=add, foreknown=Answer(201, "another"))
    assert (first.body, first.replayed) == (foreknown.body, False)
    assert (again.body, again.location, again.replayed) == (first.body, first.location, True)
    assert rows() == ["one"]


def test_a_refusal_takes_what_was_foreknown_back(db):
    def refuse():
        raise invalid("/slug", "taken", "This is taken.")

    with pytest.raises(DomainError, match="taken"):
        once(scope=SCOPE, key="k", body=b"1", act=refuse, foreknown=Answer(201, "one"))
    assert IdempotencyRecord.objects.count() == 0


def test_another_body_under_the_same_key_is_a_mismatch(db):
    once(scope=SCOPE, key="k", body=b"1", act=add)
    with pytest.raises(DomainError) as refused:
        once(scope=SCOPE, key="k", body=b"2", act=lambda: add("two"))
    assert (refused.value.kind, refused.value.status) == ("idempotency-mismatch", 422)
    assert rows() == ["one"]


def test_a_reused_key_is_named_before_what_else_is_wrong(db):
    once(scope=SCOPE, key="k", body=b"1", act=add)
    for key, body in [(None, b"2"), ("other", b"2"), ("k", b"1")]:
        refuse_reused_key(scope=SCOPE, key=key, body=body)
    with pytest.raises(DomainError) as refused:
        refuse_reused_key(scope=SCOPE, key="k", body=b"2")
    assert refused.value.kind == "idempotency-mismatch"
    assert str(IdempotencyRecord.objects.get()) == "k"


def test_keys_belong_to_their_caller_method_and_path(db):
    once(scope=SCOPE, key="k", body=b"1", act=add)
    other = once(scope="token-2 POST /api/v1/things/", key="k", body=b"1", act=lambda: add("two"))
    assert not other.replayed
    assert rows() == ["one", "two"]


def test_a_refusal_takes_its_key_back(db):
    def refuse():
        add()
        raise invalid("/slug", "taken", "This is taken.")

    with pytest.raises(DomainError, match="taken"):
        once(scope=SCOPE, key="k", body=b"1", act=refuse)
    assert rows() == []
    assert IdempotencyRecord.objects.count() == 0
    assert not once(scope=SCOPE, key="k", body=b"1", act=add).replayed


def test_an_answer_is_kept_for_24_hours(db, frozen):
    clock = frozen("2026-11-22T10:00")
    once(scope=SCOPE, key="k", body=b"1", act=add)
    clock.shift(dt.timedelta(hours=23, minutes=59))
    forget_idempotency_keys()
    assert once(scope=SCOPE, key="k", body=b"1", act=add).replayed
    clock.shift(dt.timedelta(minutes=2))
    # Older than promised: forgotten, swept or not.
    assert not once(scope=SCOPE, key="k", body=b"2", act=lambda: add("two")).replayed
    clock.shift(dt.timedelta(hours=25))
    forget_idempotency_keys()
    assert IdempotencyRecord.objects.count() == 0
    forget_idempotency_keys()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", range(3))
def test_parallel_twins_are_one_deed(run):
    barrier = threading.Barrier(8)

    def slow():
        time.sleep(0.05)
        return add()

    def ask(_):
        try:
            barrier.wait()
            return once(scope=SCOPE, key="k", body=b"1", act=slow)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert sorted(a.replayed for a in answers) == [False] + [True] * 7
    assert {a.body for a in answers} == {'{"slug": "one"}'}
    assert rows() == ["one"]


@pytest.mark.django_db(transaction=True)
def test_a_twin_of_a_refused_request_does_the_deed_itself():
    inside = threading.Event()

    def refuse():
        inside.set()
        time.sleep(0.2)
        raise invalid("/slug", "x", "No.")

    def first():
        try:
            with pytest.raises(DomainError):
                once(scope=SCOPE, key="k", body=b"1", act=refuse)
        finally:
            connections.close_all()

    thread = threading.Thread(target=first)
    thread.start()
    inside.wait()
    assert not once(scope=SCOPE, key="k", body=b"1", act=add).replayed
    thread.join()
    assert rows() == ["one"]


@pytest.mark.django_db(transaction=True)
def test_a_twin_that_waits_too_long_is_told_to_come_back(monkeypatch):
    """On PostgreSQL the wait for the twin is limited; SQLite's writers queue before they begin."""
    monkeypatch.setattr(idempotency, "WAIT_SECONDS", 1)
    inside, done = threading.Event(), threading.Event()

    def slow():
        inside.set()
        done.wait(10)
        return add()

    def first():
        try:
            once(scope=SCOPE, key="k", body=b"1", act=slow)
        finally:
            connections.close_all()

    thread = threading.Thread(target=first)
    thread.start()
    inside.wait()
    if connection.vendor == "postgresql":
        with pytest.raises(DomainError) as refused:
            once(scope=SCOPE, key="k", body=b"1", act=add)
        assert (refused.value.kind, refused.value.retry_after) == ("busy", 2)
    done.set()
    thread.join()
    assert once(scope=SCOPE, key="k", body=b"1", act=add).replayed
    assert rows() == ["one"]


@pytest.mark.django_db(transaction=True)
def test_the_deed_itself_may_wait_for_its_own_locks():
    def act():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SHOW lock_timeout")
                assert cursor.fetchone() == ("0",)
        return add()

    with transaction.atomic():
        assert once(scope=SCOPE, key="k", body=b"1", act=act).status == 201


def test_a_twin_that_is_swept_away_while_we_look_is_looked_for_again(db, monkeypatch):
    """Its row refuses ours, and a moment later it is not there."""
    from django.db.models import QuerySet

    first = once(scope=SCOPE, key="k", body=b"1", act=add)
    looks = []
    look = QuerySet.first

    def once_blind(rows):
        looks.append(rows)
        return look(rows) if len(looks) > 1 else None

    monkeypatch.setattr(QuerySet, "first", once_blind)

    again = once(scope=SCOPE, key="k", body=b"1", act=lambda: add("two"))

    assert (again.body, again.replayed, len(looks)) == (first.body, True, 2)
    assert rows() == ["one"]

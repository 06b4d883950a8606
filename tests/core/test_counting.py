"""Tries are counted one by one, however many come at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import RequestFactory

from core import counting
from core.cache import ForgivingRedisCache
from core.counting import Tries, client_of, count_try


@pytest.fixture(params=["memory", "redis", "dead redis"])
def any_cache(request, monkeypatch, tmp_path):
    if request.param == "memory":
        from django.core.cache import cache

        cache.clear()
        return
    url = f"unix://{tmp_path}/nobody.sock"
    if request.param == "redis":
        url = request.getfixturevalue("redis_server")[0]
    cache = ForgivingRedisCache(url, {"OPTIONS": {"socket_timeout": 1}})
    cache._memory.clear()
    monkeypatch.setattr(counting, "cache", cache)


def test_parallel_tries_are_all_counted(any_cache, frozen):
    frozen("2026-11-22T10:00:20")
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: count_try("sign-in", 60).number, range(100)))
    assert sorted(found) == list(range(1, 101))


def test_a_new_window_begins_at_nought(any_cache, frozen):
    clock = frozen("2026-11-22T10:00:50")
    assert count_try("code", 60) == Tries(1, 11)
    assert count_try("code", 60) == Tries(2, 11)
    assert count_try("another", 60) == Tries(1, 11)
    clock.shift(15)
    assert count_try("code", 60) == Tries(1, 56)


def test_a_cache_emptied_in_between_starts_again(monkeypatch):
    class Forgetful:
        def add(self, *args, **kwargs):
            return True

        def incr(self, key):
            raise ValueError(key)

    monkeypatch.setattr(counting, "cache", Forgetful())
    assert count_try("code", 60).number == 1


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", "local"),
    ],
)
def test_a_client_is_an_address_or_an_ipv6_network(address, client):
    assert client_of(RequestFactory().get("/", REMOTE_ADDR=address)) == client

"""A cache whose failure is a miss, and counters that never switch off."""

from __future__ import annotations

import time

import pytest

from core.cache import LONGEST_SECONDS, ForgivingRedisCache


def cache_at(url):
    return ForgivingRedisCache(
        url, {"KEY_PREFIX": "lectern", "OPTIONS": {"socket_timeout": 0.2}, "TIMEOUT": 300}
    )


@pytest.fixture
def dead(tmp_path):
    """A cache whose Redis is not there."""
    cache = cache_at(f"unix://{tmp_path}/nobody.sock")
    cache._memory.clear()
    return cache


def test_it_is_a_cache(redis_server):
    cache = cache_at(redis_server[0])
    assert cache.get("page") is None
    cache.set("page", {"a": 1})
    assert cache.get("page") == {"a": 1}
    assert cache.has_key("page")
    assert not cache.add("page", 2)
    assert cache.touch("page", 100)
    cache.set_many({"x": 1, "y": 2})
    assert cache.get_many(["x", "y", "z"]) == {"x": 1, "y": 2}
    assert cache.incr("x") == 2
    cache.delete_many(["x", "y"])
    assert cache.get_many(["x", "y"]) == {}
    assert cache.delete("page")
    assert not cache.delete("page")


def test_nothing_stays_longer_than_a_day(redis_server):
    cache = cache_at(redis_server[0])
    cache.set("forever", 1, timeout=None)
    client = cache._cache.get_client(None)
    assert 0 < client.ttl("lectern:1:forever") <= LONGEST_SECONDS


def test_clearing_leaves_the_queue_alone(redis_server):
    cache = cache_at(redis_server[0])
    client = cache._cache.get_client(None)
    client.rpush("mail", "a nudge")
    cache.set("page", 1)
    cache.clear()
    assert cache.get("page") is None
    assert client.llen("mail") == 1


def test_without_redis_everything_is_a_miss(dead):
    dead.set("page", 1)
    assert dead.get("page", "none") == "none"
    assert dead.add("page", 1)
    assert not dead.has_key("page")
    assert not dead.touch("page")
    assert not dead.delete("page")
    assert dead.get_many(["page"]) == {}
    assert dead.set_many({"page": 1}) == []
    assert dead.incr("page") == 1
    dead.delete_many(["page"])
    dead.clear()


def test_without_redis_counters_go_on_in_memory(dead):
    assert dead.add("throttle:login:1", 0, 60)
    assert not dead.add("throttle:login:1", 0, 60)
    assert [dead.incr("throttle:login:1") for _ in range(3)] == [1, 2, 3]
    dead.set("allauth:rl:login", [1.0])
    assert dead.get("allauth:rl:login") == [1.0]
    assert dead.delete("allauth:rl:login")
    assert dead.get("allauth:rl:login", []) == []


def test_a_dead_redis_costs_one_short_try_in_fifteen_seconds(dead, monkeypatch):
    began = time.perf_counter()
    dead.get("page")
    assert time.perf_counter() - began < 0.5

    def count(*args):
        calls.append(args)
        raise OSError

    calls = []
    monkeypatch.setattr(dead._cache, "get", count)
    for _ in range(100):
        dead.get("page")
    assert calls == []
    monkeypatch.setattr(ForgivingRedisCache, "_silent_until", time.monotonic() - 1)
    dead.get("page")
    dead.get("page")
    assert len(calls) == 1


def test_redis_that_dies_in_between_is_noticed_and_comes_back(redis_server, monkeypatch):
    url, process = redis_server
    cache = cache_at(url)
    cache.set("page", 1)
    assert cache.get("page") == 1
    process.kill()
    process.wait()
    assert cache.get("page") is None


def test_what_can_not_be_read_is_a_miss(redis_server):
    cache = cache_at(redis_server[0])
    cache._cache.get_client(None).set("lectern:1:page", b"\x80not a pickle")
    cache.set("other", 1)
    assert cache.get("page") is None
    assert cache.get_many(["page"]) == {}
    assert cache.get("other") == 1

"""Bells: many pulls are few rings, and the last pull is never lost."""

from __future__ import annotations

import os
import threading
import time

import pytest

from core.nudging import Bell

SPACING = 0.05


@pytest.fixture
def rings():
    return []


@pytest.fixture
def bell(rings):
    return Bell(lambda: rings.append(time.monotonic()))


def wait_for(rings, number):
    deadline = time.monotonic() + 5
    while len(rings) < number and time.monotonic() < deadline:
        time.sleep(0.005)
    time.sleep(2 * SPACING)
    assert len(rings) == number


def test_the_first_pull_rings_at_once(bell, rings):
    bell.pull(60)
    assert len(rings) == 1


def test_many_pulls_ring_once_more_together(bell, rings):
    for _ in range(50):
        bell.pull(SPACING)
    wait_for(rings, 2)
    assert rings[1] - rings[0] >= SPACING


def test_pulls_of_many_threads_ring_twice(bell, rings):
    threads = [threading.Thread(target=bell.pull, args=(SPACING,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wait_for(rings, 2)


def test_after_the_pause_it_rings_at_once_again(bell, rings):
    bell.pull(SPACING)
    time.sleep(2 * SPACING)
    bell.pull(SPACING)
    assert len(rings) == 2


def test_a_forked_child_rings_for_itself(bell, rings, monkeypatch):
    bell.pull(60)
    monkeypatch.setattr(os, "getpid", lambda: -1)
    bell.pull(60)
    assert len(rings) == 2

from __future__ import annotations

import os
import sys

from scripts.supervisor.children import LONG_LIFE, Child


def child():
    return Child("web", ["true"], {})


def test_a_program_that_dies_again_and_again_waits_longer_each_time():
    web = child()
    web.started = 100.0

    pauses = [web.plan_restart(101.0) for _ in range(8)]

    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]
    assert web.restart_at == 131.0


def test_a_program_that_lived_long_is_started_again_at_once():
    web = child()
    web.started = 0.0
    web.failures = 7

    assert web.plan_restart(LONG_LIFE + 1) == 1


def test_output_is_passed_on_line_by_line():
    web = child()

    assert web.lines(b"one\ntw") == ["one"]
    assert web.lines(b"o\r\n\xff\n") == ["two", "\ufffd"]
    assert web.lines(b"\n") == [""]


def test_a_child_that_was_never_started_is_not_running():
    assert child().is_running is False


def test_a_child_that_can_wait_lets_others_go_first():
    ask = "import os; print(os.nice(0))"
    said = []
    for niceness in (0, 7):
        one = Child("worker", [sys.executable, "-c", ask], {}, niceness=niceness)
        one.start()
        assert one.process is not None
        one.process.wait(10)
        said.append(int(one.process.stdout.read()))
    assert said == [os.nice(0), os.nice(0) + 7]

"""The supervisor's loop with small real children, in a process of its own (it owns the signals)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

HEADER = """
import os, sys
from scripts.supervisor.children import Child
from scripts.supervisor.environment import StartError
from scripts.supervisor.loop import Stopped, Supervisor
def child(name, code, patience=2.0):
    return Child(name, [sys.executable, "-u", "-c", code], dict(os.environ), patience)
supervisor = Supervisor()
SLEEP = "import time; print('up', flush=True); time.sleep(60)"
"""


def start(code):
    return subprocess.Popen(
        [sys.executable, "-u", "-c", textwrap.dedent(HEADER) + textwrap.dedent(code)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def is_running(pid):
    try:
        facts = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return facts.rpartition(")")[2].split()[0] != "Z"


def test_a_child_that_dies_while_we_start_ends_the_start_at_once():
    began = time.monotonic()
    process = start(
        """
        supervisor.start(child("web", "print('no such module'); raise SystemExit(3)"))
        try:
            supervisor.wait_until(lambda: False, 30, "The web server")
        except StartError as problem:
            print(problem)
        """
    )

    output, _ = process.communicate(timeout=20)

    assert output == ("web    | no such module\nweb ended with code 3 before Lectern was ready.\n")
    assert time.monotonic() - began < 10


def test_a_child_that_dies_later_is_started_again():
    process = start(
        """
        supervisor.start(child("web", "import time; print('up', flush=True); time.sleep(0.2)"))
        supervisor.run()
        supervisor.stop()
        """
    )

    lines = [process.stdout.readline() for _ in range(3)]
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)

    assert lines == [
        "web    | up\n",
        "lectern| web ended with code 0; next start in 1 s\n",
        "web    | up\n",
    ]
    assert process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_children_in_the_reverse_order_of_their_start(number):
    process = start(
        """
        code = (
            "import signal, sys, time\\n"
            "def end(*_): print('bye', flush=True); sys.exit()\\n"
            "signal.signal(signal.SIGTERM, end)\\n"
            "print('up', flush=True)\\n"
            "time.sleep(60)"
        )
        for name in ["redis", "worker", "beat", "web"]:
            supervisor.start(child(name, code))
            while not supervisor.children[-1].rest and not getattr(supervisor, name, False):
                supervisor.tick(0.3)
                setattr(supervisor, name, True)
        supervisor.run()
        supervisor.stop()
        """
    )
    up = [process.stdout.readline() for _ in range(4)]
    process.send_signal(number)

    output, _ = process.communicate(timeout=20)

    assert sorted(up) == [f"{name:<7}| up\n" for name in ["beat", "redis", "web", "worker"]]
    assert output.splitlines() == [f"{name:<7}| bye" for name in ["web", "beat", "worker", "redis"]]


def test_a_child_that_will_not_end_is_killed_after_its_patience():
    process = start(
        """
        deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEP
        supervisor.start(child("worker", deaf, 0.5))
        supervisor.run()
        supervisor.stop()
        """
    )
    assert process.stdout.readline() == "worker | up\n"
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)

    process.communicate(timeout=20)

    assert process.returncode == 0
    assert 0.4 < time.monotonic() - began < 5


def test_no_child_outlives_a_supervisor_that_is_killed():
    process = start(
        """
        supervisor.start(child("web", "import os; print(os.getpid(), flush=True); " + SLEEP))
        supervisor.run()
        """
    )
    pid = int(process.stdout.readline().partition("|")[2])
    assert is_running(pid)

    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    deadline = time.monotonic() + 5
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(pid)
    process.stdout.close()

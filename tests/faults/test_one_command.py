"""`make run` as a person meets it: real processes, killed and stopped."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.faults

ROOT = Path(__file__).resolve().parents[2]
MEMORY_MIB = 320
STOP_SECONDS = 10


class Lectern:
    """One start of everything on a home and port of its own."""

    def __init__(self, home, port, **settings):
        self.home = home
        self.url = f"http://127.0.0.1:{port}"
        ours = {"DATABASE_URL", "REDIS_URL", "BASE_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE"}
        kept = {key: value for key, value in os.environ.items() if key not in ours}
        self.log_path = home.parent / f"{home.name}.log"
        with self.log_path.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "scripts.run"],
                cwd=ROOT,
                env={**kept, "LECTERN_HOME": str(home), "PORT": str(port), **settings},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def log(self):
        return self.log_path.read_text(errors="replace")

    def wait_until_ready(self, starts=1):
        wait_until(lambda: self.log.count("Ready after") >= starts or self.process.poll(), 90)
        assert self.process.poll() is None, self.log
        return self

    def tree(self):
        """Return the children by name, and the supervisor itself."""
        top = psutil.Process(self.process.pid)
        return [top, *top.children(recursive=True)]

    def pid_of(self, words):
        """Return the child whose command line has these words; None when there is none now."""
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                if words in " ".join(child.cmdline()):
                    return child.pid
        return None

    def is_alive(self):
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:  # noqa: S310 - our own
                return answer.status == 200
        except OSError:
            return False

    def stop(self, number=signal.SIGTERM):
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(30)
        return time.monotonic() - began


def wait_until(is_true, seconds):
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def gone(processes):
    """Tell which of the processes still run, after those that end have had a moment."""
    _, alive = psutil.wait_procs(processes, timeout=5)
    return [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


@pytest.fixture
def start(tmp_path):
    started = []

    def begin(name="home", **settings):
        lectern = Lectern(tmp_path / name, settings.pop("port", None) or free_port(), **settings)
        started.append(lectern)
        return lectern

    yield begin
    for lectern in started:
        tree = []
        with contextlib.suppress(psutil.NoSuchProcess):
            tree = lectern.tree()
        for process in tree:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        lectern.process.wait(10)


def test_a_fresh_installation_is_private_and_small(start):
    lectern = start().wait_until_ready()
    home = lectern.home

    listening = {
        connection.laddr.ip
        for process in lectern.tree()
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    modes = {
        name: oct(stat.S_IMODE((home / name).stat().st_mode))
        for name in ("", "secrets.env", "demo.json", "lectern.sqlite3", "redis")
    }
    groups = {os.getpgid(process.pid) for process in lectern.tree()}
    time.sleep(3)
    memory = sum(process.memory_full_info().pss for process in lectern.tree()) / 2**20

    assert listening == {"127.0.0.1"}
    assert modes == {
        "": "0o700",
        "secrets.env": "0o600",
        "demo.json": "0o600",
        "lectern.sqlite3": "0o600",
        "redis": "0o700",
    }
    assert (home / "redis" / "redis.sock").is_socket()
    assert len(groups) == 1
    assert memory <= MEMORY_MIB, f"{memory:.0f} MiB"


def test_a_second_start_is_quick_and_keeps_keys_and_data(start):
    first = start().wait_until_ready()
    secrets = (first.home / "secrets.env").read_bytes()
    demo = json.loads((first.home / "demo.json").read_text())
    took = first.stop(signal.SIGINT)

    second = start().wait_until_ready()

    assert took < STOP_SECONDS
    assert first.process.returncode == 0
    assert (second.home / "secrets.env").read_bytes() == secrets
    assert demo["url"] == first.url
    assert json.loads((second.home / "demo.json").read_text()) == {**demo, "url": second.url}
    assert stat.S_IMODE((second.home / "demo.json").stat().st_mode) == 0o600
    assert "Applying" not in second.log
    processes = second.tree()
    assert second.stop(signal.SIGTERM) < STOP_SECONDS
    assert gone(processes) == []


def test_every_child_that_is_killed_comes_back(start):
    lectern = start().wait_until_ready()
    children = ("redis.sock", "config worker", "supervisor.scheduler", "gunicorn")
    before = {words: lectern.pid_of(words) for words in children}
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)

    def is_back():
        now = {words: lectern.pid_of(words) for words in children}
        return all(now[words] not in {None, pid} for words, pid in before.items())

    wait_until(is_back, 30)
    wait_until(lectern.is_alive, 30)


def test_a_supervisor_that_is_killed_leaves_nobody_and_the_next_start_works(start):
    lectern = start().wait_until_ready()
    processes = lectern.tree()

    os.kill(lectern.process.pid, signal.SIGKILL)
    lectern.process.wait(10)

    assert gone(processes[1:]) == []
    assert start().wait_until_ready().is_alive()


def test_two_installations_run_side_by_side_and_a_taken_port_is_named(start):
    first = start("one").wait_until_ready()
    second = start("two").wait_until_ready()
    port = int(first.url.rpartition(":")[2])

    third = start("three", port=port)
    third.process.wait(20)

    assert first.is_alive()
    assert second.is_alive()
    assert third.process.returncode == 1
    assert third.log.startswith(f"Port {port} is in use: ")
    assert len(third.log.splitlines()) == 1
    assert (first.home / "secrets.env").read_bytes() != (second.home / "secrets.env").read_bytes()

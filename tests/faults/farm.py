"""The real thing for fault tests: Redis, Celery workers and beats as processes of their own, beside
the test's database and SMTP server.

Everything random comes from one seed, which each test prints: FAULTS_SEED repeats a run. With
FAULTS_SIZE=full the tests have the sizes, and the sender the figures, of a release.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from notifications.models import Message
from scripts.supervisor import health, redis
from scripts.supervisor.children import die_with_parent

ROOT = Path(__file__).resolve().parents[2]
FULL = os.environ.get("FAULTS_SIZE") == "full"
SENDERS = 4
# Raw figures of this run, printed at its end (conftest.py).
REPORTS = []
# Short leases and waits: a test sees in seconds what takes half a minute as delivered.
QUICK = {
    "lease": 3.0,
    "heartbeat": 1.0,
    "turn": 3.0,
    "unreachable": 1.0,
    "waits": [1.0, 1.0, 2.0, 2.0],
}
QUICK_SWEEP = 1.0
AS_DELIVERED_SWEEP = 15.0


def database_url():
    """Return DATABASE_URL of the test's own database."""
    row = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{row['NAME']}"
    place = row["HOST"] or row["OPTIONS"].get("host", "")
    is_socket = place.startswith("/")
    password = f":{quote(row['PASSWORD'])}" if row["PASSWORD"] else ""
    host = "" if is_socket else f"{place}{':' if row['PORT'] else ''}{row['PORT']}"
    where = f"?host={quote(place)}" if is_socket else ""
    return f"postgres://{row['USER']}{password}@{host}/{row['NAME']}{where}"


class Farm:
    """`with Farm(sink) as farm:` has a Redis of its own; whatever it starts ends with the block."""

    def __init__(self, sink, *, figures=None, sweep_every=QUICK_SWEEP, **environment):
        self.sink = sink
        self.seed = int(os.environ.get("FAULTS_SEED") or time.time_ns() % 1_000_000)
        self.random = random.Random(self.seed)  # noqa: S311 - repeatable, not secret
        self.figures = QUICK if figures is None else figures
        self.sweep_every = sweep_every
        self.more = environment
        self.folder = Path(tempfile.mkdtemp(prefix="lectern-f-", dir=tempfile.gettempdir()))
        self.children = []
        self.redis = None
        self.kills = Counter()
        self.ended = Counter()
        self.web_port = free_port()

    def __enter__(self):
        self.folder.chmod(0o700)
        self.start_redis()
        return self

    def __exit__(self, kind, *_error):
        for child in self.children:
            _end(child)
        self.stop_redis()
        if kind is not None:
            sys.stderr.write(self.log[-4000:])
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def environment(self):
        drop = {"PYTHONDONTWRITEBYTECODE"}
        return {
            **{key: value for key, value in os.environ.items() if key not in drop},
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "LECTERN_HOME": str(self.folder),
            "DATABASE_URL": database_url(),
            "REDIS_URL": redis.url(self.folder),
            "EMAIL_URL": self.sink.url if self.sink else "",
            "BASE_URL": settings.BASE_URL,
            "SECRET_KEY": settings.SECRET_KEY,
            "LINK_KEY": settings.LINK_KEY,
            "TICKET_KEY": settings.TICKET_KEY,
            "OUTBOX": json.dumps(self.figures),
            "LOG_LEVEL": "ERROR",
            "SWEEP_EVERY": str(self.sweep_every),
            "HOST": "127.0.0.1",
            "PORT": str(self.web_port),
            # Everybody who registers comes from this one address.
            "THROTTLE": "off",
            **self.more,
        }

    @property
    def log(self):
        path = self.folder / "children.log"
        return path.read_text(errors="replace") if path.exists() else ""

    @property
    def senders_killed(self):
        return (self.kills["worker"] + self.ended["worker"]) * SENDERS

    def start_redis(self):
        command = redis.command(redis.find_server(), self.folder, self.folder)
        self.redis = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(lambda: redis.is_up(self.folder), 10, "Redis")

    def stop_redis(self):
        if self.redis is not None:
            self.redis.kill()
            self.redis.wait()

    def kill_redis(self):
        self.stop_redis()
        self.kills["redis"] += 1

    def is_redis_up(self):
        return redis.is_up(self.folder)

    def has_worker(self):
        """Tell whether a worker waits for tasks."""
        return redis.has_consumer(self.folder)

    def tasks_waiting(self):
        """Return how many tasks of beat nobody has taken."""
        return int(redis.ask(self.folder, "LLEN celery")[1:] or 0)

    def flush_redis(self):
        assert redis.ask(self.folder, "FLUSHALL").startswith("+OK")

    def start(self, *arguments, output=None, more=None):
        """Start a Python program in a process group of its own."""
        parent = os.getpid()
        with (self.folder / "children.log").open("ab") as log:
            child = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env={**self.environment, **(more or {})},
                stdout=output or log,
                stderr=log,
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(signal.SIGKILL, parent),  # noqa: PLW1509
            )
        self.children.append(child)
        return child

    def worker(self, pool="threads", concurrency=SENDERS, more=None):
        return self.start(
            *("-W", "ignore", "-m", "celery", "-q", "--skip-checks", "-A", "config", "worker"),
            *("--pool", pool, "--concurrency", str(concurrency), "-Q", "mail,celery"),
            *("-O", "fair", "--without-gossip", "--without-mingle", "--without-heartbeat"),
            *("-n", f"worker{len(self.children)}@%h"),
            more=more,
        )

    def beat(self, schedule=None, more=None):
        """Start a beat with a schedule of its own, or with the one that an earlier beat kept."""
        schedule = schedule or f"beat-{len(self.children)}"
        return self.start(
            *("-m", "tests.faults.quick_beat", "-q", "--skip-checks", "-A", "config", "beat"),
            *("--schedule", str(self.folder / schedule), "--pidfile", ""),
            more=more,
        )

    def web(self):
        """Start the web server as `make run` and the container do."""
        return self.start("-m", "gunicorn")

    def is_web_up(self):
        return health.is_alive("127.0.0.1", self.web_port, settings.BASE_URL)

    def kill(self, child, name):
        """Kill a program and all that it started, at once, with -9."""
        _end(child)
        self.kills[name] += 1


class Kept:
    """A program that is started again when it ends by itself, as supervisors and Compose do.

    Celery does end when Redis vanishes while it is about to take a task (kombu asks a connection
    that is closed for its host).
    """

    def __init__(self, farm, name, run):
        self.farm, self.name, self.run = farm, name, run
        self.child = run()

    def kill(self):
        self.farm.kill(self.child, self.name)

    def start(self):
        self.child = self.run()

    def keep(self):
        if self.child.poll() is not None:
            self.farm.ended[self.name] += 1
            self.start()


def _end(child):
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(is_true, seconds, what="It"):
    """Wait, and fail with what did not happen."""
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s."
        time.sleep(0.05)


def in_state(*states, **filters):
    """Return how many messages are in one of these states."""
    return Message.objects.filter(state__in=states, **filters).count()


def are_over(number, **filters):
    """Tell whether so many messages have come to their end."""
    over = ("sent", "failed", "cancelled", "expired", "unknown")
    return in_state(*over, **filters) >= number


def report(name, farm, **facts):
    """Keep one line of raw figures, to be printed at the end of the run."""
    kills = " ".join(f"{name}={number}" for name, number in sorted(farm.kills.items()))
    facts = {"seed": farm.seed, "kills": kills or "none", **facts}
    line = ", ".join(f"{key} {value}" for key, value in facts.items())
    REPORTS.append(f"{name} on {connection.vendor}: {line}")

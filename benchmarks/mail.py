"""Claim: hundreds of mails a second, although each is rendered, kept, and written down before and
after it goes out, in commits of its own.

The reference gives mails of the same size, made beforehand, to the same server over one connection.
Senders are processes; the rate is counted at the server, from the first mail to the last, so their
start does not count.

`python -m benchmarks.mail seed|again|sink|bare …` are the parts that run in processes of their own.
"""

from __future__ import annotations

import json
import os
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from benchmarks.harness import ROOT, Row, database, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

MAILS: Final = int(os.environ.get("BENCH_MAILS", "1500"))
SENDERS: Final = (1, 2, 4)


@dataclass(frozen=True)
class Count:
    """What the server counted."""

    deliveries: int
    distinct: int
    seconds: float
    size: int

    @property
    def rate(self) -> float:
        return (self.deliveries - 1) / self.seconds


def rows(engine: str) -> list[Row]:
    """Measure one, two and four senders, and the bare loop before each of them."""
    with tempfile.TemporaryDirectory(prefix="lectern-bench-") as home, database(engine) as settings:
        port = free_port()
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "LECTERN_HOME": home,
            "SECRET_KEY": "benchmark",
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "LOG_LEVEL": "ERROR",
            **settings,
        }
        part(environment, "seed", MAILS)
        found = []
        size = 20_000
        for number in SENDERS:
            part(environment, "again")
            with sink(environment, port) as count:
                end = [start(environment, "send") for _ in range(number)]
                spent = [json.loads(child.communicate()[0] or b"{}") for child in end]
            ours = count()
            if (ours.deliveries, ours.distinct) != (MAILS, MAILS):
                raise RuntimeError(f"{ours} is not every mail once")
            size = ours.size
            with sink(environment, port) as count:
                part(environment, "bare", port, MAILS, size)
            processor = sum(float(one["processor"]) for one in spent) / MAILS * 1000
            found.append(
                Row(
                    f"{MAILS} mails of {size // 1000} kB rendered, sent and written down",
                    f"{number} sender{'s' * (number > 1)} ({processor:.2f} ms processor a mail)",
                    ours.rate,
                    "a bare loop of smtplib",
                    count().rate,
                    "/s",
                )
            )
        return found


def start(environment: dict[str, str], *words: object) -> subprocess.Popen[bytes]:
    """Start a part of this module in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.mail", *map(str, words)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def part(environment: dict[str, str], *words: object) -> None:
    """Run a part to its end."""
    child = start(environment, *words)
    child.communicate()
    if child.returncode:
        raise RuntimeError(f"{words} failed")


@contextmanager
def sink(environment: dict[str, str], port: int) -> Iterator[Any]:
    """Run the server; what is yielded returns its counts once the block has ended."""
    child = start(environment, "sink", port)
    if child.stdout is None or child.stdin is None:
        raise RuntimeError("the server has no pipes")
    child.stdout.readline()
    counted: list[Count] = []
    try:
        yield lambda: counted[0]
    finally:
        counted.append(Count(**json.loads(child.communicate(b"\n")[0])))


def run_sink(port: str) -> None:
    """Listen until something is read, then print what was counted."""
    with import_module("tests.faults.sink").Sink(int(port)) as running:
        print("ready", flush=True)
        sys.stdin.readline()
    found = running.received
    facts = {
        "deliveries": len(found),
        "distinct": len(running.distinct),
        "seconds": found[-1].at - found[0].at if len(found) > 1 else 1.0,
        # The median: a confirmation among an announcement's mails is twice as large.
        "size": statistics.median_high([len(mail.raw) for mail in found] or [0]),
    }
    print(json.dumps(facts))


def run_bare(port: str, number: str, size: str) -> None:
    """Give so many mails of this size to the server."""
    line = b"x" * 70 + b"\r\n"
    body = b"Subject: Hello\r\n\r\n" + line * (int(size) // len(line))
    with smtplib.SMTP("127.0.0.1", int(port), local_hostname="localhost") as client:
        for index in range(int(number)):
            head = f"Message-ID: <{index}@bare>\r\n".encode()
            client.sendmail("mail@example.org", [f"guest{index}@example.org"], head + body)


def run_seed(number: str) -> None:
    """Make the database, a conference and so many reminders of it that are due."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from notifications.services.replanning import plan_rule

    make = import_module("tests.factories.notifications")
    conference = make.conference_in(days=0, hours=20)
    make.many_guests(conference, int(number))
    plan_rule(make.ReminderRuleFactory(conference=conference).pk)


def run_again() -> None:
    """Make all messages due again."""
    from notifications.models import Delivery, Message, RenderedMail

    Delivery.objects.all().delete()
    RenderedMail.objects.all().delete()
    Message.objects.update(state="queued", attempts=0, sent_at=None, message_id="")


def run_send() -> None:
    """Send until nothing is due, then print the processor time that it took."""

    from notifications.services.delivery import send_due_messages

    began = time.process_time()
    send_due_messages(seconds=600)
    print(json.dumps({"processor": time.process_time() - began}))


if __name__ == "__main__":
    import django

    name, *words = sys.argv[1:]
    if name in {"seed", "again", "send"}:
        django.setup()
    parts: dict[str, Any] = {
        "seed": run_seed,
        "again": run_again,
        "send": run_send,
        "sink": run_sink,
        "bare": run_bare,
    }
    parts[name](*words)

"""Claim: an announcement to a hundred thousand people is planned within a minute, in memory that
does not grow with their number.

`python -m benchmarks.planning seed|plan …` are the parts that run in processes of their own.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from importlib import import_module
from typing import Any, Final

from benchmarks.harness import Row, answer_of, database

READERS: Final = int(os.environ.get("BENCH_PLANNING", "100000"))
FEWER: Final = READERS // 10
MINUTE: Final = 60.0


def rows(engine: str) -> list[Row]:
    """Plan an announcement to few and one to many, each in a process of its own."""
    few, many = (_plan(engine, number) for number in (FEWER, READERS))
    return [
        Row(
            f"an announcement to {READERS:,} planned",
            "one planner",
            many["seconds"],
            "a minute for 100,000",
            MINUTE * READERS / 100_000,
            "s",
        ),
        Row(
            f"planner's memory, {READERS:,} readers",
            "peak",
            many["mib"],
            f"{FEWER:,} readers",
            few["mib"],
            "MiB",
        ),
    ]


def _plan(engine: str, number: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="lectern-bench-") as home, database(engine) as settings:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "LECTERN_HOME": home,
            "SECRET_KEY": "benchmark",
            "LOG_LEVEL": "ERROR",
            **settings,
        }
        answer_of("benchmarks.planning", environment, "seed", number)
        found: dict[str, float] = answer_of("benchmarks.planning", environment, "plan", number)
    print(f"  {number:,} readers: {found}", file=sys.stderr)
    return found


def run_seed(number: str) -> None:
    """Make the database, a conference, so many guests, and send an announcement to them."""
    from django.core.management import call_command

    from core.actors import SYSTEM
    from notifications.services.announcing import send_announcement
    from notifications.services.flight_check import fly

    call_command("migrate", verbosity=0)
    make = import_module("tests.factories.notifications")
    conference = make.conference_in(days=30)
    type(conference.organisation).objects.update(contact_email="desk@example.org")
    make.many_guests(conference, int(number))
    row = make.AnnouncementFactory(conference=conference)
    send_announcement(
        announcement=row,
        recipients=fly(row).survey.total,
        read_warnings=True,
        in_quiet_hours=True,
        actor=SYSTEM,
    )


def run_plan(number: str) -> None:
    """Plan it; print how long that took, and the most memory that this process ever had."""
    from notifications.models import Announcement, Message
    from notifications.services.fan_out import plan_announcement

    row = Announcement.objects.get()
    began = time.perf_counter()
    plan_announcement(row.pk)
    seconds = time.perf_counter() - began
    planned = Message.objects.filter(announcement=row).count()
    if planned != int(number):
        raise RuntimeError(f"{planned} of {number} were planned")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "mib": peak}))


if __name__ == "__main__":
    import django

    name, *words = sys.argv[1:]
    django.setup()
    parts: dict[str, Any] = {"seed": run_seed, "plan": run_plan}
    parts[name](*words)

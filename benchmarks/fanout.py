"""Claim: an announcement to ten thousand people is planned in seconds and leaves at hundreds a
second, and whoever registers meanwhile hardly notices.

The mails are those of the product's own announcement: planned, claimed, rendered, written down.
The reference gives mails of the same size to the same server over one connection, in the same run.

`python -m benchmarks.fanout seed|plan|register …` are the parts that run in processes of their own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from typing import Any, Final

from benchmarks import mail
from benchmarks.harness import ROOT, Row, database, free_port

MAILS: Final = int(os.environ.get("BENCH_FANOUT", "10000"))
SENDERS: Final = 3
REGISTRATIONS: Final = 200


def rows(engine: str) -> list[Row]:
    """Measure planning, sending beside a bare loop, and registering while idle and meanwhile."""
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
        _answer(environment, "seed", MAILS)
        idle = _answer(environment, "register", REGISTRATIONS)["p95"]
        planned = _answer(environment, "plan")
        with mail.sink(environment, port) as count:
            senders = [mail.start(environment, "send") for _ in range(SENDERS)]
            busy = _answer(environment, "register", REGISTRATIONS)["p95"]
            for child in senders:
                child.communicate()
        ours = count()
        # Confirmations of those who registered meanwhile go over the same server.
        if ours.distinct < MAILS or ours.deliveries != ours.distinct:
            raise RuntimeError(f"{ours} is not every mail once")
        with mail.sink(environment, port) as count:
            mail.part(environment, "bare", port, MAILS, ours.size)
    return [
        Row(
            f"{MAILS} mails of an announcement, of {ours.size // 1000} kB",
            f"{SENDERS} senders",
            ours.rate,
            "a bare loop of smtplib",
            count().rate,
            "/s",
        ),
        Row(
            f"an announcement to {MAILS} planned",
            "one planner",
            MAILS / planned["seconds"],
            "100,000 in a minute",
            100_000 / 60,
            "/s",
        ),
        Row(
            "p95 of a registration, 1/s",
            f"while {SENDERS} senders work",
            1 / busy,
            "nothing else at work",
            1 / idle,
            "/s",
        ),
    ]


def _answer(environment: dict[str, str], *words: object) -> dict[str, Any]:
    """Run a part of this module to its end and return what it printed."""
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.fanout", *map(str, words)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, Any] = json.loads(child.stdout or b"{}")
    return found


def run_seed(number: str) -> None:
    """Make the database, a conference, so many guests, and an announcement to them."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    make = import_module("tests.factories.notifications")
    conference = make.conference_in(days=30)
    type(conference.organisation).objects.update(contact_email="desk@example.org")
    make.many_guests(conference, int(number))
    make.AnnouncementFactory(
        conference=conference,
        body={
            "en": "{greeting}\n\nthe doors of {place} open half an hour earlier. Your registration "
            "is {code}; it is [here]({manage_url}).\n\n- Coffee from nine\n- The hall is upstairs"
        },
    )


def run_plan() -> None:
    """Send the announcement, let its minute be over, plan it; print how long planning took."""
    from django.utils import timezone

    from core.actors import SYSTEM
    from notifications.models import Announcement, Message
    from notifications.services.announcing import send_announcement
    from notifications.services.fan_out import plan_announcement
    from notifications.services.flight_check import fly

    row = Announcement.objects.get()
    send_announcement(
        announcement=row,
        recipients=fly(row).survey.total,
        read_warnings=True,
        in_quiet_hours=True,
        actor=SYSTEM,
    )
    began = time.perf_counter()
    plan_announcement(row.pk)
    seconds = time.perf_counter() - began
    now = timezone.now()
    Announcement.objects.update(undo_until=now)
    Message.objects.filter(announcement=row).update(due_at=now)
    print(json.dumps({"seconds": seconds}))


def run_register(number: str) -> None:
    """Register so many people one after the other; print the 95th percentile in seconds."""
    from core.actors import SYSTEM
    from events.models import Conference
    from registrations.enums import RegistrationSource
    from registrations.services.registering import register

    conference = Conference.objects.get()
    slug = conference.registration_types.get().slug
    stamp, took = time.time_ns(), []
    for n in range(int(number)):
        began = time.perf_counter()
        register(
            conference=conference,
            type_slug=slug,
            given_name="Ana",
            family_name=f"Bench {n}",
            email=f"bench{n}.{stamp}@example.org",
            language="en",
            source=RegistrationSource.ORGANISER,
            actor=SYSTEM,
        )
        took.append(time.perf_counter() - began)
    print(json.dumps({"p95": sorted(took)[int(len(took) * 0.95)]}))


if __name__ == "__main__":
    import django

    name, *words = sys.argv[1:]
    django.setup()
    parts: dict[str, Any] = {"seed": run_seed, "plan": run_plan, "register": run_register}
    parts[name](*words)

"""Claim: an announcement leaves at hundreds of mails a second, and whoever registers meanwhile
hardly notices.

All that `make run` starts is at work, with the worker that it starts; the mails are those of the
product's own announcement: claimed, rendered, written down before and after. The reference gives
mails of the same size to the same server over one connection, in the same run. Guests register by
the public API, one after the other with a pause between, first while no mail leaves, then while the
announcement does.

`python -m benchmarks.fanout seed|send|go|wait` are the parts that run in processes of their own.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from importlib import import_module
from typing import Any, Final

from benchmarks import mail
from benchmarks.clients import Client
from benchmarks.harness import Row, Running, answer_of, free_port, stack

MAILS: Final = int(os.environ.get("BENCH_FANOUT", "10000"))
REGISTRATIONS: Final = MAILS // 25
PAUSE: Final = 0.02
ROUNDS: Final = 3
CREATED: Final = 201


def rows(engine: str) -> list[Row]:
    """Measure sending beside a bare loop, and registering while idle and meanwhile."""
    port = free_port()
    with stack(engine, EMAIL_URL=f"smtp://127.0.0.1:{port}", LOG_LEVEL="ERROR") as lectern:
        # Without a pause confirmations, and the demo's mail, would leave while it should be idle.
        lectern.manage("pause_sending", "benchmark")
        environment = {
            **lectern.environment,
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "REDIS_URL": f"unix://{lectern.home}/redis/redis.sock?db=0",
        }
        at = _part(environment, "seed")["at"]
        _register(lectern, at, REGISTRATIONS // 4)  # warms up
        idle = _register(lectern, at, REGISTRATIONS)
        _part(environment, "send")
        used = _processor(lectern)
        with mail.sink(environment, port) as count:
            _part(environment, "go")
            busy = _register(lectern, at, REGISTRATIONS)
            during = not _part(environment, "is_over")["over"]
            _part(environment, "wait")
        ours, used = count(), {name: _processor(lectern)[name] - used[name] for name in used}
        bare = [_bare(environment, port, ours.size) for _ in range(ROUNDS)]
    print(f"  {ours}", file=sys.stderr)
    each = {name: round(1000 * spent / ours.deliveries, 2) for name, spent in used.items()}
    print(f"  processor, ms a mail: {each}", file=sys.stderr)
    for name, took in (("idle", idle), ("meanwhile", busy)):
        print(f"  a registration, {name}: {_shares(took)}", file=sys.stderr)
    print(f"  bare loop: {', '.join(f'{rate:.0f}/s' for rate in bare)}", file=sys.stderr)
    # Confirmations of those who registered meanwhile go over the same server.
    if ours.distinct < MAILS or ours.deliveries != ours.distinct or not during:
        raise RuntimeError(f"{ours} is not every mail once, registering meanwhile")
    return [
        Row(
            f"{MAILS} mails of an announcement, of {ours.size // 1000} kB",
            "the worker of make run",
            ours.rate,
            "a bare loop of smtplib",
            statistics.median(bare),
            "/s",
        ),
        Row(
            "p95 of a registration by the API, 1/s",
            "while they are sent",
            1 / _percentile(busy, 0.95),
            "while no mail leaves",
            1 / _percentile(idle, 0.95),
            "/s",
        ),
    ]


def _part(environment: dict[str, str], *words: object) -> dict[str, Any]:
    return answer_of("benchmarks.fanout", environment, *words)


def _processor(lectern: Running) -> dict[str, float]:
    return {name: lectern.processor_seconds(name) for name in ("celery", "gunicorn")}


def _bare(environment: dict[str, str], port: int, size: int) -> float:
    with mail.sink(environment, port) as count:
        mail.part(environment, "bare", port, MAILS, size)
    return float(count().rate)


def _register(lectern: Running, at: str, number: int) -> list[float]:
    """Register so many people one after the other and return how long each took."""
    client, stamp, took = Client(lectern.url), time.time_ns(), []
    for n in range(number):
        body = {
            "registration_type": "bench",
            "given_name": "Ana",
            "family_name": f"Bench {n}",
            "email": f"bench{n}.{stamp}@example.org",
            "affiliation": "Institute",
        }
        answer = client.post(f"/api/v1/public/{at}/registrations/", body)
        if answer.status != CREATED:
            raise RuntimeError(answer.body.decode())
        took.append(answer.seconds)
        time.sleep(PAUSE)
    return took


def _percentile(took: list[float], share: float) -> float:
    return sorted(took)[int(len(took) * share)]


def _shares(took: list[float]) -> str:
    cuts = (0.5, 0.9, 0.95, 0.99)
    return ", ".join(f"p{100 * s:.0f} {1000 * _percentile(took, s):.1f} ms" for s in cuts)


def run_seed() -> None:
    """Make a conference, so many guests, and an announcement to them."""
    make = import_module("tests.factories.notifications")
    registrations = import_module("tests.factories.registrations")
    conference = make.conference_in(days=30)
    organisation = conference.organisation
    organisation.contact_email = "desk@example.org"
    organisation.save()
    make.many_guests(conference, MAILS)
    registrations.RegistrationTypeFactory(conference=conference, slug="bench", capacity=100_000)
    make.AnnouncementFactory(
        conference=conference,
        subject={"en": "Benchmark"},
        body={
            "en": "{greeting}\n\nthe doors of {place} open half an hour earlier. Your registration "
            "is {code}; it is [here]({manage_url}).\n\n- Coffee from nine\n- The hall is upstairs"
        },
        audience={
            "registrations": ["confirmed"],
            "types": [conference.registration_types.first().slug],
        },
    )
    print(json.dumps({"at": f"{organisation.slug}/{conference.slug}"}))


def _announcement() -> Any:
    from notifications.models import Announcement

    return Announcement.objects.get(subject={"en": "Benchmark"})


def run_send() -> None:
    """Send the announcement, let the worker plan it, and let its minute be over."""
    from django.utils import timezone

    from core.actors import SYSTEM
    from notifications.models import Message
    from notifications.services.announcing import send_announcement
    from notifications.services.flight_check import fly

    row = _announcement()
    send_announcement(
        announcement=row,
        recipients=fly(row).survey.total,
        read_warnings=True,
        in_quiet_hours=True,
        actor=SYSTEM,
    )
    while row.planned_at is None:
        time.sleep(0.2)
        row.refresh_from_db()
    now = timezone.now()
    type(row).objects.filter(pk=row.pk).update(undo_until=now)
    Message.objects.filter(announcement=row).update(due_at=now)


def run_go() -> None:
    """Let mail go again, and do at once what the scheduler does within 15 seconds."""
    from core.actors import SYSTEM
    from notifications.services.sending_switch import resume_sending
    from notifications.tasks import sweep_outbox

    resume_sending(actor=SYSTEM)
    sweep_outbox()


def _is_over() -> bool:
    from notifications.models import Message

    open_ones = ("queued", "claimed", "sending")
    return not Message.objects.filter(announcement=_announcement(), state__in=open_ones).exists()


def run_is_over() -> None:
    """Print whether all is sent."""
    print(json.dumps({"over": _is_over()}))


def run_wait() -> None:
    """Wait until all is sent."""
    while not _is_over():
        time.sleep(0.5)


if __name__ == "__main__":
    import django

    name, *words = sys.argv[1:]
    django.setup()
    parts: dict[str, Any] = {
        "seed": run_seed,
        "send": run_send,
        "go": run_go,
        "is_over": run_is_over,
        "wait": run_wait,
    }
    parts[name](*words)

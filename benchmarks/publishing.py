"""Claim: publishing 1,000 sessions, and comparing two such versions, takes the time of a click.

Before the press stands the page with its impact (whom a change concerns); the press looks again and
queues the mails. The reference is writing and reading the same document as it is: one row with its
JSON, inserted, committed and read back. Half of the sessions are moved, so hundreds are told.

`python -m benchmarks.publishing seed|measure` are the parts that run in processes of their own.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from benchmarks.harness import Row, answer_of, stack

if TYPE_CHECKING:
    from collections.abc import Callable

SESSIONS: Final = 1000
ROUNDS: Final = 5


def rows(engine: str) -> list[Row]:
    """Measure publishing quietly and with mails, and comparing, beside the bare document."""
    with stack(engine, LOG_LEVEL="ERROR") as lectern:
        lectern.manage("pause_sending", "benchmark")
        environment = {
            **lectern.environment,
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "REDIS_URL": f"unix://{lectern.home}/redis/redis.sock?db=0",
        }
        answer_of("benchmarks.publishing", environment, "seed")
        found = answer_of("benchmarks.publishing", environment, "measure")
    print(f"  {found['told']} people told; seconds: {found['seconds']}", file=sys.stderr)
    seconds: dict[str, float] = found["seconds"]
    names = {
        "quiet": f"publish {SESSIONS} sessions quietly",
        "tell": f"publish {SESSIONS} sessions and tell {found['told']}",
        "impact": f"impact of half of {SESSIONS} sessions moved",
        "compare": f"compare two versions of {SESSIONS} sessions",
    }
    return [
        Row(claim, "services", 1000 * seconds[key], "bare document", 1000 * seconds["bare"], "ms")
        for key, claim in names.items()
    ]


def seed() -> dict[str, Any]:
    """Add the large conference to the demo's organisation."""
    from accounts.models import Organisation

    data = import_module("benchmarks.programme_data")
    organisation = Organisation.objects.order_by("pk").first()
    conference = data.make_programme(organisation, sessions=SESSIONS, publish=True)
    return {"conference": conference.pk}


def measure() -> dict[str, Any]:
    """Return the medians of each deed in seconds."""
    from console.publishing.impact import impact_of
    from core.actors import SYSTEM
    from events.models import Conference
    from events.services.schedules import publish_schedule

    conference = Conference.objects.get(slug="large-forum")
    took: dict[str, list[float]] = {}
    told = 0
    for number in range(ROUNDS):
        _move_half(conference, number)
        conference.refresh_from_db()
        impact = _timed(took, "impact", lambda: impact_of(conference))
        tell = number % 2 == 0
        version = _timed(
            took,
            "tell" if tell else "quiet",
            partial(
                publish_schedule,
                conference=conference,
                name="",
                actor=SYSTEM,
                tell=tell,
                seen=impact.seen,
                telling=impact.mails if tell else None,
            ),
        )
        told = max(told, version.told)
        newest, former = conference.schedule_versions.all()[:2]
        _timed(
            took,
            "compare",
            partial(_compare, conference, former, newest),
        )
        _timed(took, "bare", partial(_bare, version.document))
    seconds = {key: round(statistics.median(each), 4) for key, each in took.items()}
    return {"told": told, "seconds": seconds}


def _compare(conference: Any, former: Any, newest: Any) -> Any:
    from events.services.schedules import changes_between, read_document

    return changes_between(conference, read_document(former), read_document(newest))


def _timed(took: dict[str, list[float]], key: str, deed: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    found = deed()
    took.setdefault(key, []).append(time.perf_counter() - began)
    return found


def _move_half(conference: Any, number: int) -> None:
    """Move every second session by some minutes, as the services would leave it."""
    import datetime as dt

    from events.models import Session
    from events.services.instants import resolve_session

    rows = list(conference.sessions.filter(start_local__isnull=False).order_by("pk")[::2])
    for row in rows:
        by = dt.timedelta(minutes=5 if number % 2 == 0 else -5)
        row.start_local, row.end_local = row.start_local + by, row.end_local + by
        resolve_session(row, conference.time_zone)
    times = ["start_local", "end_local", "starts_at", "ends_at"]
    Session.objects.bulk_update(rows, times, batch_size=200)


def _bare(document: dict[str, Any]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_document (body TEXT)")
        cursor.execute("INSERT INTO bench_document VALUES (%s)", [json.dumps(document)])
        cursor.execute("SELECT body FROM bench_document")
        json.loads(cursor.fetchall()[-1][0])
        cursor.execute("DELETE FROM bench_document")


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"seed": seed, "measure": measure}[sys.argv[1]]()))

"""Claim: after one move in a programme of 1,000 sessions its conflicts are known in under 100 ms.

The move is checked by itself (`recheck`, which the editors ask about while somebody drags) and by
the whole programme's check, each in memory and with reading the draft from the database. The
programme is that of programme_data: 40 rooms, 900 people, five days.

`python -m benchmarks.conflicts seed|check` are the parts that run in processes of their own.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any, Final

from benchmarks.harness import Row, answer_of, database

if TYPE_CHECKING:
    from collections.abc import Callable

SESSIONS: Final = int(os.environ.get("BENCH_CONFLICTS", "1000"))
GOAL_MS: Final = 100.0
ROUNDS: Final = 25
_PARTS: Final = {
    "move": "one move, in memory",
    "whole": "whole programme, in memory",
    "move_read": "one move, with reading",
    "whole_read": "whole programme, with reading",
}


def rows(engine: str) -> list[Row]:
    """Check moves in a generated programme; figures are medians.

    Beside them stands the processor's time of ours: what they are where nothing else runs.
    """
    with tempfile.TemporaryDirectory(prefix="lectern-bench-") as home, database(engine) as settings:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "LECTERN_HOME": home,
            "SECRET_KEY": "benchmark",
            "LOG_LEVEL": "ERROR",
            **settings,
        }
        answer_of("benchmarks.conflicts", environment, "seed", SESSIONS)
        found: dict[str, Any] = answer_of("benchmarks.conflicts", environment, "check")
    print(f"  {SESSIONS:,} sessions on {engine}: {found}", file=sys.stderr)
    claim = f"conflicts, {SESSIONS:,} sessions"
    return [
        Row(claim, f"{words}{of}", found[part][figure], "goal", GOAL_MS, "ms")
        for part, words in _PARTS.items()
        for figure, of in (("median", ""), ("processor", ", processor"))
    ]


def run_seed(number: str) -> None:
    """Make the database and a programme with a few clashes in it."""
    from django.core.management import call_command

    from accounts.models import Organisation
    from benchmarks.programme_data import make_programme

    call_command("migrate", verbosity=0)
    organisation = Organisation.objects.create(slug="bench", name="Bench", languages=["en"])
    make_programme(organisation, sessions=int(number), clashes=10)
    print("{}")


def run_check() -> None:
    """Move one session after another into another one's time and room, and time each check."""
    from events.conflicts import Slot, find_conflicts, recheck
    from events.models import Conference, Session
    from events.services.conflict_facts import facts_of
    from events.services.conflicts import conflicts_after_move, conflicts_of

    conference = Conference.objects.get()
    facts = facts_of(conference)
    placed = [one for one in facts.own() if one.start and one.end and one.room]
    rows = {row.code: row for row in Session.objects.select_related("room")}
    found: dict[str, list[tuple[float, float]]] = {part: [] for part in _PARTS}
    for n in range(ROUNDS):
        one, other = placed[n * 7 % len(placed)], placed[(n * 13 + 401) % len(placed)]
        slot = Slot(other.start, other.end, other.room)  # type: ignore[arg-type]  # it has one
        there = rows[other.code]

        def ask(code: str = one.code, there: Any = there) -> Any:
            return conflicts_after_move(
                conference,
                session=rows[code],
                start_local=there.start_local,
                end_local=there.end_local,
                room=there.room,
            )

        checks: dict[str, Callable[[], Any]] = {
            "move": lambda code=one.code, slot=slot: recheck(facts, code, slot),  # type: ignore[misc]  # bound now
            "whole": lambda: find_conflicts(facts),
            "move_read": ask,
            "whole_read": lambda: conflicts_of(conference),
        }
        for part, check in checks.items():
            began, used = time.perf_counter(), time.process_time()
            answer = check()
            found[part].append(
                (1000 * (time.perf_counter() - began), 1000 * (time.process_time() - used))
            )
            if not answer:
                raise RuntimeError("a session in another one's place is a conflict")
    print(
        json.dumps(
            {
                part: {
                    "median": round(statistics.median(wall for wall, _ in times), 1),
                    "worst": round(max(wall for wall, _ in times), 1),
                    "processor": round(statistics.median(used for _, used in times), 1),
                }
                for part, times in found.items()
            }
        )
    )


if __name__ == "__main__":
    import django

    name, *words = sys.argv[1:]
    django.setup()
    parts: dict[str, Any] = {"seed": run_seed, "check": run_check}
    parts[name](*words)

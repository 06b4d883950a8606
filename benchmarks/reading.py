"""Claim: a programme of 872 sessions, 841 people and 35 rooms is read in under two seconds.

A generated schedule.xml and schedule.json of that size are read, each in a process of its own whose
memory is measured. Storing what was read is another claim (importing).

`python -m benchmarks.reading table FILE…` reads files that somebody has and prints what is in them.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from benchmarks.harness import Row, answer_of

SESSIONS: Final = 872
PEOPLE: Final = 841
ROOMS: Final = 35
GOAL_S: Final = 2.0
_WORDS: Final = [
    "small",
    "states",
    "and",
    "large",
    "neighbours",
    "talk",
    "of",
    "archives",
    "and",
    "what",
    "is",
    "kept",
    "in",
    "them",
]


def rows(engine: str) -> list[Row]:
    """Read both formats; no database takes part, so one engine is enough."""
    if engine != "sqlite":
        return []
    found = []
    with tempfile.TemporaryDirectory(prefix="lectern-bench-") as folder:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
        for name, content in (("schedule.xml", as_xml()), ("schedule.json", as_json())):
            path = Path(folder, name)
            path.write_text(content, encoding="utf-8")
            answer = answer_of("benchmarks.reading", environment, "read", str(path))
            if (answer["sessions"], answer["rooms"]) != (SESSIONS, ROOMS):
                raise RuntimeError(f"read something else than was written: {answer}")
            claim = f"reading {name}, {SESSIONS} sessions"
            found += [
                Row(claim, "seconds", answer["seconds"], "goal", GOAL_S, "s"),
                Row(claim, "memory on top", answer["megabytes"], "file", answer["size"], "MB"),
            ]
    return found


def events() -> list[dict[str, Any]]:
    """Return sessions of two days, always the same ones."""
    chance = random.Random(872)

    def words(count: int) -> str:
        return " ".join(chance.choice(_WORDS) for _ in range(count))

    return [
        {
            "id": str(n), "guid": f"00000000-0000-4000-8000-{n:012}",
            "title": words(7).capitalize(), "duration": "00:50",
            "date": f"2027-03-{28 + n % 2}T{9 + n // ROOMS % 9:02}:00:00+02:00",
            "room": f"Room {n % ROOMS}", "track": f"Track {n % 71}", "type": "lecture",
            "abstract": f"<p>{words(90)}</p><p>{words(60)}</p>", "description": words(120),
            "persons": [{"id": str(p), "public_name": f"{words(1).title()} Name{p}"}
                        for p in {n % PEOPLE, (n * 7) % PEOPLE}],
        }
        for n in range(SESSIONS)
    ]  # fmt: skip


def as_json() -> str:
    by_room: dict[str, list[dict[str, Any]]] = {}
    for event in events():
        by_room.setdefault(event["room"], []).append(event)
    conference = {
        "acronym": "bench",
        "title": "Bench",
        "days": [{"date": "2027-03-28", "rooms": by_room}],
    }
    return json.dumps({"schedule": {"version": "1", "conference": conference}})


def as_xml() -> str:
    found = []
    for event in events():
        fields = "".join(
            f"<{name}>{escape(event[name])}</{name}>"
            for name in event
            if name not in {"id", "guid", "persons"}
        )
        persons = "".join(
            f'<person id="{person["id"]}">{person["public_name"]}</person>'
            for person in event["persons"]
        )
        found.append(
            f'<room name="{event["room"]}"><event id="{event["id"]}" guid="{event["guid"]}">'
            f"{fields}<persons>{persons}</persons></event></room>"
        )
    return (
        "<schedule><conference><acronym>bench</acronym><title>Bench</title></conference>"
        f'<day date="2027-03-28">{"".join(found)}</day></schedule>'
    )


def measure(path: str) -> dict[str, Any]:
    """Read a file and say what is in it, how long it took and what it took of memory."""
    from events.exchange.formats import FORMATS, sniff
    from events.incoming import ReadingOptions

    content = Path(path).read_bytes()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    form = sniff(content)
    if form is None:
        raise SystemExit(f"Nobody knows the format of {path}.")
    zone = os.environ.get("BENCH_ZONE", "Europe/Belgrade")
    found = FORMATS[form](content, ReadingOptions(dt.date(2027, 3, 28), zone))
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "format": form.value,
        "sessions": len(found.sessions),
        "people": len(found.people),
        "rooms": len(found.rooms),
        "tracks": len(found.tracks),
        "marks": len(found.marks),
        "seconds": round(seconds, 2),
        "megabytes": round((peak - before) / 1024, 1),
        "size": round(len(content) / 1024**2, 1),
    }


def run_read(path: str) -> None:
    print(json.dumps(measure(path)))


def run_table(*paths: str) -> None:
    """Print a line for each file; each is read in a process of its own."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    for path in paths:
        print(Path(path).name, answer_of("benchmarks.reading", environment, "read", path))


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    name, *words = sys.argv[1:]
    django.setup()
    parts: dict[str, Any] = {"read": run_read, "table": run_table}
    parts[name](*words)

"""Claim: schedule.json and schedule.xml of 1,000 sessions cost little more than answering at all.

Apps ask for them packed, and again and again with the ETag that they have.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from benchmarks.clients import Client, in_turns
from benchmarks.harness import Row, answer_of, bare, stack
from benchmarks.public_page import Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.harness import Running

SIZES = (300, 1000)
FILES = ("schedule.json", "schedule.xml")
GZIP = {"Accept-Encoding": "gzip"}


def rows(engine: str) -> list[Row]:
    with bare(engine) as reference, stack(engine) as lectern:
        readers = {"bare": Reader(reference.url, "/ping/"), **_readers(lectern)}
        measures: dict[str, Callable[[], float]] = dict(readers)
        rates = in_turns(measures)
    slow = {name: reader.p95() for name, reader in readers.items()}
    each = ", ".join(f"{name} {1000 * one:.1f}" for name, one in slow.items())
    print(f"  p95, ms: {each}", file=sys.stderr)
    rate, p95 = rates.pop("bare"), slow.pop("bare")
    return [
        *(Row("schedules", name, one, "bare DRF view", rate, "/s") for name, one in rates.items()),
        *(
            Row("schedules, 1/p95", name, 1 / one, "bare DRF view", 1 / p95, "/s")
            for name, one in slow.items()
            if name.endswith("packed")
        ),
    ]


def _readers(lectern: Running) -> dict[str, Reader]:
    """Return who reads each file of each size: packed, and with the ETag that they have."""
    organisation = lectern.demo["organisation"]
    environment = {**lectern.environment, "DJANGO_SETTINGS_MODULE": "config.settings.base"}
    found = {}
    for size in SIZES:
        slug = f"forum-{size}"
        words = ("--sessions", size, "--slug", slug, "--publish")
        answer_of("benchmarks.programme_data", environment, organisation, *words)
        for name in FILES:
            path = f"/{organisation}/{slug}/{name}"
            first = Client(lectern.url).get(path, **GZIP)
            said = f"{name}, {size:,} sessions"
            print(f"  {said}: {len(first.body):,} bytes packed", file=sys.stderr)
            tag = {"If-None-Match": first.headers.get("ETag", "")}
            found[f"{said}, packed"] = Reader(lectern.url, path, **GZIP)
            found[f"{said}, 304"] = Reader(lectern.url, path, **GZIP, **tag)
    return found

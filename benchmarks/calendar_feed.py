"""Claim: a calendar of 300 or 1,000 sessions costs about as much as answering at all.

Calendar programs ask again and again: most of them say what they have and get 304, and take what
has changed packed. A programme that has just changed is read once; `first` says how long that
takes.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from benchmarks.clients import Client, in_turns
from benchmarks.harness import Row, answer_of, bare, stack
from benchmarks.public_page import Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.harness import Running

SIZES = (300, 1000)


def rows(engine: str) -> list[Row]:
    with bare(engine) as reference, stack(engine) as lectern:
        readers = {"bare": Reader(reference.url, "/ping/")}
        for size in SIZES:
            readers |= _readers(lectern, size)
        measures: dict[str, Callable[[], float]] = dict(readers)
        rates = in_turns(measures)
    slow = {name: reader.p95() for name, reader in readers.items()}
    each = ", ".join(f"{name} {1000 * one:.1f}" for name, one in slow.items())
    print(f"  p95, ms: {each}", file=sys.stderr)
    bare_rate = rates.pop("bare")
    return [
        *(
            Row("calendar", name, rate, "bare DRF view", bare_rate, "/s")
            for name, rate in rates.items()
        ),
        *(
            Row("calendar, 1/p95", name, 1 / slow[name], "bare DRF view", 1 / slow["bare"], "/s")
            for name in rates
        ),
    ]


def _readers(lectern: Running, size: int) -> dict[str, Reader]:
    """Make a conference of this size and return who reads its calendar, in three ways."""
    organisation, slug = lectern.demo["organisation"], f"forum-of-{size}"
    answer_of(
        "benchmarks.programme_data",
        {**lectern.environment, "DJANGO_SETTINGS_MODULE": "config.settings.base"},
        *(organisation, "--slug", slug, "--sessions", size, "--seed", size, "--publish"),
    )
    path = f"/{organisation}/{slug}/calendar.ics"
    client = Client(lectern.url)
    began = time.perf_counter()
    plain = client.get(path)
    took = time.perf_counter() - began
    packed = client.get(path, **{"Accept-Encoding": "gzip"})
    sizes = ", packed ".join(f"{len(one.body) / 1000:.0f} kB" for one in (plain, packed))
    print(f"  {size} sessions: {sizes}, first {1000 * took:.0f} ms", file=sys.stderr)
    name = f"{size} sessions"
    tag = packed.headers.get("ETag", "")
    gzip = {"Accept-Encoding": "gzip"}
    return {
        f"{name}, gzip": Reader(lectern.url, path, **gzip),
        f"{name}, plain": Reader(lectern.url, path),
        f"{name}, 304": Reader(lectern.url, path, **gzip, **{"If-None-Match": tag}),
    }

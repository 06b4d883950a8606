"""Claim: everything starts in seconds and rests in less memory than one browser tab."""

from __future__ import annotations

import time

from benchmarks.harness import Row, bare, stack

SETTLE_SECONDS = 5


def rows(engine: str) -> list[Row]:
    with bare(engine) as reference:
        reference_seconds = reference.ready_seconds
        reference_memory = sum(reference.memory().values())
    with stack(engine) as lectern:
        time.sleep(SETTLE_SECONDS)
        memory = lectern.memory()
        seconds = lectern.ready_seconds
    for name, size in memory.items():
        print(f"  {size:6.1f} MiB  {name}")
    return [
        Row("start", "first start, with demo", seconds, "bare view", reference_seconds, "s"),
        Row(
            "memory",
            "all processes, idle",
            sum(memory.values()),
            "bare view",
            reference_memory,
            "MiB",
        ),
    ]

"""Claim: a public page costs about as much as answering at all, and asks the database nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from benchmarks.clients import Answer, Client, Sample, in_turns, run_clients
from benchmarks.harness import Row, bare, stack

if TYPE_CHECKING:
    from collections.abc import Callable

CLIENTS = 8
REQUESTS = 40


class Reader:
    """Reads one path with a few clients; remembers what each round saw."""

    def __init__(self, url: str, path: str, **headers: str) -> None:
        self.url, self.path, self.headers = url, path, headers
        self.samples: list[Sample] = []

    def __call__(self) -> float:
        sample = run_clients(self.url, CLIENTS, REQUESTS, self._read)
        self.samples.append(sample)
        return sample.rate

    def _read(self, client: Client, _number: int) -> Answer:
        return client.get(self.path, **self.headers)

    def p95(self) -> float:
        """Return the best round's p95 in seconds: the others say what else the machine did."""
        return min(sample.percentile(0.95) for sample in self.samples[1:] or self.samples)


def rows(engine: str) -> list[Row]:
    with bare(engine) as reference, stack(engine) as lectern:
        demo = lectern.demo
        path = f"/{demo['organisation']}/{demo['conference']}/"
        tag = Client(lectern.url).get(path).headers.get("ETag", "")
        readers = {
            "bare": Reader(reference.url, "/ping/"),
            "conference page": Reader(lectern.url, path),
            "conference page, 304": Reader(lectern.url, path, **{"If-None-Match": tag}),
            "programme page": Reader(lectern.url, f"{path}programme/"),
            "programme page, gzip": Reader(
                lectern.url, f"{path}programme/", **{"Accept-Encoding": "gzip"}
            ),
            "public programme, API": Reader(lectern.url, f"/api/v1/public{path}programme/"),
        }
        measures: dict[str, Callable[[], float]] = dict(readers)
        rates = in_turns(measures)
    slow = {name: reader.p95() for name, reader in readers.items()}
    each = ", ".join(f"{name} {1000 * one:.1f}" for name, one in slow.items())
    print(f"  p95, ms: {each}", file=sys.stderr)
    bare_rate = rates.pop("bare")
    found = [
        Row("pages", name, rate, "bare DRF view", bare_rate, "/s") for name, rate in rates.items()
    ]
    name = "programme page"
    return [
        *found,
        Row("pages, 1/p95", name, 1 / slow[name], "bare DRF view", 1 / slow["bare"], "/s"),
    ]

"""Claim: a public page costs about as much as answering at all, and asks the database nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from benchmarks.clients import Answer, Client, Sample, in_turns, run_clients
from benchmarks.harness import Row, answer_of, bare, stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.harness import Running

CLIENTS = 8
REQUESTS = 40
GZIP = {"Accept-Encoding": "gzip"}
# How many sessions a large programme has, and what else it is.
SIZES = {300: "--rooms 20 --people 400 --days 3 --seed 2", 1000: ""}


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


def large_programmes(lectern: Running) -> dict[str, str]:
    """Make programmes of 300 and 1,000 sessions; return the paths of their pages by a name."""
    organisation = lectern.demo["organisation"]
    environment = {**lectern.environment, "DJANGO_SETTINGS_MODULE": "config.settings.base"}
    paths = {}
    for number, options in SIZES.items():
        words = [*options.split(), "--publish", "--sessions", number, "--slug", f"large-{number}"]
        answer_of("benchmarks.programme_data", environment, organisation, *words)
        paths[f"{number:,} sessions"] = f"/{organisation}/large-{number}/programme/"
    return paths


def rows(engine: str) -> list[Row]:
    with bare(engine) as reference, stack(engine) as lectern:
        demo = lectern.demo
        path = f"/{demo['organisation']}/{demo['conference']}/"
        client = Client(lectern.url)
        tag = client.get(path).headers.get("ETag", "")
        readers = {
            "bare": Reader(reference.url, "/ping/"),
            "conference page": Reader(lectern.url, path),
            "conference page, 304": Reader(lectern.url, path, **{"If-None-Match": tag}),
            "programme page": Reader(lectern.url, f"{path}programme/"),
            "programme page, gzip": Reader(lectern.url, f"{path}programme/", **GZIP),
            "public programme, API": Reader(lectern.url, f"/api/v1/public{path}programme/"),
        }
        for name, page in large_programmes(lectern).items():
            # What browsers ask for; without gzip; what has not changed; all days at once.
            first = client.get(page, **GZIP)
            print(f"  {name}: first {first.seconds:.2f} s, {len(first.body):,} B", file=sys.stderr)
            tag = first.headers.get("ETag", "")
            readers |= {
                f"{name}, gzip": Reader(lectern.url, page, **GZIP),
                f"{name}, unpacked": Reader(lectern.url, page),
                f"{name}, 304": Reader(lectern.url, page, **GZIP, **{"If-None-Match": tag}),
                f"{name}, all days, gzip": Reader(lectern.url, f"{page}?day=all", **GZIP),
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
    shown = ("programme page", *(f"{number:,} sessions, gzip" for number in SIZES))
    return [
        *found,
        *(
            Row("pages, 1/p95", name, 1 / slow[name], "bare DRF view", 1 / slow["bare"], "/s")
            for name in shown
        ),
    ]

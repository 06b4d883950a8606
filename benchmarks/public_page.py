"""Claim: a public conference page costs little more than answering at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.clients import Answer, Client, in_turns, run_clients
from benchmarks.harness import Row, bare, stack

if TYPE_CHECKING:
    from collections.abc import Callable

CLIENTS = 8
REQUESTS = 40


def reader(url: str, path: str, **headers: str) -> Callable[[], float]:
    """Return what reads one path with a few clients and answers pages a second."""

    def read(client: Client, _number: int) -> Answer:
        return client.get(path, **headers)

    return lambda: run_clients(url, CLIENTS, REQUESTS, read).rate


def rows(engine: str) -> list[Row]:
    with bare(engine) as reference, stack(engine) as lectern:
        demo = lectern.demo
        path = f"/{demo['organisation']}/{demo['conference']}/"
        tag = Client(lectern.url).get(path).headers.get("ETag", "")
        rates = in_turns(
            {
                "bare": reader(reference.url, "/ping/"),
                "conference page": reader(lectern.url, path),
                "conference page, 304": reader(lectern.url, path, **{"If-None-Match": tag}),
                "programme page": reader(lectern.url, f"{path}programme/"),
            }
        )
    bare_rate = rates.pop("bare")
    return [
        Row("pages", name, rate, "bare DRF view", bare_rate, "/s") for name, rate in rates.items()
    ]

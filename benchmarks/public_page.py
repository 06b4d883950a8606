"""Claim: a public conference page costs little more than answering at all."""

from __future__ import annotations

from benchmarks.clients import Answer, Client, Sample, run_clients
from benchmarks.harness import Row, bare, stack

CLIENTS = 8
REQUESTS = 150


def measure(url: str, path: str, **headers: str) -> Sample:
    """Read one path over and over; the first reads warm the server up."""

    def read(client: Client, _number: int) -> Answer:
        return client.get(path, **headers)

    run_clients(url, CLIENTS, 20, read)
    return run_clients(url, CLIENTS, REQUESTS, read)


def rows(engine: str) -> list[Row]:
    with bare(engine) as reference:
        ping = measure(reference.url, "/ping/")
    with stack(engine) as lectern:
        demo = lectern.demo
        path = f"/{demo['organisation']}/{demo['conference']}/"
        tag = Client(lectern.url).get(path).headers.get("ETag", "")
        page = measure(lectern.url, path)
        again = measure(lectern.url, path, **{"If-None-Match": tag})
        programme = measure(lectern.url, f"{path}programme/")
    reference_name = "bare DRF view"
    return [
        Row("pages", "conference page", page.rate, reference_name, ping.rate, "/s"),
        Row("pages", "conference page, 304", again.rate, reference_name, ping.rate, "/s"),
        Row("pages", "programme page", programme.rate, reference_name, ping.rate, "/s"),
    ]

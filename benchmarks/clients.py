"""Clients for the benchmarks: threads with a connection each, and what they saw."""

from __future__ import annotations

import http.client
import json
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Answer:
    """What the server said to one request, and how long it took."""

    status: int
    body: bytes
    seconds: float
    headers: http.client.HTTPMessage

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """One client with one connection that is kept open."""

    def __init__(self, url: str, headers: dict[str, str] | None = None) -> None:
        parts = urlsplit(url)
        self.headers = headers or {}
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send one request; a connection that the server closed meanwhile is opened again."""
        began = time.perf_counter()
        sent = {**self.headers, **(headers or {})}
        try:
            self.connection.request(method, path, body, sent)
            response = self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.connection.close()
            self.connection.request(method, path, body, sent)
            response = self.connection.getresponse()
        content = response.read()
        return Answer(response.status, content, time.perf_counter() - began, response.headers)

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, None, headers)

    def post(self, path: str, data: object, **headers: str) -> Answer:
        sent = {"Content-Type": "application/json", **headers}
        return self.request("POST", path, json.dumps(data).encode(), sent)


@dataclass
class Sample:
    """What many clients saw."""

    seconds: float
    latencies: list[float] = field(repr=False)
    statuses: Counter[int]

    @property
    def rate(self) -> float:
        """Return answers a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency in seconds that this share of the requests stayed under."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def run_clients(
    url: str, clients: int, requests: int, call: Callable[[Client, int], Answer]
) -> Sample:
    """Let so many clients send so many requests each, all starting together.

    `call` gets the client and a number that no other request has.
    """
    barrier = threading.Barrier(clients + 1)
    answers: list[list[Answer]] = [[] for _ in range(clients)]
    failures: list[BaseException] = []

    def work(index: int) -> None:
        client = Client(url)
        barrier.wait()
        try:
            for number in range(requests):
                answers[index].append(call(client, index * requests + number))
        except BaseException as problem:  # noqa: BLE001 - raised again in the main thread
            failures.append(problem)

    threads = [threading.Thread(target=work, args=(index,)) for index in range(clients)]
    for thread in threads:
        thread.start()
    barrier.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if failures:
        raise failures[0]
    flat = [answer for each in answers for answer in each]
    return Sample(seconds, [a.seconds for a in flat], Counter(a.status for a in flat))


def in_turns(measures: dict[str, Callable[[], float]], rounds: int = 7) -> dict[str, float]:
    """Return the median of each measure, all taken in turns.

    What else the machine does then hits ours and the reference alike. The first round warms up.
    """
    seen: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds + 1):
        for name, measure in measures.items():
            figure = measure()
            if number:
                seen[name].append(figure)
    return {name: statistics.median(figures) for name, figures in seen.items()}

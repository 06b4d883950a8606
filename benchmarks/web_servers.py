"""Compare web servers on the bare view and on our own page (docs/adr/0005-web-server.md).

`python -m benchmarks.web_servers [--seconds 5] [--rounds 3]`; needs wrk on PATH, and granian
installed beside the requirements.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.clients import Client
from benchmarks.harness import Running, server, stack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CONNECTIONS = 16
GRANIAN = "-m granian --host 127.0.0.1 --no-ws --interface"
SERVERS = {
    "gunicorn gthread 2x4": "-m gunicorn",
    "gunicorn gthread 2x4, keep-alive": "-m gunicorn --keep-alive 5",
    "gunicorn sync 2": "-m gunicorn --worker-class sync --threads 1",
    "granian WSGI 2x4": f"{GRANIAN} wsgi --workers 2 --blocking-threads 4",
    "granian WSGI 2x1": f"{GRANIAN} wsgi --workers 2 --blocking-threads 1",
    "granian ASGI 2": f"{GRANIAN} asgi --workers 2",
}


@dataclass(frozen=True)
class Options:
    """How long and how often each server is loaded."""

    seconds: int
    rounds: int


@dataclass(frozen=True)
class Load:
    """What wrk saw of one path, and what it cost the server."""

    rate: float
    p99: float
    # Processor time a request: on a shared machine it tells more than the rate.
    microseconds: float
    memory: float


def load(running: Running, path: str, seconds: int) -> Load:
    """Send as many requests as the server takes; the first second warms it up."""
    used = 0.0
    for duration in (1, seconds):
        used = running.processor_seconds()
        done = subprocess.run(
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{duration}s", "--latency", running.url + path],
            check=True,
            capture_output=True,
            text=True,
        )
    used = running.processor_seconds() - used
    if "Non-2xx" in done.stdout:
        raise RuntimeError(f"{path} answered errors:\n{done.stdout}")
    total = int(re.findall(r"(\d+) requests in", done.stdout)[0])
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", done.stdout)[0])
    number, unit = re.findall(r"99%\s+([\d.]+)(us|ms|s)", done.stdout)[0]
    p99 = float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]
    return Load(rate, p99, used / total * 1_000_000, sum(running.memory().values()))


def command(name: str, application: str) -> list[str]:
    """Return the command line; gunicorn reads its port from the environment, granian too."""
    line = SERVERS[name].split()
    if "asgi" in line:
        application = application.replace("config.wsgi", "benchmarks.asgi")
    return [sys.executable, *line, application]


def answers_at(path: str) -> Callable[[Path, str], bool]:
    """Return the question whether the server answers this path."""

    def answers(_log: Path, url: str) -> bool:
        try:
            return Client(url).get(path).status < 500  # noqa: PLR2004 - any answer of the application
        except OSError:
            return False

    return answers


def measure(environment: dict[str, str], application: str, path: str, options: Options) -> None:
    """Print a line a server: the medians of some rounds, taken in turns."""
    names = [n for n in SERVERS if "ASGI" not in n or application.startswith("config.")]
    seen: dict[str, list[Load]] = {name: [] for name in names}
    for _ in range(options.rounds):
        for name in names:
            with server(command(name, application), environment, answers_at(path)) as running:
                seen[name].append(load(running, path, options.seconds))
    for name, loads in seen.items():
        rate, p99, cost, memory = (
            statistics.median(getattr(each, figure) for each in loads)
            for figure in ("rate", "p99", "microseconds", "memory")
        )
        figures = f"{rate:,.0f}/s | {p99:.0f} ms | {cost:,.0f} µs | {memory:.0f} MiB"
        print(f"| {name} | {path} | {figures} |", flush=True)


def beside(lectern: Running) -> dict[str, str]:
    """Return the environment of another web server on the same data."""
    return {
        **lectern.environment,
        "REDIS_URL": f"unix://{lectern.home}/redis/redis.sock?db=0",
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare web servers.")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    options = Options(given.seconds, given.rounds)
    print(
        "| server | path | rate | p99 | processor a request | memory |\n|---|---|--:|--:|--:|--:|"
    )
    measure({}, "benchmarks.bare_view:application", "/ping/", options)
    with stack() as lectern:
        demo = lectern.demo
        page = f"/{demo['organisation']}/{demo['conference']}/"
        for path in (page, f"/api/v1/public{page}programme/"):
            measure(beside(lectern), "config.wsgi:application", path, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())

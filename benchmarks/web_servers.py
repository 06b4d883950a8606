"""Compare web servers on the bare view and on our own page (docs/adr/0005-web-server.md).

`python -m benchmarks.web_servers [--seconds 8]`; needs wrk on PATH and `pip install granian`.
"""

from __future__ import annotations

import argparse
import re
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
    "gunicorn gthread 1x8": "-m gunicorn --workers 1 --threads 8",
    "gunicorn sync 2": "-m gunicorn --worker-class sync --threads 1",
    "granian WSGI 2x4": f"{GRANIAN} wsgi --workers 2 --blocking-threads 4",
    "granian WSGI 2x1": f"{GRANIAN} wsgi --workers 2 --blocking-threads 1",
    "granian ASGI 2": f"{GRANIAN} asgi --workers 2",
}


@dataclass(frozen=True)
class Load:
    """What wrk saw of one path."""

    rate: float
    p99: str
    errors: str


def load(url: str, seconds: int) -> Load:
    """Send as many requests as the server takes; the first second warms it up."""
    for duration in (1, seconds):
        done = subprocess.run(
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{duration}s", "--latency", url],
            check=True,
            capture_output=True,
            text=True,
        )
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    p99 = re.search(r"99%\s+(\S+)", done.stdout)
    errors = re.findall(r"Non-2xx.*|Socket errors.*", done.stdout)
    return Load(float(rate[1]) if rate else 0.0, p99[1] if p99 else "", "; ".join(errors))


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


def measure(environment: dict[str, str], application: str, path: str, seconds: int) -> None:
    """Print a line a server."""
    for name in SERVERS:
        if "ASGI" in name and application.startswith("benchmarks.bare"):
            continue
        with server(command(name, application), environment, answers_at(path)) as running:
            seen = load(f"{running.url}{path}", seconds)
            memory = sum(running.memory().values())
        figures = (f"{seen.rate:,.0f}/s", seen.p99, f"{memory:.0f} MiB", seen.errors)
        print(f"| {name} | {path} | {' | '.join(figures)} |", flush=True)


def beside(lectern: Running) -> dict[str, str]:
    """Return the environment of another web server on the same data."""
    return {
        **lectern.environment,
        "REDIS_URL": f"unix://{lectern.home}/redis/redis.sock?db=0",
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare web servers.")
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--only-bare", action="store_true")
    options = parser.parse_args()
    print("| server | path | rate | p99 | memory | errors |\n|---|---|--:|--:|--:|---|")
    measure({}, "benchmarks.bare_view:application", "/ping/", options.seconds)
    if options.only_bare:
        return 0
    with stack() as lectern:
        demo = lectern.demo
        page = f"/{demo['organisation']}/{demo['conference']}/"
        for path in (page, f"{page}register/", f"/api/v1/public{page}programme/"):
            measure(beside(lectern), "config.wsgi:application", path, options.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())

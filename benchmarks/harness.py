"""What every benchmark needs: the real stack on a throw-away home, and rows of a table.

    with bare("postgres") as reference, stack("postgres") as lectern:
        sample = run_clients(lectern.url, 64, 10, lambda client, n: client.post(path, body(n)))
        rates = in_turns({"ours": ours, "bare": theirs})  # figures that are compared
        row = Row("claim", "ours", rates["ours"], "bare view", rates["bare"], "/s")

Machines differ, ratios less: a row is a figure of ours over a figure of the reference, taken in
the same run, on the same engine, under the same web server.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.clients import Client
from scripts.test_postgres import throw_away_cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
ENGINES = ("sqlite", "postgres")
READY_SECONDS = 90


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Running:
    """A server, or the whole stack, that runs until its block ends."""

    url: str
    home: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    ready_seconds: float

    @property
    def log(self) -> str:
        return (self.home / "benchmark.log").read_text(errors="replace")

    @property
    def demo(self) -> dict[str, str]:
        """Return what demo.json says: slugs, sign-in, token."""
        facts: dict[str, str] = json.loads((self.home / "demo.json").read_text())
        return facts

    def manage(self, *arguments: str) -> str:
        """Run manage.py beside the stack and return what it prints."""
        command = [sys.executable, "manage.py", *arguments]
        environment = {**self.environment, "DJANGO_SETTINGS_MODULE": "config.settings.base"}
        done = subprocess.run(
            command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    def pids(self) -> dict[int, str]:
        """Return the processes of the tree with their command lines."""
        return {
            pid: Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            for pid in tree_of(self.process.pid)
        }

    def processor_seconds(self, naming: str = "") -> float:
        """Return the processor time that the tree has used so far; a busy machine adds none.

        Arguments:
            naming: what stands in the command lines of those that count.
        """
        ticks = 0
        for pid, command in self.pids().items():
            if naming not in command:
                continue
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self) -> dict[str, float]:
        """Return the proportional set size (PSS) of each process in MiB."""
        sizes: dict[str, float] = {}
        for pid, command in self.pids().items():
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    sizes[f"{pid} {command[:120]}"] = int(line.split()[1]) / 1024
        return sizes


def wait_for(process: subprocess.Popen[bytes], is_true: Callable[[], bool], log: Path) -> None:
    """Wait until the server is ready; a server that ended says why."""
    deadline = time.monotonic() + READY_SECONDS
    while not is_true():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The server did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.02)


def tree_of(pid: int) -> list[int]:
    """Return a process and all below it."""
    found = [pid]
    for parent in found:
        children = Path(f"/proc/{parent}/task/{parent}/children")
        found += map(int, children.read_text().split())
    return found


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a server to end; one that does not is killed with all below it."""
    pids = tree_of(process.pid) if process.poll() is None else []
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


@contextmanager
def server(
    command: Sequence[str], environment: dict[str, str], is_ready: Callable[[Path, str], bool]
) -> Iterator[Running]:
    """Run a command with PORT and LECTERN_HOME of its own until the block ends."""
    with tempfile.TemporaryDirectory(prefix="lectern-bench-") as folder:
        home = Path(folder)
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        everything = {
            **{key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"},
            "LECTERN_HOME": folder,
            "BASE_URL": url,
            "THROTTLE": "off",
            **environment,
            "PORT": str(port),
            "GRANIAN_PORT": str(port),
        }
        log = home / "benchmark.log"
        began = time.monotonic()
        with log.open("wb") as stream:
            process = subprocess.Popen(
                command, cwd=ROOT, env=everything, stdout=stream, stderr=subprocess.STDOUT
            )
        try:
            wait_for(process, lambda: is_ready(log, url), log)
            yield Running(url, home, everything, process, time.monotonic() - began)
        finally:
            end(process)


def says_ready(log: Path, _url: str) -> bool:
    return "Ready after" in log.read_text(errors="replace")


def answers(_log: Path, url: str) -> bool:
    try:
        return Client(url).get("/ping/").status == http.HTTPStatus.OK
    except OSError:
        return False


@contextmanager
def database(engine: str) -> Iterator[dict[str, str]]:
    """Yield the settings of an empty database that lives as long as the block."""
    if engine == "sqlite":
        yield {}
        return
    with throw_away_cluster(is_durable=True) as url:
        yield {"DATABASE_URL": url}


@contextmanager
def stack(engine: str = "sqlite", **environment: str) -> Iterator[Running]:
    """Run everything that `make run` runs, with the demo, on a throw-away home."""
    with ExitStack() as blocks:
        settings = blocks.enter_context(database(engine))
        settings |= {"LECTERN_DEMO": "1", **environment}
        command = [sys.executable, "-m", "scripts.run"]
        yield blocks.enter_context(server(command, settings, says_ready))


@contextmanager
def bare(engine: str = "sqlite", **environment: str) -> Iterator[Running]:
    """Run the reference (bare_view.py) under the same web server, on the same kind of database."""
    with ExitStack() as blocks:
        settings = blocks.enter_context(database(engine)) | environment
        command = [sys.executable, "-m", "gunicorn", "benchmarks.bare_view:application"]
        yield blocks.enter_context(server(command, settings, answers))


def answer_of(module: str, environment: dict[str, str], *words: object) -> dict[str, Any]:
    """Run a part of a benchmark in a process of its own and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, words)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout or b"{}")
    return found


@dataclass(frozen=True)
class Row:
    """One line of the table: our figure, the reference's, and their ratio."""

    claim: str
    measured: str
    value: float
    reference: str
    reference_value: float
    unit: str

    @property
    def ratio(self) -> float:
        return self.value / self.reference_value


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = [
        "| claim | ours | figure | reference | figure | ratio |",
        "|---|---|--:|---|--:|--:|",
    ]
    lines += [
        f"| {row.claim} | {row.measured} | {row.value:,.1f} {row.unit} "
        f"| {row.reference} | {row.reference_value:,.1f} {row.unit} | {row.ratio:.2f} |"
        for row in rows
    ]
    return "\n".join(lines)

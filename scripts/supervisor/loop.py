"""One thread that reads what the children say, starts them again and ends them in order."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import sys
import time
from typing import TYPE_CHECKING

from scripts.supervisor.environment import StartError

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from types import FrameType

    from scripts.supervisor.children import Child

COLOURS = {"setup": 37, "redis": 31, "web": 32, "worker": 36, "beat": 33, "lectern": 1}
WIDTH = 7


class Stopped(Exception):  # noqa: N818 - not an error
    """Somebody asked us to end while we were starting."""


class Supervisor:
    """Runs children in the foreground until a signal comes."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.signals = 0
        self.is_ready = False
        self.is_stopping = False
        self.colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self.selector = selectors.DefaultSelector()
        wake_read, wake_write = os.pipe()
        for handle in (wake_read, wake_write):
            os.set_blocking(handle, False)
        self.wake = wake_read
        self.selector.register(wake_read, selectors.EVENT_READ, None)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.on_signal)

    def on_signal(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the handler's signature
        """Remember that we shall end; the second signal ends everything at once."""
        self.signals += 1
        if self.signals > 1 and self.is_stopping:
            for child in self.children:
                child.signal(signal.SIGKILL)

    def say(self, name: str, line: str) -> None:
        """Write one line with the name of who says it."""
        label = f"{name:<{WIDTH}}|"
        if self.colours:
            label = f"\x1b[{COLOURS.get(name, 0)}m{label}\x1b[0m"
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.write(f"{label} {line}\n")
            sys.stdout.flush()

    def start(self, child: Child) -> None:
        """Start a child, for the first time or again."""
        if child not in self.children:
            self.children.append(child)
        self.listen(child)

    def listen(self, child: Child) -> None:
        """Start the program and read what it says from now on."""
        self.selector.register(child.start(), selectors.EVENT_READ, (child, child.process))

    def tick(self, timeout: float) -> None:
        """Wait at most so long for output, a signal or the end of a child."""
        for key, _ in self.selector.select(timeout):
            if key.data is None:
                with contextlib.suppress(BlockingIOError):
                    os.read(self.wake, 512)
            else:
                self.read(key.fd, *key.data)
        now = time.monotonic()
        for child in self.children:
            if child.process is None or child.is_running:
                continue
            if child.restart_at is None and not self.is_stopping and not self.signals:
                self.on_death(child, now)
            elif child.restart_at is not None and now >= child.restart_at and not self.signals:
                self.start(child)

    def read(self, handle: int, child: Child, process: subprocess.Popen[bytes]) -> None:
        """Pass on what a child wrote (its last process may still speak after a new start)."""
        try:
            chunk = os.read(handle, 65536)
        except BlockingIOError:
            return
        for line in child.lines(chunk or (b"\n" if child.rest else b"")):
            self.say(child.name, line)
        if not chunk:
            self.selector.unregister(handle)
            if process.stdout is not None:
                process.stdout.close()

    def on_death(self, child: Child, now: float) -> None:
        """While we start, a dead child ends the start; later it is started again after a pause."""
        code = child.process.returncode if child.process is not None else 0
        if not self.is_ready:
            self.drain(child)
            raise StartError(f"{child.name} ended with code {code} before Lectern was ready.")
        pause = child.plan_restart(now)
        self.say("lectern", f"{child.name} ended with code {code}; next start in {pause:.0f} s")

    def drain(self, child: Child) -> None:
        """Pass on the last words of a child that has ended."""
        process = child.process
        for _ in range(50):
            if process is None or process.stdout is None or process.stdout.closed:
                return
            self.read(process.stdout.fileno(), child, process)

    def wait_until(self, is_true: Callable[[], bool], seconds: float, what: str) -> None:
        """Watch the children until something is true; a dead child or a signal ends the wait."""
        deadline = time.monotonic() + seconds
        while not is_true():
            self.tick(0.05)
            if self.signals:
                raise Stopped
            if time.monotonic() > deadline:
                raise StartError(f"{what} was not ready after {seconds:.0f} seconds.")

    def run_to_end(self, child: Child) -> None:
        """Run a program once while the other children are watched; it must succeed."""
        self.listen(child)
        try:
            self.wait_until(lambda: not child.is_running, 600, child.name)
        except (Stopped, StartError):
            child.signal(signal.SIGKILL)
            raise
        self.drain(child)
        if child.process is not None and child.process.returncode != 0:
            raise StartError(f"The database could not be prepared; {child.name} says why above.")

    def run(self) -> None:
        """Keep everything running until a signal comes."""
        self.is_ready = True
        while not self.signals:
            due = [child.restart_at for child in self.children if child.restart_at is not None]
            now = time.monotonic()
            self.tick(max(0.0, min([at - now for at in due] + [1.0])))

    def stop(self) -> None:
        """End the children, the last one started first, each within its patience."""
        self.is_stopping = True
        for child in reversed(self.children):
            child.signal(signal.SIGTERM)
            deadline = time.monotonic() + child.patience
            while child.is_running and time.monotonic() < deadline:
                self.tick(0.05)
            if child.is_running:
                child.signal(signal.SIGKILL)
                if child.process is not None:
                    child.process.wait()
            self.drain(child)

"""Child processes: none outlives the supervisor, and the supervisor decides their order."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PR_SET_PDEATHSIG = 1
LONG_LIFE = 60.0
LONGEST_PAUSE = 30.0
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(death_signal: int, parent: int) -> None:
    """Ask the kernel to send us the signal when our parent ends, however it ends."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), death_signal)


@dataclass
class Child:
    """One program under supervision."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    # How long it may take to end by itself after SIGTERM.
    patience: float = 3.0
    # What the kernel sends it when the supervisor is killed.
    death_signal: int = signal.SIGKILL
    inherit: tuple[int, ...] = ()
    # How far others come before it at the processor (0 to 19).
    niceness: int = 0
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    restart_at: float | None = None
    rest: bytes = field(default=b"", repr=False)

    def start(self) -> int:
        """Start the program; return the file that its output comes from.

        The child stays in our process group but with SIGINT blocked, so Ctrl-C in a terminal
        reaches the supervisor alone, which then ends the children in order.
        """
        parent = os.getpid()

        def prepare() -> None:
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            die_with_parent(self.death_signal, parent)
            os.nice(self.niceness)

        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=self.environment,
            preexec_fn=prepare,  # noqa: PLW1509 - the supervisor has one thread
            pass_fds=self.inherit,
        )
        self.started = time.monotonic()
        self.restart_at = None
        if self.process.stdout is None:
            raise RuntimeError(f"{self.name} has no output")
        handle = self.process.stdout.fileno()
        os.set_blocking(handle, False)
        return handle

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: int) -> None:
        """Send a signal; a program that is gone does not mind."""
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)

    def lines(self, chunk: bytes) -> list[str]:
        """Return the whole lines that the chunk completes; the rest waits for its end."""
        *whole, self.rest = (self.rest + chunk).split(b"\n")
        return [line.decode(errors="replace").rstrip("\r") for line in whole]

    def plan_restart(self, now: float) -> float:
        """Return the pause before the next start: 1, 2, 4 … 30 s, short again after a long life."""
        self.failures = 1 if now - self.started > LONG_LIFE else self.failures + 1
        pause = min(2.0 ** (self.failures - 1), LONGEST_PAUSE)
        self.restart_at = now + pause
        return pause

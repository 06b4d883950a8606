"""Clocks that differ and jump: programs see the time that libfaketime tells them."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

FOLDERS = ("/usr/lib/*/faketime", "/usr/lib/faketime", "/usr/local/lib/faketime")
LIBRARY = "libfaketimeMT.so.1"
# Python sleeps until a moment of the stopwatch, which libfaketime 0.9.10 refuses with EINVAL where
# it leaves stopwatches alone. Every Python program reads this first.
SLEEP = """
import select, time
time.sleep = lambda seconds: select.select([], [], [], seconds)
"""


def find_library():
    """Return the library that programs are started with, None where it is not installed."""
    found = [path for folder in FOLDERS for path in Path("/").glob(f"{folder[1:]}/{LIBRARY}")]
    return str(found[0]) if found else None


class Clock:
    """`with Clock() as clock:` is one that all programs with its `environment` go by.

    Stopwatches (the monotonic clock) go on as they are, as they do when a real clock is set.
    """

    def __init__(self, offset=0.0):
        assert find_library(), "The tests of clocks need libfaketime: apt-get install faketime."
        # PostgreSQL may run as another user, who reads it too.
        self.folder = Path(tempfile.mkdtemp(prefix="lectern-clock-", dir="/tmp"))
        self.folder.chmod(0o755)
        (self.folder / "sitecustomize.py").write_text(SLEEP)
        self.path = self.folder / "offset"
        self.set(offset)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def environment(self):
        return {
            "LD_PRELOAD": find_library(),
            "FAKETIME_TIMESTAMP_FILE": str(self.path),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            "PYTHONPATH": str(self.folder),
        }

    def set(self, offset):
        """Put it forward or back, so many seconds from the true time."""
        self.offset = offset
        new = self.path.with_suffix(".new")
        new.write_text(f"{offset:+.3f}\n")
        new.chmod(0o644)
        new.replace(self.path)

    def set_to(self, instant):
        self.set(instant.timestamp() - time.time())

    def now(self):
        return time.time() + self.offset


if __name__ == "__main__":
    sys.exit(0 if find_library() else 1)

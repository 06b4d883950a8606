"""How the web server runs, for `make run` and the container alike (gunicorn reads this file).

The access log stays off: personal links carry their key in the path, and no key belongs in a log.
"""

from __future__ import annotations

import os
from pathlib import Path

wsgi_app = "config.wsgi:application"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# The application is loaded once and shared between the workers' memory.
preload_app = True
timeout = 60
graceful_timeout = 2
# A kept connection stays with one process: with a few of them, one process does all the work while
# the other rests (docs/adr/0005-web-server.md).
keepalive = 0
max_requests = 20_000
max_requests_jitter = 2_000
# Headers over 8 KiB and request lines over 4 KiB are nobody's browser.
limit_request_line = 4094
limit_request_fields = 100
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - heartbeat in memory
control_socket_disable = True
# Who may speak for a client is decided by TRUSTED_PROXIES alone, in the application.
secure_scheme_headers: dict[str, str] = {}
loglevel = "warning"


def when_ready(server: object) -> None:  # noqa: ARG001 - gunicorn's signature
    """Load what the first request would load, so that the workers share it, and stop moving it."""
    import gc

    from django.template import engines
    from django.urls import get_resolver

    get_resolver().reverse_dict  # noqa: B018 - reading it imports every view
    engines.all()
    gc.collect()
    gc.freeze()


def post_fork(server: object, worker: object) -> None:  # noqa: ARG001 - gunicorn's signature
    """Let the processes take turns where only one of them can write."""
    from django.db import connection

    if connection.vendor == "sqlite":
        from core.database.sqlite3.base import stand_in_line

        stand_in_line(Path(connection.settings_dict["NAME"]))

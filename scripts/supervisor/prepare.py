"""Check the settings and bring database, demo and static files up to date, starting Django once.

Run by the supervisor: `python -m scripts.supervisor.prepare [--demo]`.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrate() -> None:
    """Apply the migrations that are missing; when none is, ask nothing else of the database."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=1)


def static_signature() -> str:
    """Return a digest that changes when any static file does."""
    total = hashlib.sha256(repr(settings.STORAGES).encode())
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            total.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return total.hexdigest()


def collect_static() -> None:
    """Collect the static files when one has changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".signature"
    signature = static_signature()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == signature:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(signature, encoding="ascii")


def main() -> None:
    django.setup()
    call_command("check")
    migrate()
    if "--demo" in sys.argv[1:]:
        call_command("load_demo", if_empty=True)
    collect_static()


if __name__ == "__main__":
    main()

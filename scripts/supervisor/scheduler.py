"""Celery's scheduler without the application: `python -m scripts.supervisor.scheduler SCHEDULE`.

The schedule names its tasks and the settings route them by name, so the scheduler needs neither
Django's apps nor the tasks' modules. `celery beat` would load them all, at three times the memory.
"""

from __future__ import annotations

import sys

from celery.apps.beat import Beat

from config.celery import app


class Scheduler(Beat):
    """Celery's own scheduler; only what it imports differs."""

    def init_loader(self) -> None:
        app.finalize()


if __name__ == "__main__":
    Scheduler(app=app, quiet=True, schedule=sys.argv[1]).run()

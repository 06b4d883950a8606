"""Celery's beat with a sweep as often as SWEEP_EVERY says, so that a test need not wait 15 s."""

from __future__ import annotations

import os
import sys

from celery.__main__ import main

from config.celery import app

if __name__ == "__main__":
    every = float(os.environ["SWEEP_EVERY"])
    sweep = {**app.conf.beat_schedule["sweep-outbox"], "schedule": every}
    app.conf.beat_schedule = {"sweep-outbox": sweep}
    app.conf.beat_max_loop_interval = 1.0
    sys.exit(main())

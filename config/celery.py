"""The Celery application and what beat does, by the clock.

A Celery message is only a nudge: the database is the truth (docs/adr/0002). So results are ignored,
nothing uses an ETA, and every task here may run twice, late or not at all without harm.
"""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

app = Celery("lectern")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

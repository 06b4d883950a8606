"""The Celery application and what beat does, by the clock.

A Celery message is only a nudge: the database is the truth (docs/adr/0002). So results are ignored,
nothing uses an ETA, and every task here may run twice, late or not at all without harm.
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

app = Celery("lectern")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def check_settings(**_kwargs: Any) -> None:
    """Refuse to work with the key that stands in the source: mails would carry forgeable links."""
    from core.checks import refuse_unsafe_start  # the scheduler does without

    refuse_unsafe_start()

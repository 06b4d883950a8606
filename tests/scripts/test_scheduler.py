from __future__ import annotations

import os
import subprocess
import sys

from django.conf import settings

from config.celery import app

QUESTION = """
from scripts.supervisor.scheduler import Scheduler, app
Scheduler(app=app, quiet=True).init_loader()
from django.apps import apps
print(apps.ready, app.finalized)
"""


def test_the_scheduler_loads_no_application():
    done = subprocess.run(
        [sys.executable, "-c", QUESTION],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "False True\n"


def test_a_task_that_the_schedule_names_is_routed_by_its_name_alone():
    app.loader.import_default_modules()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        by_name = app.amqp.router.route({}, entry["task"])["queue"].name

        assert entry["task"] in app.tasks
        assert by_name in {"mail", "celery"}

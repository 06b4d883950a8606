"""Settings for work on Lectern itself: error pages with tracebacks, static files as they lie."""

from __future__ import annotations

from config.settings.base import *

DEBUG = True
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

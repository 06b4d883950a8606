"""Settings of the test suite: quick hashing, no broker, a cache in memory, mail kept in memory."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

# Each checkout has a folder of its own: two suites side by side never meet.
_checkout = hashlib.sha256(str(Path(__file__).resolve()).encode()).hexdigest()[:8]
os.environ.setdefault(
    "LECTERN_HOME", str(Path(tempfile.gettempdir()) / f"lectern-tests-{os.getuid()}-{_checkout}")
)
os.environ.setdefault("SECRET_KEY", "a-key-for-the-test-suite-and-nothing-else-0123456789")
os.environ.setdefault("LINK_KEY", "a-link-key-for-the-test-suite-and-nothing-else-0123456789")
os.environ.setdefault("TICKET_KEY", "bGVjdGVybi10ZXN0LXRpY2tldC1rZXktMzItYnl0ZXM")
os.environ.setdefault("BASE_URL", "http://testserver")

from config.settings.base import *  # noqa: E402 - the environment above must be set first

DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_BROKER_URL = "memory://"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
THROTTLE = False
# Tests change rows behind the services' backs; those of keeping say so.
FORM_KEPT_SECONDS = 0
PUBLIC_KEPT_SECONDS = 0
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": []}
ACCOUNT_RATE_LIMITS = False
LECTERN_HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns when it is missing, and warnings are errors
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not :memory:, so that threads of the concurrency tests are real writers.
    DATABASES["default"]["TEST"] = {"NAME": str(LECTERN_HOME / "test.sqlite3")}
    # A database that is thrown away has to survive no power cut.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"

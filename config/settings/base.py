"""Settings with safe production defaults, read from the environment and `.env`.

Nothing here is secret and nothing here is for one machine. `make run` writes its own secrets to
`$LECTERN_HOME/secrets.env` (mode 0600); they are read here so that every manage.py command of the
same installation uses the same keys.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

from config.settings import api, beat

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

LECTERN_HOME = Path(env.str("LECTERN_HOME", default=str(BASE_DIR / "var"))).resolve()
environ.Env.read_env(LECTERN_HOME / "secrets.env")

# The key that a checkout without any configuration would have. A system check
# (core.checks) refuses to start with it when DEBUG is off.
INSECURE_KEY = "insecure-default-key-for-development-only"

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default=INSECURE_KEY)
# Capability links have a key of their own; older keys stay valid for links already mailed.
LINK_KEY = env.str("LINK_KEY", default=SECRET_KEY)
LINK_KEYS_OLD = env.list("LINK_KEYS_OLD", default=[])
# 32 bytes, URL-safe base64: the seed of the Ed25519 key that signs ticket codes.
TICKET_KEY = env.str("TICKET_KEY", default="")

PORT = env.int("PORT", default=8000)
BASE_URL = env.str("BASE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
_base = urlsplit(BASE_URL)
IS_HTTPS = _base.scheme == "https"
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    default=sorted({_base.hostname or "localhost", "localhost", "127.0.0.1", "[::1]"}),
)
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
THROTTLE = env.str("THROTTLE", default="on") != "off"
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Whom /.well-known/security.txt names: an address or a URL; without one, the sender of our mail.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")
# The demo loads only on the embedded default (no REDIS_URL, no DATABASE_URL) or when asked for.
LECTERN_DEMO = env.bool("LECTERN_DEMO", default=False)
# False while `make run` itself keeps the Redis; the supervisor sets it for its children.
EMBEDDED = env.bool("LECTERN_EMBEDDED", default=False)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "core",
    "accounts",
    "events",
    "registrations",
    "notifications",
    "console",
    "config.apps.ConfigConfig",
]

MIDDLEWARE = [
    "core.middleware.HeadMiddleware",
    "core.middleware.RequestIdMiddleware",
    "core.middleware.TrustedProxyMiddleware",
    # Answers with all that stands below it, so it stands as high as it can.
    "events.middleware.KeptPageMiddleware",
    # Headers before static files, so that those have them as well.
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.middleware.SecurityHeadersMiddleware",
    "core.policy.KeptCSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.MetricsMiddleware",
    "core.middleware.BodyLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "core.slash.SlashMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.FormerSlugMiddleware",
    "accounts.middleware.SignInMiddleware",
    "core.middleware.PlainTextMiddleware",
    "core.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "django.template.context_processors.static",
                "config.context.site",
                "console.context.nav",
            ],
            "libraries": {"look": "config.templatetags.look"},
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database -----------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{LECTERN_HOME / 'lectern.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Django's own, but writers wait in turn and no longer than they must.
    DATABASES["default"]["ENGINE"] = "core.database.sqlite3"
    DATABASES["default"]["OPTIONS"] = {
        # Each write transaction takes the write lock at BEGIN: no upgrade, no "database is locked".
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
        ),
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
        # Django's own, but it does not ask at each request whether the connection is there.
        DATABASES["default"]["ENGINE"] = "core.database.postgresql"
# On SQLite too: opening a connection reads the whole schema and costs as much as a registration.
DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: Celery's broker and a bounded cache; neither holds anything that must not be lost ---
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "core.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "lectern",
        "TIMEOUT": 300,
        "OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2},
    }
}

# So old may be what the public form says of places left and of windows (docs/operations.md).
FORM_KEPT_SECONDS = 5
# So old may be what a public page says where nothing was written down of a change: the clock, a
# release time, another process while the cache is away.
PUBLIC_KEPT_SECONDS = 5

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900, "socket_timeout": 5}
CELERY_TASK_DEFAULT_QUEUE = "celery"
# Planning never waits behind nudges to send.
CELERY_TASK_ROUTES = {"notifications.tasks.send_due": {"queue": "mail"}}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "config.beat:Scheduler"
CELERY_BEAT_SCHEDULE = beat.SCHEDULE

# --- Mail ---------------------------------------------------------------------------------------
# Without EMAIL_URL mail goes to $LECTERN_HOME/mail/*.eml; with smtp://host:port to that server.
EMAIL_URL = env.str("EMAIL_URL", default="")
MAIL_DIR = LECTERN_HOME / "mail"
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "core.mail.FolderEmailBackend"
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default=f"lectern@{_base.hostname or 'localhost'}"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_HOST = env.str("MAIL_HOST", default=_base.hostname or "localhost")
# Single figures of sending as JSON, such as {"batch": 5}: see notifications.services.limits.
OUTBOX = env.json("OUTBOX", default={})

# --- Accounts -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_FORMS = {
    "login": "config.account_forms.SignInForm",
    "add_email": "config.account_forms.AddEmailForm",
    "change_password": "config.account_forms.ChangePasswordForm",
    "set_password": "config.account_forms.SetPasswordForm",
    "reset_password": "config.account_forms.ResetPasswordForm",
    "reset_password_from_key": "config.account_forms.ResetPasswordKeyForm",
    "reauthenticate": "config.account_forms.ReauthenticateForm",
    "request_login_code": "config.account_forms.RequestLoginCodeForm",
    "confirm_login_code": "config.account_forms.ConfirmLoginCodeForm",
}
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {} if THROTTLE else False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/manage/"
LOGOUT_REDIRECT_URL = "/accounts/login/"

# --- Languages and time -------------------------------------------------------------------------
LANGUAGE_CODE = "en"
# Bare "sr" is the first of the Serbian ones. In Cyrillic, Django's own words come from its "sr".
LANGUAGES = [
    ("en", "English"),
    ("sr-latn", "Srpski (latinica)"),
    ("sr-cyrl", "Српски (ћирилица)"),
    ("ru", "Русский"),
]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files -------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = LECTERN_HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = LECTERN_HOME / "files"
WHITENOISE_MAX_AGE = 3600

# --- Security -----------------------------------------------------------------------------------
SESSION_COOKIE_NAME = "__Host-lectern" if IS_HTTPS else "lectern"
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-lectern-csrf" if IS_HTTPS else "lectern-csrf"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "config.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = False  # the reverse proxy redirects; see docs/operations.md
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # asks for SECURE_SSL_REDIRECT
SECURE_HSTS_SECONDS = 31536000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
BODY_LIMIT = 2 * 1024 * 1024
# Where a file is uploaded, by URL name; the file goes to disk.
UPLOAD_LIMIT = 11 * 1024 * 1024
UPLOAD_ROUTES = {
    "api-programme-import-list",
    "manage-guest-import-new",
    "manage-organisation-logo",
    "manage-import-new",
    "manage-registration-answers",
    "personal-change",
    "register",
    "speaker-give",
}
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"

# --- API ----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    **api.REST_FRAMEWORK,
    "DEFAULT_THROTTLE_CLASSES": ["core.api.throttles.CallerThrottle"] if THROTTLE else [],
}
SPECTACULAR_SETTINGS = api.SPECTACULAR

# --- Logging ------------------------------------------------------------------------------------
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "core.logging.RequestIdFilter"},
        "keys": {"()": "core.logging.KeyFilter"},
    },
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id", "keys"],
        },
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        "kombu": {"level": "WARNING"},
    },
}

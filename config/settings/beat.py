"""What happens by the clock, and every how many seconds: the same in every installation."""

from __future__ import annotations

from typing import Any, Final

SCHEDULE: Final[dict[str, dict[str, Any]]] = {
    # No `expires`: it would be a moment on a clock that may differ from the workers'.
    "sweep-outbox": {
        "task": "notifications.tasks.sweep_outbox",
        "schedule": 15.0,
    },
    "plan-reminders": {
        "task": "notifications.tasks.plan_reminders",
        "schedule": 60.0,
    },
    "warn-about-standstill": {
        "task": "notifications.tasks.warn_about_standstill",
        "schedule": 60.0,
    },
    "forget-old-mail": {
        "task": "notifications.tasks.forget_old_mail",
        "schedule": 3600.0,
    },
    "resolve-instants-again": {
        "task": "events.tasks.resolve_instants_again",
        "schedule": 86400.0,
    },
    "forget-merged-people": {
        "task": "events.tasks.forget_merged_people",
        "schedule": 86400.0,
    },
    "forget-old-edits": {
        "task": "events.tasks.forget_old_edits",
        "schedule": 86400.0,
    },
    "make-donor-packs": {
        "task": "console.tasks.make_donor_packs",
        "schedule": 60.0,
    },
    "forget-old-selections": {
        "task": "events.tasks.forget_old_selections",
        "schedule": 86400.0,
    },
    "import-programmes": {
        "task": "events.tasks.import_programmes",
        "schedule": 60.0,
    },
    "import-guests": {
        "task": "registrations.tasks.import_guests",
        "schedule": 60.0,
    },
    "erase-answers": {
        "task": "registrations.tasks.erase_answers",
        "schedule": 86400.0,
    },
    "go-on-with-bulk-deeds": {
        "task": "registrations.tasks.go_on_with_bulk_deeds",
        "schedule": 60.0,
    },
    "look-after-waiting-lists": {
        "task": "registrations.tasks.look_after_waiting_lists",
        "schedule": 30.0,
    },
    "ask-who-still-comes": {
        "task": "registrations.tasks.ask_who_still_comes",
        "schedule": 60.0,
    },
    "release-places-kept-in-vain": {
        "task": "registrations.tasks.release_places_kept_in_vain",
        "schedule": 300.0,
    },
    "forget-old-sessions": {
        "task": "accounts.tasks.forget_old_sessions",
        "schedule": 86400.0,
    },
    "forget-idempotency-keys": {
        "task": "core.tasks.forget_idempotency_keys",
        "schedule": 3600.0,
    },
}

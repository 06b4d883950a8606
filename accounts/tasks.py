"""What beat asks of accounts."""

from __future__ import annotations

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore


@shared_task(name="accounts.tasks.forget_old_sessions")
def forget_old_sessions() -> None:
    """Delete sessions that have ended; a second run finds none."""
    SessionStore.clear_expired()

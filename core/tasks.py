"""What beat asks of core."""

from __future__ import annotations

from celery import shared_task

from core.services import idempotency


@shared_task(name="core.tasks.forget_idempotency_keys")
def forget_idempotency_keys() -> None:
    """Forget answers that were kept long enough; a second run finds nothing."""
    idempotency.forget_old_keys()

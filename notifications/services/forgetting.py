"""Rendered mails are kept for a month, then only the fact that they went."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from notifications.models import RenderedMail
from notifications.services.dbclock import DatabaseNow

KEPT_DAYS: Final = 30
_CHUNK: Final = 500


def forget_rendered_mails() -> int:
    """Delete rendered mails older than 30 days and return how many; a second run finds none."""
    forgotten = 0
    old = RenderedMail.objects.filter(rendered_at__lt=DatabaseNow(-KEPT_DAYS * 86400))
    while ids := list(old.values_list("pk", flat=True)[:_CHUNK]):
        with transaction.atomic():
            RenderedMail.objects.filter(pk__in=ids).delete()
        forgotten += len(ids)
    return forgotten

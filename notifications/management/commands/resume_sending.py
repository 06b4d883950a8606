"""`manage.py resume_sending`: let mail go again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core.actors import SYSTEM
from notifications.services.sending_switch import resume_sending


class Command(BaseCommand):
    help = "Let mail go again after pause_sending."

    def handle(self, *args: Any, **options: Any) -> None:
        resumed = resume_sending(actor=SYSTEM)
        self.stdout.write("Mail goes again." if resumed else "Mail was not paused.")

"""`manage.py sweep`: do once what beat does every 15 seconds."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from notifications.services.pulse import count_tries, note_sweep
from notifications.services.sweeping import sweep


class Command(BaseCommand):
    help = "Free what crashed senders hold, give up what is too late, plan what moved."

    def handle(self, *args: Any, **options: Any) -> None:
        found = sweep()
        note_sweep()
        count_tries()
        self.stdout.write(
            f"Freed {found.recovered}, given up {found.expired}, planned {found.planned}, "
            f"told {found.told}, due now {found.due}."
        )

"""`manage.py pause_sending "restored from backup"`: let no further mail leave."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.actors import SYSTEM
from notifications.services.sending_switch import pause_sending


class Command(BaseCommand):
    help = "Let no further mail leave until resume_sending. What is being given is finished."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reason", nargs="?", default="Paused from the command line")

    def handle(self, *args: Any, **options: Any) -> None:
        row = pause_sending(reason=options["reason"], actor=SYSTEM)
        self.stdout.write(f"No mail leaves: {row.reason}.")

"""`manage.py pause_sending --reason "restored from backup"`: let no further mail leave."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.actors import SYSTEM
from notifications.services.sending_switch import pause_sending


class Command(BaseCommand):
    help = (
        "Let no further mail leave until resume_sending, over every restart. What is being given "
        "to a mail server is finished."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("words", nargs="?", metavar="reason", help="why; pages say it")
        parser.add_argument("--reason", help="the same, by name")

    def handle(self, *args: Any, **options: Any) -> None:
        reason = options["reason"] or options["words"] or "Paused from the command line"
        row = pause_sending(reason=reason, actor=SYSTEM)
        self.stdout.write(f"No mail leaves: {row.reason}.")

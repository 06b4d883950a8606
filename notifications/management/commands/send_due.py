"""`manage.py send_due`: send what is due from here, without a worker."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from notifications.services.delivery import send_due_messages


class Command(BaseCommand):
    help = "Send what is due until nothing is. Any number of senders may run beside it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--seconds", type=float, default=3600.0, help="stop after so long (default: one hour)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        turn = send_due_messages(seconds=options["seconds"])
        self.stdout.write(f"Sent {turn.sent}, not sent {turn.failed}.")

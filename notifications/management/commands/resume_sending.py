"""`manage.py resume_sending`: say what goes, ask, and let mail go again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.actors import SYSTEM
from notifications.enums import MessageKind
from notifications.services.sending_switch import (
    paused_because,
    resume_sending,
    waiting_by_kind,
)


class Command(BaseCommand):
    help = "Let mail go again after pause_sending; says first what will go, and asks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        reason = paused_because()
        if reason is None:
            self.stdout.write("Mail was not paused.")
            return
        waiting = waiting_by_kind()
        self.stdout.write(f"Paused: {reason}.")
        total = sum(waiting.values())
        self.stdout.write(f"At once {'1 mail goes' if total == 1 else f'{total} mails go'}.")
        for kind, number in waiting.items():
            self.stdout.write(f"  {number:>7}  {MessageKind(kind).label}")
        if not options["yes"] and not self._agreed():
            self.stdout.write("Mail stays paused.")
            return
        resume_sending(actor=SYSTEM)
        self.stdout.write("Mail goes again.")

    def _agreed(self) -> bool:
        try:
            answer = input("Let them go? [y/N] ")
        except EOFError:
            raise CommandError("Nobody answers here. Say --yes to let mail go.") from None
        return answer.strip().lower() in {"y", "yes"}

"""`manage.py load_demo`: fill an empty installation with the demo."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from console.demo.loading import is_empty, load_demo
from core.errors import DomainError


class Command(BaseCommand):
    help = "Fill an empty installation with the demo; the sign-in stands in demo.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="do nothing when there is an organisation already",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and not is_empty():
            return
        if not (settings.LECTERN_DEMO or settings.EMBEDDED or settings.DEBUG):
            raise CommandError("The demo is for trying things out. Set LECTERN_DEMO=1 to load it.")
        try:
            facts = load_demo(timezone.now())
        except DomainError as error:
            raise CommandError(error.detail) from error
        if connection.vendor == "postgresql":
            # Autovacuum comes within a minute; until then PostgreSQL guesses how to read all that.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        if options["verbosity"] > 0:
            conference = f"{facts['url']}/{facts['organisation']}/{facts['conference']}/"
            self.stdout.write(f"The demo is there: {conference}")

"""What the test of a killed database does in that database, in processes of their own.

`python -m tests.faults.elsewhere seed 1000` makes it and a fan-out; `count` says what became of it.
"""

from __future__ import annotations

import json
import sys

import django
from django.core.management import call_command


def seed(number):
    from tests.factories.notifications import ReminderRuleFactory, conference_in, many_guests

    call_command("migrate", verbosity=0)
    conference = conference_in(days=0, hours=20)
    many_guests(conference, int(number))
    ReminderRuleFactory(conference=conference)


def count():
    from django.db.models import Count

    from notifications.models import Message

    rows = Message.objects.order_by().values_list("state").annotate(number=Count("id"))
    sys.stdout.write(json.dumps(dict(rows)))


if __name__ == "__main__":
    django.setup()
    name, *words = sys.argv[1:]
    {"seed": seed, "count": count}[name](*words)

"""People who register through the public API while its server is killed, and what they were told.

Each request has an Idempotency-Key. Every second visitor insists: without an answer the same
request goes out again until there is one. The others leave it at that.
"""

from __future__ import annotations

import http.client
import itertools
import json
import random
import threading
import time
from collections import Counter

from django.conf import settings
from django.db.models import Count

from core.models import AuditEntry, IdempotencyRecord
from notifications.models import Message
from registrations.models import Allotment, Booking, Registration

HOST = settings.BASE_URL.partition("://")[2]
CREATED = 201
LAST_ANSWER_SECONDS = 120


class Visitor(threading.Thread):
    """Registers one person after the other until it is told to stop."""

    def __init__(self, name, port, kind, *, seed, pause, insists):
        super().__init__(name=name, daemon=True)
        conference = kind.conference
        self.port, self.pause, self.insists = port, pause, insists
        self.random = random.Random(f"{seed}/{name}")  # noqa: S311 - repeatable, not secret
        self.path = (
            f"/api/v1/public/{conference.organisation.slug}/{conference.slug}/registrations/"
        )
        self.type = kind.slug
        self.codes = {}  # address -> the code that was answered
        self.unanswered = set()
        self.statuses = Counter()
        self.waits = []  # when each request was answered, and after how long
        self.asking = threading.Event()
        self.done = threading.Event()

    def run(self):
        number = 0
        while not self.done.is_set():
            number += 1
            self.register(f"{self.name}-{number}")
            self.done.wait(self.random.uniform(0, 2 * self.pause))

    def register(self, who):
        email = f"{who}@visitors.example.org"
        deadline = None
        while True:
            code = self.ask(who, email)
            if code is not None:
                self.codes[email] = code
                return
            if not self.insists:
                self.unanswered.add(email)
                return
            # It gives up only long after everything is back.
            if self.done.is_set() and deadline is None:
                deadline = time.monotonic() + LAST_ANSWER_SECONDS
            assert deadline is None or time.monotonic() < deadline, f"{who} has no answer"
            time.sleep(0.2)

    def ask(self, who, email):
        """Send the one request of this person; return the code of the answer, None without."""
        body = {
            "registration_type": self.type,
            "given_name": "Ana",
            "family_name": f"Visitor {who}",
            "email": email,
        }
        headers = {
            "Host": HOST,
            "Content-Type": "application/json",
            "Idempotency-Key": who,
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        began = time.monotonic()
        self.asking.set()
        try:
            connection.request("POST", self.path, json.dumps(body), headers)
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException):
            self.statuses["none"] += 1
            return None
        finally:
            self.asking.clear()
            connection.close()
        self.statuses[answer.status] += 1
        if answer.status != CREATED:
            return None
        now = time.monotonic()
        self.waits.append((now, now - began))
        return json.loads(said)["code"]


class Visitors:
    """`with Visitors(farm, kind, pause=…) as visitors:` has some of them at work meanwhile."""

    def __init__(self, farm, kind, *, pause, number=2):
        self.all = [
            Visitor(
                f"visitor{n}", farm.web_port, kind, seed=farm.seed, pause=pause, insists=n % 2 == 0
            )
            for n in range(number)
        ]

    def __enter__(self):
        for one in self.all:
            one.start()
        return self

    def __exit__(self, *_error):
        self.finish()

    def finish(self):
        """Let each come to an end with the person it is at."""
        for one in self.all:
            one.done.set()
        for one in self.all:
            one.join(LAST_ANSWER_SECONDS + 60)
            assert not one.is_alive(), f"{one.name} still waits for an answer"

    def wait_for_a_request(self, seconds=2.0):
        """Wait until a request is under way, so that a kill can meet it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not any(one.asking.is_set() for one in self.all):
            time.sleep(0.001)

    @property
    def codes(self):
        return {email: code for one in self.all for email, code in one.codes.items()}

    @property
    def unanswered(self):
        return {email for one in self.all for email in one.unanswered}

    @property
    def statuses(self):
        return sum((one.statuses for one in self.all), Counter())

    def p95(self, since=0.0, until=float("inf")):
        """Return within what time 95 of 100 answers came, of those that came in this time."""
        both = [pair for one in self.all for pair in one.waits]
        waits = sorted(wait for at, wait in both if since <= at < until)
        return waits[int(len(waits) * 0.95)] if waits else 0.0

    @property
    def longest_silence(self):
        """Return for how many seconds nobody got an answer that says yes."""
        moments = sorted(at for one in self.all for at, _wait in one.waits)
        return max((b - a for a, b in itertools.pairwise(moments)), default=0.0)


def count_halves(kind, visitors):
    """Return of which part there are too few or too many, by how many; nothing is half: {}.

    A registration is one row with one place, one booking, one entry of the audit, one kept answer
    and one confirmation, or nothing at all. Whoever got an answer has the one that it names.
    """
    found = Registration.objects.filter(conference=kind.conference, status="confirmed")
    rows = dict(found.values_list("email", "code"))
    codes = visitors.codes
    assert {email: rows.get(email) for email in codes} == codes
    assert set(rows) - set(codes) <= visitors.unanswered
    uids = {str(uid) for uid in found.values_list("uid", flat=True)}
    registered = AuditEntry.objects.filter(verb="register").values_list("object_uid", flat=True)
    mailed = Message.objects.filter(registration__in=found, kind="confirmation")
    (allotment,) = Allotment.objects.filter(conference=kind.conference)
    parts = {
        "places": found.annotate(number=Count("places")).filter(number=1).count(),
        "places taken": allotment.taken,
        "bookings": Booking.objects.filter(conference=kind.conference).count(),
        "entries": sum(uid in uids for uid in registered),
        "answers": IdempotencyRecord.objects.filter(status=CREATED).count(),
        "keys": IdempotencyRecord.objects.count(),
        "mails": mailed.count(),
        "people with a mail": mailed.values("registration").distinct().count(),
    }
    return {name: number - len(rows) for name, number in parts.items() if number != len(rows)}

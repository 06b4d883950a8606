"""T7: a fan-out while web, workers, beat, Redis and PostgreSQL are killed with -9, one by one and
all at once, and people register all the while. Counted at the mail server.
"""

from __future__ import annotations

import itertools
import statistics
import time
from contextlib import ExitStack

import pytest
from django.db import DatabaseError, connection

from core.actors import SYSTEM
from notifications.models import Delivery, Message
from notifications.services.outbox import retry_message
from tests.factories.notifications import ReminderRuleFactory, conference_in, many_guests
from tests.factories.registrations import RegistrationTypeFactory
from tests.faults.durable import DurableCluster, working_on
from tests.faults.farm import (
    AS_DELIVERED_SWEEP,
    FULL,
    QUICK_SWEEP,
    SENDERS,
    Farm,
    Kept,
    are_over,
    in_state,
    report,
    wait_until,
)
from tests.faults.sink import Sink
from tests.faults.visitors import Visitors, count_halves

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
MAILS = 10_000 if FULL else 1_000
# One by one: so many of each at full size, else so many of all together.
KILLS_OF_EACH = 20
KILLS = 10
ALL_AT_ONCE = 5 if FULL else 1
# Senders are what can double a mail; the others can only delay one.
WEIGHTS = {"worker": 3, "web": 2, "beat": 1, "redis": 1, "database": 1}
PAUSE = 0.1
RECOVERY_SECONDS = 60
RUN_SECONDS = 900
PATIENCE = 600 if FULL else 240


@pytest.fixture
def cluster(transactional_db):
    """A PostgreSQL that can be killed; None on SQLite, where the file stays and processes die."""
    if connection.vendor == "sqlite":
        yield None
        return
    with DurableCluster() as cluster, working_on(cluster):
        yield cluster


class Everything:
    """All programs of an installation, each killed and started by its name."""

    def __init__(self, farm, pool, cluster):
        self.farm, self.cluster = farm, cluster
        self.programs = {
            "worker": Kept(farm, "worker", lambda: farm.worker(pool)),
            "beat": Kept(farm, "beat", lambda: farm.beat("beat")),
            "web": Kept(farm, "web", farm.web),
        }
        self.names = [*self.programs, "redis", *(["database"] if cluster else [])]

    def kill(self, name):
        if name == "redis":
            self.farm.kill_redis()
        elif name == "database":
            self.cluster.kill()
            self.farm.kills["database"] += 1
        else:
            self.programs[name].kill()

    def start(self, name):
        if name == "redis":
            self.farm.start_redis()
        elif name == "database":
            self.cluster.start_again()
        else:
            self.programs[name].start()

    def hit(self, names):
        """Kill these at once and start them again, data first."""
        for name in names:
            self.kill(name)
        for name in sorted(names, key=["database", "redis", "worker", "beat", "web"].index):
            self.start(name)

    def keep(self):
        for program in self.programs.values():
            program.keep()

    def is_back(self):
        return self.farm.is_redis_up() and self.farm.has_worker() and self.farm.is_web_up()


def plan_of(names, random):
    """Return what is hit, in order: one by one at random, then all at once."""
    if FULL:
        ones = [name for name in names for _ in range(KILLS_OF_EACH)]
    else:
        weights = [WEIGHTS[name] for name in names]
        ones = [*names, *random.choices(names, weights, k=KILLS - ALL_AT_ONCE - len(names))]
    random.shuffle(ones)
    return [*([name] for name in ones), *([list(names)] * ALL_AT_ONCE)]


def answer_of(question):
    """Ask the database; one that is just being killed has no answer yet."""
    try:
        return question()
    except DatabaseError:
        connection.close()
        return None


def all_over():
    return are_over(Message.objects.filter(kind="confirmation").count() + MAILS)


def ages(sink):
    """Return how long mails waited at p50 and p99, from being due or asked for to their arrival."""
    known = dict(Message.objects.values_list("message_id", "created_at"))
    waited = sorted(mail.at - known[mail.message_id].timestamp() for mail in sink.received)
    cuts = statistics.quantiles(waited, n=100)
    return f"{cuts[49]:.1f}/{cuts[98]:.1f} s"


def silences(sink, hits):
    """Return for how long nothing arrived after each hit that met senders, before the next hit."""
    arrivals = sorted(mail.at for mail in sink.received)
    found = []
    for (hit, names), (following, _) in itertools.pairwise([*hits, (float("inf"), [])]):
        marks = [hit, *(at for at in arrivals if hit < at < following)]
        if "worker" in names:
            found.append(max((b - a for a, b in itertools.pairwise(marks)), default=0.0))
    return sorted(found)


def send_parked_again():
    """Do what an organiser does with mails whose senders were killed twice; return how many."""
    parked = list(Message.objects.filter(state="unknown"))
    assert {message.ambiguous_tries for message in parked} <= {2}
    for message in parked:
        retry_message(message=message, actor=SYSTEM)
    return len(parked)


def hit_again_and_again(everything, sink, visitors, wait_for):
    """Kill by the plan, each time after a further share of the mails; return when that was."""
    random, hits = everything.farm.random, []
    plan = plan_of(everything.names, random)
    for number, names in enumerate(plan, 1):
        share = MAILS * number // (len(plan) + 1) + random.randrange(MAILS // 100)
        wait_for(
            lambda share=share: sink.deliveries - len(visitors.codes) >= share, f"{share} mails"
        )
        if "web" in names:
            visitors.wait_for_a_request()
            time.sleep(random.uniform(0, 0.03))
        everything.hit(names)
        hits.append((time.time(), names))
    return hits


@pytest.mark.parametrize("pool", ["threads", "prefork"])
def test_t7_nothing_is_lost_when_everything_is_killed_again_and_again(pool, cluster):
    conference = conference_in(days=0, hours=20)
    many_guests(conference, MAILS)
    ReminderRuleFactory(conference=conference)
    kind = RegistrationTypeFactory(conference=conference_in(days=30), capacity=100_000)
    figures = {} if FULL else None
    every = AS_DELIVERED_SWEEP if FULL else QUICK_SWEEP
    with ExitStack() as stack:
        sink = stack.enter_context(Sink())
        farm = stack.enter_context(Farm(sink, figures=figures, sweep_every=every))
        began = time.monotonic()
        everything = Everything(farm, pool, cluster)

        def wait_for(is_true, what):
            wait_until(lambda: everything.keep() or is_true(), PATIENCE, what)

        wait_for(farm.is_web_up, "the web server")
        visitors = stack.enter_context(Visitors(farm, kind, pause=PAUSE))
        hits = hit_again_and_again(everything, sink, visitors, wait_for)
        wait_for(everything.is_back, "the last start")
        visitors.finish()
        back = time.monotonic()
        left = MAILS + len(visitors.codes) - len(sink.distinct)
        wait_for(lambda: answer_of(all_over), "the end")
        recovery, took = time.monotonic() - back, time.monotonic() - began
        parked = send_parked_again()
        wait_for(lambda: answer_of(all_over), "the end of what was parked")
        confirmations = Message.objects.filter(kind="confirmation")
        halves = count_halves(kind, visitors)
        planned = MAILS + confirmations.count()
        unconfirmed = set(visitors.codes) - {mail.recipient for mail in sink.received}
        quiet = silences(sink, hits)
        report(
            f"T7 {pool}",
            farm,
            all_at_once=ALL_AT_ONCE,
            mails=planned,
            lost=planned - len(sink.distinct),
            parked=parked,
            ended_by_themselves=dict(farm.ended),
            duplicates=sink.duplicates,
            bound=farm.senders_killed + parked,
            registered=len(visitors.codes),
            without_confirmation=len(unconfirmed),
            not_answered=len(visitors.unanswered),
            answers=dict(visitors.statuses),
            answer_p95=f"{visitors.p95():.2f} s",
            longest_without_answers=f"{visitors.longest_silence:.1f} s",
            halves=halves or 0,
            left_when_all_was_back=left,
            sent_after_that_within=f"{recovery:.1f} s",
            recovery_p50_max=f"{statistics.median(quiet):.1f}/{quiet[-1]:.1f} s",
            age_p50_p99=ages(sink),
            took=f"{took:.0f} s",
        )
    assert planned == len(sink.distinct)
    assert sink.duplicates <= farm.senders_killed + parked
    assert unconfirmed == set()
    assert halves == {}
    # A server that was killed says nothing; a database that was killed is told as such.
    assert set(visitors.statuses) <= {201, "none", *([503] if cluster else [])}
    assert in_state("sent") == Message.objects.count() == planned
    # Two kills must meet the same mail: rare, and never more than every second sender's.
    assert parked <= farm.senders_killed / 2
    # Each duplicate follows a try of which the sender could not tell the end; where the database
    # died with its sender it may not even know that there was one.
    told = Delivery.objects.filter(outcome="ambiguous").count()
    assert sink.duplicates <= told + farm.kills["database"] * SENDERS
    assert max(recovery, quiet[-1], visitors.longest_silence) <= RECOVERY_SECONDS
    assert took <= RUN_SECONDS

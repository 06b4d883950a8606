"""T12: reminders around every change of clocks by a clock that is set to those days, and programs
whose clocks are wrong.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time

import pytest
from django.conf import settings
from django.db import connection

from core.actors import SYSTEM
from core.clock import resolve_local
from events.services.conferences import change_conference
from notifications.models import Message
from notifications.services.dbclock import database_now
from notifications.services.replanning import rules_to_plan
from tests.factories.events import ConferenceFactory
from tests.factories.notifications import ReminderRuleFactory, conference_in, guests_of
from tests.faults.clock import Clock
from tests.faults.durable import DurableCluster, working_on
from tests.faults.farm import QUICK, Farm, are_over, in_state, report, wait_until
from tests.faults.sink import Sink

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ERROR_SECONDS = 60
BERLIN, NEW_YORK, LORD_HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"
# Zone, local start, offset, and when the documented rule has it leave.
TABLE = [
    (BERLIN, "2027-03-28T10:00", "-P1D", "2027-03-27T09:00"),
    (BERLIN, "2027-03-28T10:00", "-PT24H", "2027-03-27T08:00"),
    (BERLIN, "2027-10-31T10:00", "-P1D", "2027-10-30T08:00"),
    (BERLIN, "2027-10-31T10:00", "-PT24H", "2027-10-30T09:00"),
    (NEW_YORK, "2027-03-14T10:00", "-P1D", "2027-03-13T15:00"),
    (NEW_YORK, "2027-03-14T10:00", "-PT24H", "2027-03-13T14:00"),
    (NEW_YORK, "2027-11-07T10:00", "-P1D", "2027-11-06T14:00"),
    (NEW_YORK, "2027-11-07T10:00", "-PT24H", "2027-11-06T15:00"),
    (LORD_HOWE, "2027-04-04T10:00", "-P1D", "2027-04-02T23:00"),
    (LORD_HOWE, "2027-04-04T10:00", "-PT24H", "2027-04-02T23:30"),
    (LORD_HOWE, "2027-10-03T10:00", "-P1D", "2027-10-01T23:30"),
    (LORD_HOWE, "2027-10-03T10:00", "-PT24H", "2027-10-01T23:00"),
    # The time does not exist on the day before: it moves forward by what the clocks do.
    (BERLIN, "2027-03-29T02:30", "-P1D", "2027-03-28T01:30"),
    (NEW_YORK, "2027-03-15T02:30", "-P1D", "2027-03-14T07:30"),
    (LORD_HOWE, "2027-10-04T02:15", "-P1D", "2027-10-02T15:45"),
    # It exists twice: the first of the two.
    (BERLIN, "2027-11-01T02:30", "-P1D", "2027-10-31T00:30"),
    (NEW_YORK, "2027-11-08T01:30", "-P1D", "2027-11-07T05:30"),
    (LORD_HOWE, "2027-04-05T01:45", "-P1D", "2027-04-03T14:45"),
]
# Planned for Berlin, then said to be in New York: once, and by New York's clocks.
REZONED = ("2027-05-10T10:00", BERLIN, "2027-05-09T08:00", NEW_YORK, "2027-05-09T14:00")
AHEAD = dt.timedelta(seconds=5)
SKEWS = {"-10 min": -600, "-1 h": -3600, "+1 h": 3600, "+3 d": 259200}
# On SQLite a program's clock is the database's. So one that differs is the scheduler's, which has
# nothing to do with the database; on PostgreSQL it may be the senders' as well.
WRONG = ["beat", *([] if "sqlite" in settings.DATABASES["default"]["ENGINE"] else ["worker"])]


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def rule_of(zone, start, offset):
    """Return the rule of a conference with one guest."""
    local = dt.datetime.fromisoformat(start)
    end = local + dt.timedelta(hours=3)
    conference = ConferenceFactory(start_local=local, end_local=end, time_zone=zone)
    guests_of(conference)
    return ReminderRuleFactory(conference=conference, offset=offset)


@pytest.fixture
def clock(transactional_db):
    """A clock by which the programs and, on PostgreSQL, the database go."""
    with Clock() as clock:
        if connection.vendor == "sqlite":
            yield clock
            return
        with DurableCluster(clock.environment) as cluster, working_on(cluster):
            yield clock


def test_t12_each_reminder_leaves_once_at_its_moment_around_every_change_of_clocks(clock):
    plan = [(utc(due), rule_of(zone, start, offset)) for zone, start, offset, due in TABLE]
    start, zone, former, new_zone, due = REZONED
    rezoned = rule_of(zone, start, "-P1D")
    plan = sorted([*plan, (utc(due), rezoned)], key=lambda pair: pair[0])
    errors = {}
    clock.set_to(utc("2027-03-01T09:00"))
    with Sink() as sink, Farm(sink, **clock.environment) as farm:
        farm.beat()
        farm.worker()
        wait_until(lambda: not rules_to_plan(), 120, "planning")
        assert in_state("queued") == len(plan)
        for number, (moment, rule) in enumerate(plan, 1):
            if rule == rezoned:
                change_conference(
                    conference=rule.conference,
                    changes={"time_zone": new_zone},
                    expected=None,
                    actor=SYSTEM,
                )
                wait_until(lambda: in_state("sent", kind="changed_time") == 1, 60, "the news")
                # Nothing happens at the moment that it had before.
                clock.set_to(utc(former) - AHEAD)
                wait_until(lambda: clock.now() > utc(former).timestamp() + 10, 60)
                assert in_state("sent", kind="reminder") == number - 1
            clock.set_to(moment - AHEAD)
            done = {"rule": rule, "state": "sent"}
            wait_until(
                lambda done=done: Message.objects.filter(**done).exists(), 90, f"{moment} {rule.pk}"
            )
            row = Message.objects.get(rule=rule)
            (mail,) = [mail for mail in sink.received if mail.message_id == row.message_id]
            assert row.due_at == moment
            errors[rule.pk] = mail.at + clock.offset - moment.timestamp()
        found = sorted(errors.values())
        report(
            "T12 table",
            farm,
            reminders=len(plan),
            sent=in_state("sent", kind="reminder"),
            lost=len(plan) + 1 - len(sink.distinct),
            duplicates=sink.duplicates,
            error_min_p50_max=f"{found[0]:.2f}/{statistics.median(found):.2f}/{found[-1]:.2f} s",
        )
    assert found[0] >= 0
    assert found[-1] <= ERROR_SECONDS
    # Each reminder, and the news of the new zone, once.
    assert sink.deliveries == len(sink.distinct) == len(plan) + 1
    assert in_state("sent") == Message.objects.count() == len(plan) + 1


@pytest.mark.parametrize("skew", SKEWS)
@pytest.mark.parametrize("wrong", WRONG)
def test_t12_a_wrong_clock_changes_neither_leases_nor_moments(wrong, skew):
    mails = 20
    conference = conference_in(days=1, minutes=1)
    guests_of(conference, mails)
    ReminderRuleFactory(conference=conference)
    day_before = conference.start_local - dt.timedelta(days=1)
    due = resolve_local(day_before, conference.time_zone).timestamp()
    with Clock(SKEWS[skew]) as clock, Sink() as sink, Farm(sink) as farm:
        beats = {"more": clock.environment} if wrong == "beat" else {}
        works = {"more": clock.environment} if wrong == "worker" else {}
        # The first mails are held in their dialogues, well beyond a lease.
        sink.script.stages["data"] = lambda _to: time.sleep(600)
        farm.beat(**beats)
        worker = farm.worker(**works)
        wait_until(lambda: in_state("sending"), 60 + ERROR_SECONDS, "a dialogue")
        error = time.time() - due
        time.sleep(3 * QUICK["lease"])
        now = database_now()
        untils = Message.objects.filter(state="sending").values_list("lease_until", flat=True)
        leases = [(until - now).total_seconds() for until in untils]
        held = in_state("sending", "claimed")
        # Nobody took from a living sender what is its own.
        assert set(Message.objects.values_list("attempts", "lapses")) <= {(0, 0), (1, 0)}
        farm.kill(worker, "worker")
        sink.script.stages.clear()
        began = time.monotonic()
        farm.worker(**works)
        wait_until(lambda: are_over(mails), ERROR_SECONDS, "recovery")
        recovery = time.monotonic() - began
        report(
            f"T12 {wrong} {skew}",
            farm,
            mails=mails,
            error=f"{error:.1f} s",
            held=held,
            leases=f"{min(leases):.1f}..{max(leases):.1f} s",
            lost=mails - len(sink.distinct),
            duplicates=sink.duplicates,
            recovery=f"{recovery:.1f} s",
        )
    assert 0 <= error <= ERROR_SECONDS
    assert 0 < min(leases) <= max(leases) <= QUICK["lease"]
    assert (len(sink.distinct), sink.duplicates, in_state("sent")) == (mails, 0, mails)

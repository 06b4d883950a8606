"""T7, T8: a fan-out while workers, beat and Redis are killed with -9, counted at the server."""

from __future__ import annotations

import datetime as dt
import statistics
import time

import pytest

from core.actors import SYSTEM
from events.services.conferences import change_conference
from notifications.models import Delivery, Message
from notifications.services.outbox import retry_message
from notifications.services.replanning import plan_rule
from tests.factories.notifications import (
    ReminderRuleFactory,
    conference_in,
    guests_of,
    many_guests,
)
from tests.faults.farm import (
    AS_DELIVERED_SWEEP,
    FULL,
    QUICK_SWEEP,
    Farm,
    KeptWorker,
    are_over,
    in_state,
    report,
    wait_until,
)
from tests.faults.sink import Sink

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
MAILS = 10_000 if FULL else 1_000
KILLS = 20 if FULL else 10
RECOVERY_SECONDS = 60
PATIENCE = 1800 if FULL else 240


def fan_out(number):
    """Return the rule whose mails to so many guests are all due now."""
    conference = conference_in(days=0, hours=20)
    many_guests(conference, number)
    return ReminderRuleFactory(conference=conference)


def ages(sink):
    """Return how long mails waited at p50 and p99, from being due or asked for to their arrival."""
    known = dict(Message.objects.values_list("message_id", "created_at"))
    waited = sorted(mail.at - known[mail.message_id].timestamp() for mail in sink.received)
    cuts = statistics.quantiles(waited, n=100)
    return f"{cuts[49]:.1f}/{cuts[98]:.1f} s"


def send_parked_again():
    """Do what an organiser does with mails whose senders were killed twice; return how many."""
    parked = list(Message.objects.filter(state="unknown"))
    assert {message.ambiguous_tries for message in parked} <= {2}
    for message in parked:
        retry_message(message=message, actor=SYSTEM)
    return len(parked)


@pytest.mark.parametrize("pool", ["threads", "prefork"])
def test_t7_nothing_is_lost_when_everything_is_killed_again_and_again(pool):
    fan_out(MAILS)
    figures = {} if FULL else None
    every = AS_DELIVERED_SWEEP if FULL else QUICK_SWEEP
    with Sink() as sink, Farm(sink, figures=figures, sweep_every=every) as farm:
        began = time.monotonic()
        beat, worker = farm.beat(), KeptWorker(farm, pool)

        def wait_for(is_true, what):
            wait_until(lambda: worker.is_kept() and is_true(), PATIENCE, what)

        for number in range(1, KILLS + 1):
            share = MAILS * number // (KILLS + 1) + farm.random.randrange(MAILS // 100)
            wait_for(lambda share=share: sink.deliveries >= share, f"{share} mails")
            # Senders are what can double a mail; beat and Redis can only delay one.
            victim = farm.random.choices(["worker", "beat", "redis"], [3, 1, 1])[0]
            if victim == "worker":
                worker.kill()
            elif victim == "beat":
                farm.kill(beat, victim)
                beat = farm.beat()
            else:
                farm.kill_redis()
        last_start = time.monotonic()
        left = MAILS - len(sink.distinct)
        wait_for(lambda: are_over(MAILS), "the end")
        took = time.monotonic() - began
        parked = send_parked_again()
        wait_for(lambda: are_over(MAILS), "the end of what was parked")
        lost = MAILS - len(sink.distinct)
        report(
            f"T7 {pool}",
            farm,
            mails=MAILS,
            lost=lost,
            parked=parked,
            ended_by_themselves=farm.ended,
            duplicates=sink.duplicates,
            bound=farm.senders_killed + parked,
            left_after_the_last_kill=left,
            sent_after_it=f"{time.monotonic() - last_start:.1f} s",
            age_p50_p99=ages(sink),
            took=f"{took:.0f} s",
        )
    assert lost == 0
    assert sink.duplicates <= farm.senders_killed + parked
    assert in_state("sent") == MAILS
    assert Message.objects.count() == MAILS
    # Two kills must meet the same mail: rare, and never more than every second sender's.
    assert parked <= farm.senders_killed / 2
    # Each duplicate follows a try of which the sender could not tell the end.
    assert sink.duplicates <= Delivery.objects.filter(outcome="ambiguous").count()


def test_recovery_takes_less_than_a_minute_with_the_figures_as_delivered():
    """Four senders are killed in the middle of a dialogue; everything else goes on by itself."""
    mails = 12
    plan_rule(fan_out(mails).pk)
    with Sink() as sink, Farm(sink, figures={}, sweep_every=AS_DELIVERED_SWEEP) as farm:
        sink.script.stages["data"] = lambda _to: time.sleep(600)
        farm.beat()
        worker = farm.worker()
        wait_until(lambda: in_state("sending") >= 1, 60, "a dialogue")
        farm.kill(worker, "worker")
        held = in_state("sending", "claimed")
        sink.script.stages.clear()
        began = time.monotonic()
        farm.worker()
        wait_until(lambda: are_over(mails), RECOVERY_SECONDS + 30, "recovery")
        recovery = time.monotonic() - began
        report(
            "Recovery",
            farm,
            held=held,
            lost=mails - len(sink.distinct),
            duplicates=sink.duplicates,
            recovery=f"{recovery:.1f} s",
        )
    assert (len(sink.distinct), sink.duplicates) == (mails, 0)
    assert recovery <= RECOVERY_SECONDS


def test_t8_an_emptied_redis_costs_no_mail():
    mails = MAILS // 5
    fan_out(mails)
    with Sink() as sink, Farm(sink) as farm:
        farm.beat()
        farm.worker()
        for share in (mails // 4, mails // 2):
            wait_until(lambda share=share: sink.deliveries >= share, PATIENCE, f"{share} mails")
            farm.flush_redis()
        wait_until(lambda: are_over(mails), PATIENCE, "the end")
        report("T8", farm, mails=mails, flushes=2, lost=mails - len(sink.distinct),
               duplicates=sink.duplicates)  # fmt: skip
    assert (len(sink.distinct), sink.duplicates, in_state("sent")) == (mails, 0, mails)


def test_a_reminder_that_a_move_makes_due_goes_out_exactly_once_although_its_worker_is_killed():
    """The journey of issue 2: in the guest's language, with the new time."""
    conference = conference_in(days=9)
    guest = guests_of(conference, language="sr-Latn")[0]
    rule = ReminderRuleFactory(conference=conference)
    plan_rule(rule.pk)
    held = []

    def hold_the_first(_recipient):
        if not held:
            held.append(time.monotonic())
            time.sleep(600)

    with Sink() as sink, Farm(sink) as farm:
        sink.script.stages["data"] = hold_the_first
        farm.beat()
        worker = farm.worker()
        wait_until(lambda: not in_state("claimed", "sending"), 30)
        start = conference.start_local - dt.timedelta(days=8, hours=4)
        moved = change_conference(
            conference=conference,
            changes={"start_local": start, "end_local": start + dt.timedelta(hours=3)},
            expected=None,
            actor=SYSTEM,
        )
        wait_until(lambda: held, 60, "the dialogue")
        farm.kill(worker, "worker")
        farm.worker()
        wait_until(lambda: in_state("sent") == 2, 60, "both mails")
        report("A move and a kill", farm, mails=2, lost=2 - len(sink.distinct),
               duplicates=sink.duplicates)  # fmt: skip
    assert (sink.deliveries, sink.duplicates) == (2, 0)
    assert {mail.recipient for mail in sink.received} == {guest.email}
    reminder = Message.objects.get(kind="reminder", state="sent")
    assert reminder.rendered.subject.startswith(f"{_weekday(moved.start_local)}, ")
    assert f"{moved.start_local:%H:%M}" in reminder.rendered.subject


def _weekday(moment):
    days = ["Ponedeljak", "Utorak", "Sreda", "Četvrtak", "Petak", "Subota", "Nedelja"]
    return days[moment.weekday()]

"""T8 and what follows a kill: an emptied Redis, senders killed in the act, a move and a kill."""

from __future__ import annotations

import datetime as dt
import shutil
import time

import pytest

from config.beat import MOST_WAITING
from core.actors import SYSTEM
from events.services.conferences import change_conference
from notifications.models import Message
from notifications.services.replanning import plan_rule
from tests.factories.notifications import (
    ReminderRuleFactory,
    conference_in,
    guests_of,
    many_guests,
)
from tests.factories.registrations import RegistrationTypeFactory
from tests.faults.farm import (
    AS_DELIVERED_SWEEP,
    FULL,
    Farm,
    Kept,
    are_over,
    in_state,
    report,
    wait_until,
)
from tests.faults.sink import Sink
from tests.faults.visitors import Visitors

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
MAILS = 10_000 if FULL else 1_000
REDIS_UP, REDIS_DOWN = (60, 300) if FULL else (5, 10)
RECOVERY_SECONDS = 60
PATIENCE = 1800 if FULL else 240


def fan_out(number):
    """Return the rule whose mails to so many guests are all due now."""
    conference = conference_in(days=0, hours=20)
    many_guests(conference, number)
    return ReminderRuleFactory(conference=conference)


@pytest.mark.slow
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


@pytest.mark.slow
def test_t8_without_redis_people_register_as_ever_and_mail_waits():
    """Redis is killed in mid fan-out and loses all its files; it stays away for minutes."""
    kind = RegistrationTypeFactory(conference=conference_in(days=30), capacity=100_000)
    mails = MAILS // 5
    with Sink() as sink, Farm(sink) as farm:
        kept = [Kept(farm, "worker", farm.worker), Kept(farm, "beat", lambda: farm.beat("beat"))]
        farm.web()
        wait_until(farm.is_web_up, 60, "the web server")
        with Visitors(farm, kind, pause=0.2) as visitors:
            time.sleep(REDIS_UP)
            fan_out(mails)
            before = sink.deliveries
            wait_until(lambda: sink.deliveries > before + mails // 4, PATIENCE, "some mails")
            farm.kill_redis()
            shutil.rmtree(farm.folder / "appendonlydir")
            gone = time.monotonic()
            while time.monotonic() < gone + REDIS_DOWN:
                for program in kept:
                    program.keep()
                time.sleep(0.5)
            back, again = time.monotonic(), time.time()
            waiting = in_state("queued")
            farm.start_redis()

        def are_all_over():
            for program in kept:
                program.keep()
            return are_over(mails + Message.objects.filter(kind="confirmation").count())

        wait_until(are_all_over, PATIENCE, "the end")
        took = time.monotonic() - back
        recovery = min(mail.at for mail in sink.received if mail.at > again) - again
        planned = mails + len(visitors.codes)
        up, down = visitors.p95(until=gone), visitors.p95(since=gone, until=back)
        report(
            "T8 without Redis",
            farm,
            away=f"{back - gone:.0f} s",
            mails=planned,
            lost=planned - len(sink.distinct),
            duplicates=sink.duplicates,
            registered=len(visitors.codes),
            answers=dict(visitors.statuses),
            p95_with_redis=f"{up * 1000:.0f} ms",
            p95_without=f"{down * 1000:.0f} ms",
            waiting=waiting,
            goes_on_after=f"{recovery:.1f} s",
            all_over_after=f"{took:.1f} s",
        )
    assert (len(sink.distinct), in_state("sent")) == (planned, planned)
    assert sink.duplicates <= farm.senders_killed  # workers that ended by themselves: mostly none
    assert set(visitors.statuses) == {201}
    # Milliseconds are nothing on a busy machine; a wait for Redis would be ten times as long.
    assert down <= max(2 * up, 0.25)
    assert recovery <= RECOVERY_SECONDS


def test_a_beat_without_workers_fills_no_queue_and_a_late_worker_sends_all():
    mails = 50
    fan_out(mails)
    with Sink() as sink, Farm(sink, sweep_every=0.01) as farm:
        farm.beat()
        wait_until(lambda: farm.tasks_waiting() == MOST_WAITING, 60, "a full queue")
        time.sleep(2)
        waiting = farm.tasks_waiting()
        farm.worker()
        wait_until(lambda: are_over(mails), PATIENCE, "the end")
        report("A beat alone", farm, waiting=waiting, mails=mails,
               lost=mails - len(sink.distinct), duplicates=sink.duplicates)  # fmt: skip
    assert waiting == MOST_WAITING
    assert (len(sink.distinct), sink.duplicates) == (mails, 0)


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

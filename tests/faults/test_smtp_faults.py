"""T10: real workers against a server that fails at every stage; T11: a poisoned row among many."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter

import pytest
from django.utils import timezone

from notifications.models import Message
from tests.factories.notifications import (
    MessageFactory,
    ReminderRuleFactory,
    conference_in,
    guests_of,
    many_guests,
)
from tests.faults.farm import FULL, QUICK, Farm, are_over, in_state, report, wait_until
from tests.faults.sink import CLOSE, RESET, Drip, Script, Sink, self_signed

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
MAILS = 500 if FULL else 30
IMPATIENT = {"connect": 2.0, "command": 2.0, "final": 2.0}
POISONED = 10_000 if FULL else 300


@pytest.fixture
def rule():
    rule = ReminderRuleFactory(conference=conference_in(days=0, hours=20))
    many_guests(rule.conference, MAILS)
    return rule


class Times:
    """Gives an answer for the first so many times a recipient (or anybody) meets it."""

    def __init__(self, answer, times=1):
        self.answer, self.times, self.met = answer, times, Counter()

    def __call__(self, recipient):
        self.met[recipient] += 1
        return self.answer if self.met[recipient] <= self.times else None


@pytest.mark.parametrize(
    ("stage", "answer", "times"),
    [
        ("banner", "421 4.3.2 not now", 6),
        ("mail", "451 4.3.0 later", 20),
        ("rcpt", "450 4.2.1 busy", 1),
        ("rcpt", "452 4.2.2 full", 2),
        ("data", "451 4.3.0 later", 1),
        ("dot", "451 4.3.0 later", 1),
        ("body", CLOSE, 1),
        ("body", RESET, 1),
        ("rcpt", CLOSE, 1),
    ],
)
def test_t10_what_is_refused_for_now_arrives_once_after_recovery(rule, stage, answer, times):
    fault = Times(answer, times)
    with Sink(script=Script({stage: fault})) as sink, Farm(sink) as farm:
        farm.beat()
        farm.worker()
        wait_until(lambda: are_over(MAILS), 180, "the end")
        report(f"T10 {stage} {answer[:3]}", farm, mails=MAILS, refused=sum(fault.met.values()),
               lost=MAILS - len(sink.distinct), duplicates=sink.duplicates)  # fmt: skip
    assert (len(sink.distinct), sink.duplicates, in_state("sent")) == (MAILS, 0, MAILS)


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("rcpt", "550 5.1.1 no such mailbox"),
        ("rcpt", "552 5.2.2 full"),
        ("dot", "554 5.7.1 not wanted"),
        ("auth", "535 5.7.8 wrong password"),
    ],
)
def test_t10_what_is_refused_for_good_fails_once_with_its_reason(rule, stage, answer):
    script = Script({stage: answer}, extensions=("AUTH PLAIN LOGIN",))
    with Sink(script=script) as sink:
        url = f"smtp://mailer:canary-secret@127.0.0.1:{sink.port}" if stage == "auth" else sink.url
        with Farm(sink, EMAIL_URL=url) as farm:
            farm.beat()
            farm.worker()
            wait_until(lambda: are_over(MAILS), 120, "the end")
            report(f"T10 {stage} {answer[:3]}", farm, mails=MAILS, failed=in_state("failed"))
            assert "canary" not in farm.log
    rows = Message.objects.values_list("state", "attempts", "last_error")
    assert {(state, tries) for state, tries, _why in rows} == {("failed", 1)}
    assert all(why.startswith(answer) for *_rest, why in rows)


@pytest.mark.parametrize(
    ("stage", "slow"),
    [
        *((stage, None) for stage in ("banner", "ehlo", "mail", "rcpt", "data", "dot")),
        ("mail", Drip("250 one byte a second")),
    ],
)
def test_t10_a_server_that_hangs_holds_one_sender_and_the_others_go_on(rule, stage, slow):
    hung = []

    def hang(_recipient):
        if hung:
            return None
        hung.append(time.monotonic())
        if slow is None:
            time.sleep(6)
        return slow

    with Sink() as sink, Farm(sink, figures={**QUICK, **IMPATIENT}) as farm:
        sink.script.stages[stage] = hang
        farm.beat()
        farm.worker()
        wait_until(lambda: hung, 60, "the hanging")
        wait_until(lambda: sink.deliveries >= MAILS - 10, 30, "what the others send")
        others = time.monotonic() - hung[0]
        wait_until(lambda: are_over(MAILS), 60, "the end")
        name = f"T10 {stage} {'hangs' if slow is None else 'drips'}"
        report(name, farm, mails=MAILS, others_took=f"{others:.1f} s",
               lost=MAILS - len(sink.distinct), duplicates=sink.duplicates)  # fmt: skip
    assert (len(sink.distinct), in_state("sent")) == (MAILS, MAILS)
    # Only after the final dot the sender can not tell whether the server has the mail.
    assert sink.duplicates <= (1 if stage == "dot" else 0)


def test_t10_an_address_that_the_server_can_not_carry_fails_and_the_others_go_on(rule):
    guests_of(rule.conference, email="ана@example.org")
    with Sink(script=Script(extensions=("8BITMIME",))) as sink, Farm(sink) as farm:
        farm.beat()
        farm.worker()
        wait_until(lambda: are_over(MAILS + 1), 120, "the end")
        report("T10 no SMTPUTF8", farm, mails=MAILS + 1, failed=in_state("failed"),
               lost=MAILS - len(sink.distinct), duplicates=sink.duplicates)  # fmt: skip
    assert (len(sink.distinct), sink.duplicates, in_state("sent")) == (MAILS, 0, MAILS)
    (failed,) = Message.objects.filter(state="failed")
    assert (failed.to_email, failed.attempts) == ("ана@example.org", 1)
    assert "SMTPUTF8" in failed.last_error


def test_t10_no_answer_after_the_final_dot_doubles_no_more_than_it_breaks(rule):
    breaks = Times(CLOSE)
    with Sink(script=Script({"dot": breaks})) as sink, Farm(sink) as farm:
        farm.beat()
        farm.worker()
        wait_until(lambda: are_over(MAILS), 120, "the end")
        report("T10 closed after the dot", farm, mails=MAILS, breaks=len(breaks.met),
               lost=MAILS - len(sink.distinct), duplicates=sink.duplicates)  # fmt: skip
    assert len(sink.distinct) == MAILS
    assert sink.duplicates <= len(breaks.met)
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 2)}


def test_t10_a_server_that_never_answers_the_dot_parks_what_it_was_given_after_two_tries(rule):
    with Sink(script=Script({"dot": CLOSE})) as sink, Farm(sink) as farm:
        farm.beat()
        farm.worker()
        wait_until(lambda: are_over(MAILS), 120, "the end")
        report("T10 always closed after the dot", farm, mails=MAILS, unknown=in_state("unknown"),
               duplicates=sink.duplicates)  # fmt: skip
    assert set(Message.objects.values_list("state", "attempts")) == {("unknown", 2)}
    assert (len(sink.distinct), sink.duplicates) == (MAILS, MAILS)


@pytest.mark.parametrize(
    ("extensions", "stages"),
    [
        ((), {}),  # the offer was taken away on the way
        (("STARTTLS",), {"starttls": "454 4.7.0 not now"}),
        (("STARTTLS",), {}),  # a certificate that nobody trusts
    ],
)
def test_t10_without_tls_nothing_is_said_in_the_clear(rule, tmp_path, extensions, stages):
    script = Script(stages, extensions=(*extensions, "AUTH PLAIN"))
    with Sink(script=script, certificate=self_signed(tmp_path)) as sink:
        url = f"smtp+tls://mailer:canary-secret@127.0.0.1:{sink.port}"
        with Farm(sink, EMAIL_URL=url) as farm:
            farm.beat()
            farm.worker()
            wait_until(lambda: sink.connections >= 4, 60, "some tries")
            assert "canary" not in farm.log
        said = set(sink.commands)
    assert said <= {"EHLO", "STARTTLS", "QUIT"}
    assert sink.deliveries == 0
    assert not are_over(1)
    assert set(Message.objects.values_list("attempts", flat=True)) == {0}


POISONS = {
    "header": {"to_name": "Ana\r\nBcc: x@example.org"},
    "text": {"template": "no_such_text"},
    "address": {"to_email": "nobody"},
    "guest": {"registration": None},
}


def fan_out(sink, number):
    """Have so many mails sent, and return how long that took from the first arrival to the last."""
    before = sink.deliveries
    conference = conference_in(days=0, hours=20)
    many_guests(conference, number)
    rule = ReminderRuleFactory(conference=conference)
    wait_until(lambda: are_over(number, rule=rule), 1800 if FULL else 180, "the end")
    arrivals = sorted(mail.at for mail in sink.received[before:])
    return arrivals[-1] - arrivals[0]


def test_t11_one_poisoned_row_of_each_kind_stops_nobody():
    with Sink() as sink, Farm(sink) as farm:
        farm.beat()
        farm.worker()
        alone = fan_out(sink, POISONED)
        rows = {}
        for name, fields in POISONS.items():
            (guest,) = guests_of(conference_in(days=0, hours=20), status="cancelled")
            # Their moment comes first, so they stand in the way from the beginning.
            row = MessageFactory(registration=guest, due_at=timezone.now() - dt.timedelta(days=1))
            Message.objects.filter(pk=row.pk).update(**fields)
            rows[name] = row
        beside = fan_out(sink, POISONED)
        wait_until(lambda: are_over(2 * POISONED + len(rows)), 120, "the end of the poisoned")
        report("T11", farm, mails=2 * POISONED, poisoned=len(rows),
               lost=2 * POISONED - len(sink.distinct), duplicates=sink.duplicates,
               took_without=f"{alone:.1f} s", took_with=f"{beside:.1f} s",
               ratio=f"{beside / alone:.2f}")  # fmt: skip
    assert (len(sink.distinct), sink.duplicates) == (2 * POISONED, 0)
    assert in_state("sent") == 2 * POISONED
    # A fan-out of a second says nothing about time.
    assert not FULL or beside <= 1.2 * alone
    for row in rows.values():
        row.refresh_from_db()
        assert row.state == "failed"
        assert 1 <= row.attempts <= 3
        assert row.last_error

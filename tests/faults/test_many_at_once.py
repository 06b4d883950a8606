"""T9: more beats, sweepers and senders than anybody needs."""

from __future__ import annotations

import time

import pytest

from core.actors import SYSTEM
from notifications.models import Message
from registrations.services.registering import register
from tests.factories.notifications import (
    ReminderRuleFactory,
    conference_in,
    many_guests,
)
from tests.faults.farm import FULL, SENDERS, Farm, in_state, report, wait_until
from tests.faults.sink import Sink

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
SECONDS = 600 if FULL else 15
MAILS = 2_000 if FULL else 200


@pytest.mark.slow
def test_t9_two_beats_three_sweepers_and_four_senders_add_nothing():
    conference = conference_in(days=0, hours=20)
    many_guests(conference, MAILS)
    ReminderRuleFactory(conference=conference)
    kind = conference.registration_types.get()
    with Sink() as sink, Farm(sink, sweep_every=0.5) as farm:
        began = time.monotonic()
        for _ in range(2):
            farm.beat()
            farm.worker(concurrency=SENDERS // 2)
        for _ in range(3):
            farm.start("-m", "tests.faults.sweeper")
        wait_until(lambda: sink.deliveries, 60, "the first mail")
        joined = 0
        while time.monotonic() - began < SECONDS:
            register(
                conference=conference,
                type_slug=kind.slug,
                given_name="Ana",
                family_name="Late",
                email=f"late{joined}@example.org",
                language="en",
                source="organiser",
                actor=SYSTEM,
            )
            joined += 1
            time.sleep(1)
        # A confirmation each; the moment of the reminder is behind them.
        wait_until(lambda: in_state("sent") >= MAILS + joined, 180, "the end")
        time.sleep(2)
        report("T9", farm, mails=MAILS + joined, rows=Message.objects.count(),
               lost=MAILS + joined - len(sink.distinct), duplicates=sink.duplicates)  # fmt: skip
    assert (len(sink.distinct), sink.duplicates) == (MAILS + joined, 0)
    assert Message.objects.count() == MAILS + 2 * joined
    assert in_state("cancelled", cancelled_for="late") == joined

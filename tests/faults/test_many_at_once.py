"""T9: more beats, sweepers and senders than anybody needs; T13: moves in the midst of sending."""

from __future__ import annotations

import datetime as dt
import re
import time

import pytest
from django.utils import timezone

from core.actors import SYSTEM
from events.services.conferences import cancel_conference, change_conference
from notifications.models import Message, Notice
from registrations.services.registering import register
from tests.factories.notifications import (
    ReminderRuleFactory,
    conference_in,
    guests_of,
    many_guests,
)
from tests.faults.farm import FULL, SENDERS, Farm, in_state, report, wait_until
from tests.faults.sink import Sink

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
SECONDS = 600 if FULL else 15
MAILS = 2_000 if FULL else 200
MOVED = 1_000 if FULL else 24


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


def test_t13_nothing_stale_goes_out_when_conferences_move_in_the_midst():
    conferences = []
    for number in range(MOVED):
        conference = conference_in(days=0, hours=20, slug=f"moved-{number}")
        guests_of(conference, email=f"guest{number}@example.org")
        ReminderRuleFactory(conference=conference)
        conferences.append(conference)
    slow = dt.timedelta(milliseconds=100).total_seconds()
    committed = {}
    with Sink() as sink, Farm(sink) as farm:
        # Long enough between RCPT and the final dot that moves fall into dialogues, too.
        sink.script.stages["data"] = lambda _to: time.sleep(slow)
        farm.beat()
        farm.worker()
        wait_until(lambda: sink.deliveries >= MOVED // 8, 60, "the first mails")
        for number in farm.random.sample(range(MOVED), MOVED):
            conference = conferences[number]
            if number % 4 == 0:
                cancel_conference(conference=conference, expected=None, actor=SYSTEM)
            else:
                away = dt.timedelta(days=30)
                change_conference(
                    conference=conference,
                    changes={
                        "start_local": conference.start_local + away,
                        "end_local": conference.end_local + away,
                    },
                    expected=None,
                    actor=SYSTEM,
                )
            committed[f"guest{number}@example.org"] = time.time()
            time.sleep(farm.random.uniform(0, slow))
        wait_until(lambda: not Notice.objects.filter(done_at=None).exists(), 60, "telling all")
        wait_until(lambda: not in_state("queued", "claimed", "sending", due_at__lte=timezone.now()),
                   120, "the end")  # fmt: skip
        stale = [mail for mail in sink.received if _is_stale(mail, committed, slow)]
        news = [mail for mail in sink.received if _is_news(mail)]
        report("T13", farm, moved=MOVED, stale=len(stale), bound=SENDERS, news=len(news),
               duplicates=sink.duplicates)  # fmt: skip
    assert len(stale) <= SENDERS
    assert {mail.recipient for mail in news} == set(committed)
    assert (len(news), sink.duplicates) == (MOVED, 0)
    # What was not sent before is planned for the new time, and for nothing else.
    waiting = Message.objects.filter(kind="reminder", state="queued")
    assert {row.due_at > timezone.now() + dt.timedelta(days=20) for row in waiting} <= {True}


def _subject(mail):
    return re.search(rb"Subject: (.*)", mail.raw)[1].decode()


def _is_news(mail):
    return _subject(mail).startswith(("New date", "New time", "Cancelled"))


def _is_stale(mail, committed, slack):
    """Tell whether a reminder of the old time was begun after the move was committed."""
    return not _is_news(mail) and mail.at - slack > committed[mail.recipient]

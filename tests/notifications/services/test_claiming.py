"""Taking messages: who gets which, under a lease that the database's clock ends."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections import Counter

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from core.actors import SYSTEM
from notifications.enums import MessageKind, MessageState
from notifications.models import Message
from notifications.services.claiming import claim, due_messages, give_back, renew
from notifications.services.limits import Limits
from notifications.services.sending_switch import pause_sending, resume_sending
from tests.factories.notifications import (
    MessageFactory,
    ReminderRuleFactory,
    conference_in,
    guests_of,
)

FIGURES = Limits(batch=3)


def minutes(number):
    return timezone.now() + dt.timedelta(minutes=number)


def seconds_until(moment):
    return (moment - timezone.now()).total_seconds()


@pytest.mark.django_db
class TestWhatIsDue:
    def test_what_is_due_is_taken_and_nothing_else(self):
        due = MessageFactory()
        MessageFactory(due_at=minutes(1))
        MessageFactory(not_after=minutes(-1))
        for state in (MessageState.SENT, MessageState.FAILED, MessageState.UNKNOWN):
            MessageFactory(state=state, sent_at=timezone.now())
        claimed = claim(FIGURES)
        assert [row.pk for row in claimed.messages] == [due.pk]
        due.refresh_from_db()
        assert (due.state, due.lease_token) == ("claimed", claimed.token)
        assert seconds_until(due.lease_until) == pytest.approx(30, abs=3)
        assert claim(FIGURES) is None

    def test_what_somebody_waits_for_goes_before_what_is_due_longest(self):
        guest = guests_of(conference_in(), status="rejected")[0]
        old = MessageFactory(kind=MessageKind.REJECTION, registration=guest, due_at=minutes(-60))
        later, sooner = MessageFactory(due_at=minutes(-1)), MessageFactory(due_at=minutes(-2))
        assert [row.pk for row in claim(FIGURES).messages] == [sooner.pk, later.pk, old.pk]

    def test_a_batch_has_as_many_as_it_may(self):
        MessageFactory.create_batch(4)
        assert [len(claim(FIGURES).messages), len(claim(FIGURES).messages)] == [3, 1]

    def test_a_rule_s_message_goes_only_at_the_revision_of_its_conference(self):
        rule = ReminderRuleFactory()
        conference = rule.conference
        row = MessageFactory(
            kind=MessageKind.REMINDER,
            registration=guests_of(conference)[0],
            rule=rule,
            plan_revision=conference.plan_revision,
        )
        assert due_messages().get() == row
        for state, is_due in [
            ("draft", False),
            ("postponed", False),
            ("cancelled", False),
            ("archived", True),
            ("published", True),
        ]:
            type(conference).objects.update(state=state)
            assert due_messages().exists() is is_due, state
        type(conference).objects.update(plan_revision=conference.plan_revision + 1)
        assert not due_messages().exists()

    def test_while_sending_is_paused_nothing_is_taken(self):
        MessageFactory()
        pause_sending(reason="restored", actor=SYSTEM)
        assert claim(FIGURES) is None
        resume_sending(actor=SYSTEM)
        assert claim(FIGURES) is not None

    def test_the_clock_of_a_sender_does_not_count(self):
        """T12: whether a sender's machine is an hour late or three days early, nothing changes."""
        due = MessageFactory()
        MessageFactory(due_at=minutes(30))
        for away in (dt.timedelta(hours=-1), dt.timedelta(hours=1), dt.timedelta(days=3)):
            with time_machine.travel(dt.datetime.now(dt.UTC) + away, tick=False):
                claimed = claim(FIGURES)
            assert [row.pk for row in claimed.messages] == [due.pk]
            due.refresh_from_db()
            assert seconds_until(due.lease_until) == pytest.approx(30, abs=3)
            give_back(claimed.token)

    def test_nothing_due_costs_one_look_and_no_write(self, django_assert_max_num_queries):
        MessageFactory(due_at=minutes(1))
        with django_assert_max_num_queries(4) as seen:
            assert claim(FIGURES) is None
        assert not any(
            query["sql"].startswith(("UPDATE", "INSERT")) for query in seen.captured_queries
        )

    def test_a_claim_reads_what_its_rows_share_once(self, django_assert_num_queries):
        conference = conference_in()
        for number in (1, 3):
            for guest in guests_of(conference, number):
                MessageFactory(registration=guest)
            # SQLite looks before it takes the write lock.
            with django_assert_num_queries(10 if connection.vendor == "sqlite" else 9):
                claimed = claim(Limits(batch=10))
                assert len(claimed.messages) == number
                names = {row.conference.organisation.name for row in claimed.messages}
                kinds = {row.registration.registration_type.slug for row in claimed.messages}
            assert (len(names), len(kinds)) == (1, 1)


@pytest.mark.django_db
class TestLeases:
    def test_a_lease_is_renewed_while_it_is_ours(self):
        MessageFactory.create_batch(2)
        claimed = claim(FIGURES)
        Message.objects.update(lease_until=minutes(0))
        assert renew(claimed.token, FIGURES) == 2
        assert {round(seconds_until(row.lease_until), -1) for row in Message.objects.all()} == {30}
        assert renew(uuid.uuid4(), FIGURES) == 0

    def test_what_is_given_back_is_due_again(self):
        rows = MessageFactory.create_batch(2)
        claimed = claim(FIGURES)
        assert give_back(claimed.token) == 2
        assert give_back(claimed.token) == 0
        for row in rows:
            row.refresh_from_db()
            assert (row.state, row.lease_token, row.lease_until) == ("queued", None, None)


@pytest.mark.django_db(transaction=True)
def test_many_claimers_at_once_never_share_a_row():
    MessageFactory.create_batch(60)
    taken, threads = Counter(), []
    start, lock = threading.Barrier(8), threading.Lock()

    def take():
        start.wait()
        try:
            while (claimed := claim(FIGURES)) is not None:
                with lock:
                    taken.update(row.pk for row in claimed.messages)
        finally:
            connection.close()

    for _ in range(8):
        threads.append(threading.Thread(target=take))
        threads[-1].start()
    for thread in threads:
        thread.join(60)
    assert len(taken) == 60
    assert set(taken.values()) == {1}


def test_a_sender_takes_what_it_sends_in_a_second_within_bounds():
    figures = Limits()
    cases = [(25, 0.5), (25, 0.1), (100, 0.0), (25, 5.0), (1, 60.0)]
    assert [figures.next_batch(sent, seconds) for sent, seconds in cases] == [50, 100, 100, 25, 25]

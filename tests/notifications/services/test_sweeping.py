"""Putting right what was left behind, any number of times at once."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from notifications.enums import MessageKind, MessageState
from notifications.models import Message
from notifications.services.limits import Limits
from notifications.services.sweeping import Sweep, expire, plan_again, recover, sweep
from tests.factories.notifications import (
    MessageFactory,
    NoticeFactory,
    ReminderRuleFactory,
    conference_in,
    guests_of,
)

FIGURES = Limits()


def held(state, seconds=-1, **fields):
    """Return a message in the hands of a sender whose lease ended so many seconds ago."""
    return MessageFactory(
        state=state,
        lease_token=uuid.uuid4(),
        lease_until=timezone.now() + dt.timedelta(seconds=seconds),
        **fields,
    )


def again(row):
    row.refresh_from_db()
    return row


@pytest.mark.django_db
class TestRecovering:
    def test_what_was_claimed_and_not_begun_goes_to_the_end_of_the_line(self):
        old = timezone.now() - dt.timedelta(hours=2)
        row = held(MessageState.CLAIMED, due_at=old)
        assert recover(FIGURES) == 1
        assert (again(row).state, row.lease_token, row.lapses, row.attempts) == (
            "queued",
            None,
            1,
            0,
        )
        assert abs((row.due_at - timezone.now()).total_seconds()) < 5
        assert row.deliveries.count() == 0

    def test_what_was_being_sent_is_in_doubt_and_sent_once_more(self):
        row = held(MessageState.SENDING, attempts=1)
        assert recover(FIGURES) == 1
        assert (again(row).state, row.ambiguous_tries) == ("queued", 1)
        assert row.last_error == "The sender vanished while it was giving the message."
        assert list(row.deliveries.values_list("attempt", "outcome")) == [(1, "ambiguous")]
        assert row.due_at <= timezone.now()

    def test_the_second_doubt_is_left_to_the_organiser(self):
        row = held(MessageState.SENDING, attempts=2, ambiguous_tries=1)
        recover(FIGURES)
        assert (again(row).state, row.ambiguous_tries) == ("unknown", 2)

    def test_a_kind_that_must_not_come_twice_is_left_to_the_organiser_at_once(self):
        guest = guests_of(conference_in(), status="rejected")[0]
        row = held(MessageState.SENDING, kind=MessageKind.REJECTION, registration=guest)
        recover(FIGURES)
        assert again(row).state == "unknown"

    def test_a_message_that_ends_every_sender_is_given_up(self):
        row = held(MessageState.CLAIMED, lapses=9)
        recover(FIGURES)
        assert (again(row).state, row.last_error) == (
            "failed",
            "Senders vanish when they take this message.",
        )

    @pytest.mark.parametrize("state", [MessageState.CLAIMED, MessageState.SENDING])
    def test_a_lease_that_holds_is_left_alone(self, state):
        row = held(state, seconds=10)
        assert recover(FIGURES) == 0
        assert again(row).state == state


@pytest.mark.django_db
def test_what_is_too_late_expires_and_nothing_else():
    late = MessageFactory(not_after=timezone.now() - dt.timedelta(seconds=1))
    planned = MessageFactory(
        due_at=timezone.now() + dt.timedelta(days=1),
        not_after=timezone.now() - dt.timedelta(seconds=1),
    )
    others = [
        MessageFactory(),
        MessageFactory(not_after=None),
        held(MessageState.SENDING, seconds=9, not_after=timezone.now() - dt.timedelta(seconds=1)),
    ]
    assert (expire(), expire()) == (2, 0)
    assert [again(row).state for row in (late, planned, *others)] == [
        "expired",
        "expired",
        "queued",
        "queued",
        "sending",
    ]


@pytest.mark.django_db
def test_what_a_rule_planned_that_is_gone_is_taken_back():
    rule = ReminderRuleFactory()
    guests_of(rule.conference)
    sweep()
    rule.delete()
    sweep()
    row = Message.objects.get()
    assert (row.state, row.cancelled_for) == ("cancelled", "plan")


@pytest.mark.django_db
def test_one_sweep_does_it_all_and_a_second_one_finds_nothing():
    held(MessageState.CLAIMED)
    MessageFactory(not_after=timezone.now())
    soon = conference_in(days=0, hours=20)
    ReminderRuleFactory(conference=soon)
    guests_of(soon, 3)
    moved = conference_in()
    guests_of(moved, 2)
    NoticeFactory(conference=moved, facts={"former_start": "2027-03-18T10:00"})
    assert sweep() == Sweep(recovered=1, expired=1, planned=3, told=2, due=6)
    assert sweep() == Sweep(recovered=0, expired=0, planned=0, told=0, due=6)
    assert plan_again() == 0


@pytest.mark.django_db
def test_a_sweep_of_a_quiet_outbox_writes_nothing(django_assert_num_queries):
    ReminderRuleFactory(planned_revision=1)
    MessageFactory(due_at=timezone.now() + dt.timedelta(days=1))
    with django_assert_num_queries(7) as seen:
        sweep()
    assert all(query["sql"].startswith("SELECT") for query in seen.captured_queries)


@pytest.mark.django_db(transaction=True)
def test_many_sweepers_at_once_do_no_harm():
    """T9: extra rows 0, and no lapse counted twice."""
    rows = [held(MessageState.CLAIMED) for _ in range(20)]
    soon = conference_in(days=0, hours=20)
    ReminderRuleFactory(conference=soon)
    guests_of(soon, 30)
    moved = conference_in()
    guests_of(moved, 20)
    NoticeFactory(conference=moved, facts={"former_start": "2027-03-18T10:00"})
    start, errors = threading.Barrier(4), []

    def work():
        start.wait()
        try:
            sweep()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    sweep()
    assert {(again(row).state, row.lapses) for row in rows} == {("queued", 1)}
    assert Message.objects.filter(kind=MessageKind.REMINDER, state="queued").count() == 30
    assert Message.objects.filter(kind=MessageKind.CHANGED_TIME, state="queued").count() == 20
    assert Message.objects.count() == 70

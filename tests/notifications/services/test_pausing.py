"""Pausing one conference's mail: nothing of it leaves, everything else does, and it is said."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.actors import SYSTEM, Actor
from core.models import AuditEntry
from notifications.models import MailPause, Message, OutboxPulse
from notifications.services import delivery
from notifications.services.claiming import claim, due_messages
from notifications.services.delivery import send_due_messages
from notifications.services.figures import check_mail, oldest_due_seconds
from notifications.services.flow import flow_of
from notifications.services.limits import Limits
from notifications.services.pausing import (
    Waiting,
    pause_conference_mail,
    pause_of,
    pauses_of,
    resume_conference_mail,
    waiting_of,
)
from notifications.services.refusals import Refusal
from notifications.services.replanning import plan_rule
from notifications.services.sending_switch import pause_sending
from tests.factories.accounts import AccountFactory
from tests.factories.notifications import (
    MessageFactory,
    ReminderRuleFactory,
    conference_in,
    guests_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def conference():
    return conference_in()


@pytest.fixture
def mila():
    return AccountFactory(name="Mila Jović")


def message(conference, **columns):
    return MessageFactory(registration=guests_of(conference)[0], **columns)


def ago(**span):
    return timezone.now() - dt.timedelta(**span)


def pause(conference, actor=SYSTEM, reason="The room has changed"):
    return pause_conference_mail(conference=conference, reason=reason, actor=actor)


def resume(conference, **options):
    return resume_conference_mail(conference=conference, actor=SYSTEM, **options)


def test_nothing_of_it_is_claimed_and_everything_else_is(conference):
    message(conference)
    other = MessageFactory()
    pause(conference)
    assert list(due_messages()) == [other]
    assert [row.pk for row in claim(Limits()).messages] == [other.pk]
    assert claim(Limits()) is None
    resume(conference)
    assert len(claim(Limits()).messages) == 1


def test_what_is_paused_and_due_for_longer_does_not_stand_in_the_way(conference):
    for _ in range(5):
        message(conference, due_at=ago(days=1))
    other = MessageFactory()
    pause(conference)
    assert [row.pk for row in claim(Limits(batch=2)).messages] == [other.pk]


def test_a_sender_that_has_taken_it_gives_it_back(conference, transport, monkeypatch):
    rows = [message(conference) for _ in range(3)]
    refusals = []
    for name in ("begin", "hand_over"):
        real = getattr(delivery, name)

        def watched(*args, real=real):
            found = real(*args)
            refusals.append(found)
            return found

        monkeypatch.setattr(delivery, name, watched)
    transport.on_send = lambda _mail: pause(conference)
    send_due_messages()
    # PostgreSQL finds first that something has changed, and looks again.
    found = [refusal for refusal in refusals if refusal is not Refusal.UNSURE]
    assert found == [None, Refusal.PAUSED, Refusal.PAUSED]
    assert len(transport.mails) == 1
    for row in rows:
        row.refresh_from_db()
    assert [(row.state, row.attempts, row.lease_token) for row in rows] == [
        ("sent", 1, None),
        ("queued", 0, None),
        ("queued", 0, None),
    ]
    resume(conference)
    transport.on_send = lambda _mail: None
    send_due_messages()
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_rules_are_planned_meanwhile(conference, transport):
    pause(conference)
    rule = ReminderRuleFactory(conference=conference, offset="-P30D")
    guests_of(conference, 2)
    plan_rule(rule.pk)
    send_due_messages()
    assert Message.objects.filter(state="queued").count() == 2
    resume(conference)
    send_due_messages()
    assert Message.objects.filter(state="sent").count() == 2


def test_it_is_written_down_and_the_first_reason_stays(conference, mila):
    pause(conference, Actor("account", str(mila.pk)), "  Room\nchanged ")
    pause(conference, reason="again")
    row = MailPause.objects.get()
    assert (row.reason, row.paused_by) == ("Room changed", mila)
    assert pauses_of([conference]) == {conference.pk: "Room changed"}
    message(conference)
    assert resume(conference) == Waiting(due=1, stale=0)
    assert resume(conference) is None
    entries = AuditEntry.objects.order_by("id").values_list("verb", "facts")
    assert list(entries) == [
        ("pause_conference_mail", {}),
        ("resume_conference_mail", {"due": 1, "given_up": 0}),
    ]


def test_what_is_stale_is_given_up_only_when_asked_for(conference):
    reminder = message(conference, kind="reminder", plan_revision=1, due_at=ago(hours=25))
    asked_for = message(conference, due_at=ago(hours=30))
    fresh = message(conference, kind="reminder", plan_revision=1, due_at=ago(hours=23))
    message(conference, due_at=timezone.now() + dt.timedelta(hours=1))
    message(conference, due_at=ago(days=4), not_after=ago(days=1))  # expires by itself
    pause(conference)
    assert waiting_of(conference) == Waiting(due=3, stale=1)
    assert resume(conference, give_up_stale=True) == Waiting(due=2, stale=1)
    for row, state in ((reminder, "expired"), (asked_for, "queued"), (fresh, "queued")):
        row.refresh_from_db()
        assert row.state == state
    pause(conference)
    assert resume(conference) == Waiting(due=2, stale=0)


def test_a_pause_is_said_and_is_no_reason_to_be_not_ready(conference):
    message(conference, due_at=ago(hours=2))
    assert not check_mail().ok
    pause(conference)
    found = check_mail()
    assert (found.ok, found.value) == (True, 0.0)
    assert found.detail == "flows; the mail of 1 conference is paused"
    other = conference_in()
    pause(other)
    message(conference_in(), due_at=ago(minutes=6))
    found = check_mail()
    assert not found.ok
    assert found.detail.endswith("; the mail of 2 conferences is paused")


def test_what_a_pause_held_back_counts_as_late_from_its_end(conference):
    message(conference, due_at=ago(hours=2))
    pause(conference)
    resume(conference)
    assert oldest_due_seconds() < 5
    OutboxPulse.objects.update(resumed_at=ago(minutes=7))
    assert oldest_due_seconds() == pytest.approx(420, abs=5)


class TestWhatIsSaid:
    def test_since_when_by_whom_and_how_much(self, conference, mila, frozen):
        noon = dt.datetime(2027, 2, 1, 11, 12, tzinfo=dt.UTC)
        pause(conference, Actor("account", str(mila.pk)))
        MailPause.objects.update(since=noon)
        message(conference)
        message(conference)
        frozen("2027-02-01T15:00")
        assert flow_of(conference).pause_sentence == (
            "Sending is paused since 12:12 by Mila Jović: 2 messages wait."
        )
        frozen("2027-02-02T15:00")
        assert "since 1 Feb 2027, 12:12 by" in flow_of(conference).pause_sentence

    def test_by_a_program_or_the_operator(self, conference):
        assert flow_of(conference).pause_sentence == ""
        pause(conference, Actor("token", "3"))
        assert "by a program: no message waits yet." in flow_of(conference).pause_sentence
        message(conference)
        pause_sending(reason="Restored", actor=SYSTEM)
        found = flow_of(conference)
        assert found.pause_sentence.startswith("All mail of this installation is paused since ")
        assert found.pause_sentence.endswith(" by the operator: 1 message waits.")
        assert pause_of(conference).everywhere

    def test_it_costs_four_looks_at_most(self, conference, django_assert_num_queries):
        with django_assert_num_queries(4):
            flow_of(conference)
        pause(conference)
        with django_assert_num_queries(3):
            flow_of(conference)
        pause_sending(reason="Restored", actor=SYSTEM)
        with django_assert_num_queries(2):
            flow_of(conference)

"""Rows of the outbox: put in once, taken back, tried again."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.actors import SYSTEM, Actor
from core.errors import DomainError
from core.models import AuditEntry
from events.models import Conference
from notifications.enums import CancelReason, MessageKind, MessageState
from notifications.models import Message, message_uid
from notifications.services.outbox import (
    cancel_message,
    cancel_messages_of,
    queue_message,
    retry_message,
)
from notifications.services.replanning import plan_rule
from notifications.signals import messages_queued
from tests.factories.notifications import (
    MessageFactory,
    ReminderRuleFactory,
    conference_in,
    guests_of,
)

pytestmark = pytest.mark.django_db
ORGANISER = Actor("account", "7")


@pytest.fixture
def heard():
    calls = []

    def hear(**_kwargs):
        calls.append(1)

    messages_queued.connect(hear)
    yield calls
    messages_queued.disconnect(hear)


@pytest.fixture
def guest():
    return guests_of(conference_in())[0]


def queue(guest, key="confirmation:1", **fields):
    return queue_message(
        **{
            "key": key,
            "kind": MessageKind.CONFIRMATION,
            "template": "confirmation",
            "conference": guest.conference,
            "to_email": guest.email,
            "to_name": "Ana\u2028Petrović",
            "language": "sr-Latn",
            "registration": guest,
            **fields,
        }
    )


def again(row):
    row.refresh_from_db()
    return row


class TestQueueing:
    def test_a_message_is_due_now_by_the_databases_clock(self, guest, heard):
        row = queue(guest, facts={"former_start": "2027-03-18T10:00"}, sequence=3)
        assert (row.uid, row.state, row.requested) == (
            message_uid("confirmation:1"),
            "queued",
            True,
        )
        assert (row.to_name, row.language, row.facts, row.sequence) == (
            "Ana Petrović",
            "sr-Latn",
            {"former_start": "2027-03-18T10:00"},
            3,
        )
        assert abs((row.due_at - timezone.now()).total_seconds()) < 5
        assert row.not_after - row.due_at == pytest.approx(
            dt.timedelta(days=3), abs=dt.timedelta(seconds=1)
        )
        assert heard == [1]

    def test_the_same_key_again_adds_nothing_and_changes_nothing(self, guest):
        first = queue(guest)
        Message.objects.update(state=MessageState.SENT, sent_at=timezone.now())
        second = queue(guest, to_email="other@example.org")
        assert (second.pk, second.to_email, second.state) == (first.pk, guest.email, "sent")
        assert Message.objects.count() == 1

    def test_it_may_be_due_later(self, guest):
        later = timezone.now() + dt.timedelta(days=1)
        row = queue(guest, due_at=later)
        assert (row.due_at, row.not_after) == (later, later + dt.timedelta(days=3))

    @pytest.mark.parametrize("fields", [{"to_email": ""}, {"kind": "nonsense"}])
    def test_without_an_address_or_a_kind_there_is_no_message(self, guest, fields):
        with pytest.raises(ValueError, match=r"address|nonsense"):
            queue(guest, **fields)
        assert Message.objects.count() == 0

    def test_two_rows_never_share_a_key(self, guest):
        MessageFactory(key="one")
        with pytest.raises(IntegrityError), transaction.atomic():
            MessageFactory(key="one")

    @pytest.mark.parametrize(
        "fields",
        [
            {"state": "sent"},
            {"state": "cancelled"},
            {"cancelled_for": "plan"},
            {"state": "claimed"},
            {"lease_token": uuid.uuid4(), "lease_until": timezone.now()},
            {"state": "dreaming"},
            {"kind": "nonsense"},
        ],
    )
    def test_the_database_refuses_states_that_can_not_be(self, fields):
        row = MessageFactory()
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=row.pk).update(**fields)


class TestTakingBack:
    @pytest.mark.parametrize("state", ["queued", "claimed"])
    def test_what_is_not_begun_can_be_taken_back(self, state):
        lease = (
            {"lease_token": uuid.uuid4(), "lease_until": timezone.now()}
            if state == "claimed"
            else {}
        )
        row = MessageFactory(state=state, **lease)
        done = cancel_message(message=row, actor=ORGANISER)
        assert (done.state, done.cancelled_for, done.lease_token) == (
            "cancelled",
            CancelReason.ORGANISER,
            None,
        )
        entry = AuditEntry.objects.get()
        assert (entry.verb, entry.object_uid, entry.actor_id, entry.facts) == (
            "cancel_message",
            str(row.uid),
            "7",
            {"from": state, "to": "cancelled"},
        )
        assert cancel_message(message=row, actor=ORGANISER).state == "cancelled"
        assert AuditEntry.objects.count() == 1

    def test_what_a_plan_took_back_is_then_taken_back_by_hand(self):
        row = MessageFactory(state="cancelled", cancelled_for="plan")
        assert cancel_message(message=row, actor=SYSTEM).cancelled_for == CancelReason.ORGANISER

    @pytest.mark.parametrize("state", ["sending", "sent", "failed", "expired", "unknown"])
    def test_what_is_begun_or_over_can_not(self, state):
        lease = (
            {"lease_token": uuid.uuid4(), "lease_until": timezone.now()}
            if state == "sending"
            else {}
        )
        row = MessageFactory(state=state, sent_at=timezone.now(), **lease)
        with pytest.raises(DomainError) as caught:
            cancel_message(message=row, actor=ORGANISER)
        assert caught.value.kind == "wrong-state"
        assert (again(row).state, AuditEntry.objects.count()) == (state, 0)

    def test_all_of_a_registration_a_rule_or_a_conference(self, guest):
        other = guests_of(guest.conference)[0]
        rule = ReminderRuleFactory(conference=guest.conference)
        mine, theirs = MessageFactory(registration=guest), MessageFactory(registration=other)
        ruled = MessageFactory(registration=other, rule=rule, plan_revision=1, kind="reminder")
        sent = MessageFactory(registration=guest, state="sent", sent_at=timezone.now())
        foreign = MessageFactory()

        def states():
            return [again(row).state for row in (mine, theirs, ruled, sent, foreign)]

        why = CancelReason.REGISTRATION
        assert cancel_messages_of(registrations=[guest.pk], reason=why) == 1
        assert states() == ["cancelled", "queued", "queued", "sent", "queued"]
        assert cancel_messages_of(rule=rule, reason=CancelReason.PLAN) == 1
        assert states() == ["cancelled", "queued", "cancelled", "sent", "queued"]
        assert cancel_messages_of(conference=guest.conference, reason=why) == 1
        assert states() == ["cancelled", "cancelled", "cancelled", "sent", "queued"]
        with pytest.raises(ValueError, match="whose"):
            cancel_messages_of(reason=why)


class TestTryingAgain:
    @pytest.mark.parametrize("state", ["failed", "unknown", "expired"])
    def test_it_goes_out_at_once_under_the_same_message_id(self, state, heard):
        row = MessageFactory(
            state=state,
            attempts=2,
            ambiguous_tries=2,
            lapses=4,
            message_id="<first@try>",
            not_after=timezone.now() - dt.timedelta(days=1),
            due_at=timezone.now() - dt.timedelta(days=2),
        )
        done = retry_message(message=row, actor=ORGANISER)
        assert (done.state, done.attempts, done.ambiguous_tries, done.lapses) == (
            "queued",
            2,
            0,
            0,
        )
        assert done.message_id == "<first@try>"
        assert abs((done.due_at - timezone.now()).total_seconds()) < 5
        assert done.not_after > timezone.now() + dt.timedelta(hours=23)
        entry = AuditEntry.objects.get()
        assert (entry.verb, entry.facts) == ("retry_message", {"from": state, "to": "queued"})
        assert heard == [1]

    def test_it_goes_to_the_address_that_is_known_now(self):
        row = MessageFactory(state="failed")
        type(row.registration).objects.update(email="right@example.org", given_name="Mara")
        done = retry_message(message=row, actor=ORGANISER)
        assert (done.to_email, done.to_name.split()[0]) == ("right@example.org", "Mara")

    @pytest.mark.parametrize("state", ["queued", "sent", "cancelled"])
    def test_from_other_states_it_can_not(self, state, heard):
        row = MessageFactory(
            state=state,
            sent_at=timezone.now(),
            cancelled_for="plan" if state == "cancelled" else "",
        )
        with pytest.raises(DomainError) as caught:
            retry_message(message=row, actor=ORGANISER)
        assert caught.value.kind == "wrong-state"
        assert (again(row).state, AuditEntry.objects.count(), heard) == (state, 0, [])

    def test_a_reminder_is_tried_again_while_its_time_holds(self):
        rule = ReminderRuleFactory()
        guests_of(rule.conference)
        plan_rule(rule.pk)
        Message.objects.update(state="failed")
        Conference.objects.update(plan_revision=4)
        row = Message.objects.get()
        assert retry_message(message=row, actor=ORGANISER).plan_revision == 4
        Message.objects.update(state="failed", occurrence="start@2020-01-01T10:00")
        with pytest.raises(DomainError) as caught:
            retry_message(message=row, actor=ORGANISER)
        assert caught.value.kind == "wrong-state"
        assert again(row).state == "failed"

    def test_who_is_gone_keeps_the_address_that_the_row_has(self):
        row = MessageFactory(state="failed")
        Message.objects.update(registration=None)
        assert retry_message(message=row, actor=ORGANISER).to_email == row.to_email

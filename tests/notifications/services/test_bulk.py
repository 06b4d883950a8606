"""Many messages at once: exactly those that were seen, counted once, never one that is begun."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError
from core.models import AuditEntry
from events.models import Conference
from notifications.enums import CancelReason, MessageState
from notifications.models import Message
from notifications.services import bulk
from notifications.services.bulk import Selection, SentAgain, cancel_messages, retry_messages
from notifications.services.claiming import claim
from notifications.services.limits import Limits
from notifications.services.replanning import plan_rule
from notifications.signals import messages_queued
from tests.factories.notifications import (
    MessageFactory,
    ReminderRuleFactory,
    conference_in,
    guests_of,
    many_guests,
)

ORGANISER = Actor("account", "7")
ALL = Selection()


@pytest.fixture
def conference(db):
    return conference_in()


@pytest.fixture
def heard():
    calls = []

    def hear(sender, **kwargs):
        calls.append(sender)

    messages_queued.connect(hear)
    yield calls
    messages_queued.disconnect(hear)


def message(conference, **columns):
    return MessageFactory(registration=guests_of(conference)[0], **columns)


def in_hand(conference, state):
    lease = {"lease_token": uuid.uuid4(), "lease_until": timezone.now() + dt.timedelta(minutes=1)}
    return message(conference, state=state, **lease)


def states():
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def refused(call):
    with pytest.raises(DomainError) as caught:
        call()
    return caught.value


@pytest.mark.django_db
class TestTakingBack:
    def test_what_is_open_is_taken_back_and_nothing_else(self, conference):
        for state in ("queued", "queued", "failed", "sent"):
            message(conference, state=state, sent_at=timezone.now())
        for state in ("claimed", "sending"):
            in_hand(conference, state)
        MessageFactory()  # of another conference
        taken = cancel_messages(conference=conference, selection=ALL, expected=3, actor=ORGANISER)
        assert taken == 3
        assert states() == [
            "cancelled", "cancelled", "failed", "sent", "cancelled", "sending", "queued",
        ]  # fmt: skip
        found = Message.objects.filter(state="cancelled")
        assert set(found.values_list("cancelled_for", "lease_token")) == {
            (CancelReason.ORGANISER, None)
        }
        entry = AuditEntry.objects.get()
        assert (entry.verb, entry.object_type, entry.actor_id, entry.facts) == (
            "cancel_messages",
            "events.conference",
            "7",
            {"number": 3},
        )

    def test_a_filter_by_state_kind_rule_registration_and_text(self, conference):
        rule = ReminderRuleFactory(conference=conference)
        reminder = message(conference, rule=rule, plan_revision=1, kind="reminder")
        other = message(conference, to_email="find.me@example.org")
        last = message(conference, kind="pending")
        for selection, row in (
            (Selection(state="queued", kind="pending"), last),
            (Selection(rule=rule.code), reminder),
            (Selection(registration=other.registration.code, text="find.me"), other),
        ):
            cancel_messages(conference=conference, selection=selection, expected=1, actor=ORGANISER)
            row.refresh_from_db()
            assert row.state == "cancelled"
        facts = list(AuditEntry.objects.order_by("id").values_list("facts", flat=True))
        assert facts == [
            {"state": "queued", "kind": "pending", "number": 1},
            {"rule": rule.code, "number": 1},
            {"of_recipients": True, "number": 1},
        ]

    @pytest.mark.parametrize(
        ("expected", "kind", "words"),
        [
            (1, "conflict", "1 message was to be taken back, and now it would be 2."),
            (3, "conflict", "3 messages were to be taken back, and now it would be 2."),
            (0, "conflict", "0 messages were to be taken back, and now it would be 2."),
        ],
    )
    def test_a_number_that_was_not_seen_changes_nothing(self, conference, expected, kind, words):
        message(conference)
        message(conference)
        refusal = refused(
            lambda: cancel_messages(
                conference=conference, selection=ALL, expected=expected, actor=ORGANISER
            )
        )
        assert (refusal.kind, refusal.status) == (kind, 409)
        assert refusal.detail.startswith(words)
        assert (states(), AuditEntry.objects.count()) == (["queued", "queued"], 0)

    def test_where_there_is_nothing_it_says_so(self, conference):
        message(conference, state="failed")
        refusal = refused(
            lambda: cancel_messages(
                conference=conference, selection=ALL, expected=0, actor=ORGANISER
            )
        )
        assert (refusal.kind, refusal.detail) == (
            "wrong-state",
            "None of these messages can be taken back.",
        )

    def test_a_reminder_taken_back_is_not_planned_anew(self, conference):
        rule = ReminderRuleFactory(conference=conference)
        guests_of(conference, 2)
        plan_rule(rule.pk)
        cancel_messages(conference=conference, selection=ALL, expected=2, actor=ORGANISER)
        Conference.objects.update(plan_revision=9)
        plan_rule(rule.pk)
        assert states() == ["cancelled", "cancelled"]

    def test_a_thousand_cost_as_many_statements_as_three(
        self, conference, django_assert_num_queries
    ):
        for number in (3, 1000):
            first = message(conference)
            rows = [
                MessageFactory.build(
                    registration=first.registration, code=f"bulk-{number}-{n}", pk=None
                )
                for n in range(number - 1)
            ]
            Message.objects.bulk_create(rows)
            with django_assert_num_queries(4):
                taken = cancel_messages(
                    conference=conference, selection=ALL, expected=number, actor=ORGANISER
                )
            assert taken == number


@pytest.mark.django_db
class TestSendingAgain:
    def test_what_failed_came_too_late_or_is_in_doubt_goes_at_once(self, conference, heard):
        old = timezone.now() - dt.timedelta(days=2)
        later = timezone.now() + dt.timedelta(days=9)
        for state, not_after in (("failed", old), ("unknown", later), ("expired", None)):
            message(
                conference,
                state=state,
                due_at=old,
                not_after=not_after,
                ambiguous_tries=2,
                lapses=4,
                attempts=3,
                message_id=f"<{state}@x>",
            )
        for state in ("queued", "sent", "cancelled"):
            message(
                conference,
                state=state,
                sent_at=timezone.now(),
                cancelled_for="plan" if state == "cancelled" else "",
            )
        heard.clear()
        done = retry_messages(conference=conference, selection=ALL, expected=3, actor=ORGANISER)
        assert (done, len(heard)) == (SentAgain(3, 0), 1)
        rows = list(Message.objects.order_by("pk"))
        assert [row.state for row in rows] == ["queued"] * 4 + ["sent", "cancelled"]
        again = rows[:3]
        assert {(row.ambiguous_tries, row.lapses, row.attempts) for row in again} == {(0, 0, 3)}
        assert all(abs((row.due_at - timezone.now()).total_seconds()) < 5 for row in again)
        assert again[1].not_after == later
        for row in (again[0], again[2]):
            assert row.not_after > timezone.now() + dt.timedelta(hours=23)
        entry = AuditEntry.objects.get()
        assert (entry.verb, entry.facts) == ("retry_messages", {"number": 3, "left": 0})

    def test_each_goes_to_the_address_known_now(self, conference):
        moved, still = message(conference, state="failed"), message(conference, state="failed")
        type(moved.registration).objects.filter(pk=moved.registration_id).update(
            email="right@example.org", given_name="Mara"
        )
        retry_messages(conference=conference, selection=ALL, expected=2, actor=ORGANISER)
        moved.refresh_from_db()
        assert (moved.to_email, moved.to_name.split()[0]) == ("right@example.org", "Mara")
        before = still.to_email
        still.refresh_from_db()
        assert still.to_email == before

    def test_a_reminder_of_a_time_that_no_longer_holds_stays(self, conference):
        rule = ReminderRuleFactory(conference=conference)
        guests_of(conference, 3)
        plan_rule(rule.pk)
        Message.objects.update(state="failed")
        first, *_ = Message.objects.order_by("pk")
        Message.objects.filter(pk=first.pk).update(occurrence="start@2020-01-01T10:00")
        Conference.objects.update(plan_revision=4)
        conference.refresh_from_db()
        done = retry_messages(
            conference=conference,
            selection=Selection(rule=rule.code),
            expected=3,
            actor=ORGANISER,
        )
        assert done == SentAgain(number=2, left=1)
        assert states() == ["failed", "queued", "queued"]
        assert set(Message.objects.filter(state="queued").values_list("plan_revision")) == {(4,)}

    def test_a_reminder_whose_rule_is_gone_stays(self, conference):
        message(conference, state="failed", kind="reminder", plan_revision=1)
        done = retry_messages(conference=conference, selection=ALL, expected=1, actor=ORGANISER)
        assert (done, states()) == (SentAgain(0, 1), ["failed"])

    def test_a_number_that_was_not_seen_changes_nothing(self, conference, heard):
        message(conference, state="failed")
        heard.clear()
        refusal = refused(
            lambda: retry_messages(
                conference=conference, selection=ALL, expected=2, actor=ORGANISER
            )
        )
        assert (refusal.kind, states(), heard) == ("conflict", ["failed"], [])
        assert AuditEntry.objects.count() == 0

    def test_in_chunks_each_of_as_many_statements(
        self, conference, django_assert_num_queries, monkeypatch
    ):
        monkeypatch.setattr(bulk, "_CHUNK", 4)
        many_guests(conference, 9)
        rule = ReminderRuleFactory(conference=conference)
        plan_rule(rule.pk)
        Message.objects.update(state="failed")
        # Savepoint, ids, clock, rules, audit, savepoint; and two a chunk.
        with django_assert_num_queries(6 + 3 * 2):
            done = retry_messages(conference=conference, selection=ALL, expected=9, actor=ORGANISER)
        assert done == SentAgain(9, 0)


@pytest.mark.django_db(transaction=True)
def test_taking_back_beside_senders_that_claim_takes_back_all_or_nothing():
    """Whoever is quicker: a row is cancelled, or in a sender's hands, and the count is exact."""
    conference = conference_in()
    guest = guests_of(conference)[0]
    MessageFactory.create_batch(60, registration=guest)
    start, outcome, errors = threading.Barrier(4), [], []

    def work(call):
        start.wait()
        try:
            call()
        except DomainError as refusal:
            outcome.append(refusal.kind)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
            errors.append(error)
        finally:
            connection.close()

    def take():
        for _ in range(4):
            claim(Limits(batch=5))

    def cancel():
        outcome.append(
            cancel_messages(conference=conference, selection=ALL, expected=60, actor=ORGANISER)
        )

    threads = [threading.Thread(target=work, args=[call]) for call in (take, take, take, cancel)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (errors, outcome) == ([], [60])
    assert set(states()) == {MessageState.CANCELLED}

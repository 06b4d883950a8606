"""Opting out: what stops, what still goes, what comes again; nobody else is touched."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.actors import SYSTEM, Actor
from core.errors import DomainError
from core.models import AuditEntry
from core.text import email_key
from events.services.conferences import cancel_conference, change_conference
from notifications.enums import MessageKind, SuppressionReason, SuppressionScope
from notifications.models import LiftedSuppression, Message, Suppression
from notifications.services import claiming, delivery
from notifications.services.kinds import KINDS, OPTIONAL
from notifications.services.limits import limits
from notifications.services.outbox import retry_message
from notifications.services.planning import find_planned
from notifications.services.registration_mail import welcome
from notifications.services.replanning import plan_rule, plan_rules, rules_to_plan
from notifications.services.rules import change_reminder_rule
from notifications.services.suppression import (
    lift_suppression,
    opt_in_again,
    opt_out,
    suppress_by_organiser,
    suppressed_keys,
    suppressions_of,
    why_suppressed,
)
from notifications.services.sweeping import sweep
from registrations.services.cancelling import cancel_registration
from tests.factories.notifications import (
    MessageFactory,
    ReminderRuleFactory,
    conference_in,
    guests_of,
    start_of,
)

pytestmark = pytest.mark.django_db
GUEST = Actor("guest")
CONFERENCE, ORGANISATION = SuppressionScope.CONFERENCE, SuppressionScope.ORGANISATION


@pytest.fixture
def rule():
    return ReminderRuleFactory(conference=conference_in())


@pytest.fixture
def guest(rule):
    return guests_of(rule.conference, email="ana@example.org", email_key="ana@example.org")[0]


@pytest.fixture
def reminder(rule, guest):
    plan_rule(rule.pk)
    return Message.objects.get(rule=rule, registration=guest)


def stop(message, scope=CONFERENCE, reason=SuppressionReason.PREFERENCE):
    return opt_out(message=message, scope=scope, reason=reason, actor=GUEST)


def state(message):
    row = Message.objects.get(pk=message.pk)
    return (row.state, row.cancelled_for)


def make_due(message):
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now() - dt.timedelta(seconds=1))


def audited():
    verbs = ("opt_out", "opt_in_again", "suppress_by_organiser", "lift_suppression")
    return list(
        AuditEntry.objects.filter(verb__in=verbs)
        .order_by("id")
        .values_list("verb", "actor_kind", "facts")
    )


def test_what_was_asked_for_and_what_is_owed_can_not_be_opted_out_of():
    assert set(OPTIONAL) == {
        *(MessageKind.SAVE_THE_DATE, MessageKind.INVITATION),
        *(MessageKind.REMINDER, MessageKind.ANNOUNCEMENT, MessageKind.FINDINGS),
    }
    assert [kind for kind, row in KINDS.items() if row.optional and row.requested] == []


class TestOptingOut:
    def test_takes_back_what_waits_in_the_same_transaction(self, reminder, guest):
        owed = [
            MessageFactory(registration=guest, kind=kind) for kind in KINDS if kind not in OPTIONAL
        ]
        with transaction.atomic():
            row = stop(reminder)
            assert state(reminder) == ("cancelled", "suppressed")
            assert (row.email_key, row.scope, row.reason) == (
                "ana@example.org",
                "conference",
                "preference",
            )
            transaction.set_rollback(True)
        assert state(reminder) == ("queued", "")
        stop(reminder)
        assert state(reminder) == ("cancelled", "suppressed")
        assert {state(message) for message in owed} == {("queued", "")}
        assert audited() == [
            ("opt_out", "guest", {"scope": "conference", "reason": "preference", "taken_back": 1})
        ]

    def test_is_the_same_twice_and_says_so_once(self, reminder):
        first = stop(reminder)
        assert stop(reminder, reason=SuppressionReason.ONE_CLICK) == first
        assert Suppression.objects.get().reason == "preference"
        assert len(audited()) == 1

    def test_of_one_conference_leaves_the_others(self, reminder, rule):
        other = ReminderRuleFactory(
            conference=conference_in(organisation=rule.conference.organisation)
        )
        guests_of(other.conference, email="ana@example.org", email_key="ana@example.org")
        plan_rule(other.pk)
        there = Message.objects.get(rule=other)
        stop(reminder)
        assert state(there) == ("queued", "")
        stop(reminder, ORGANISATION)
        assert state(there) == ("cancelled", "suppressed")
        assert sorted(str(row.scope) for row in Suppression.objects.all()) == [
            "conference",
            "organisation",
        ]

    def test_touches_no_other_organisation_and_no_other_address(self, reminder, rule):
        elsewhere = ReminderRuleFactory(conference=conference_in())
        guests_of(elsewhere.conference, email="ana@example.org", email_key="ana@example.org")
        guests_of(rule.conference, email="anna@example.org", email_key="anna@example.org")
        plan_rules([elsewhere.pk, rule.pk])
        stop(reminder, ORGANISATION)
        left = Message.objects.exclude(pk=reminder.pk).order_by("to_email")
        assert [(m.to_email, m.state) for m in left] == [
            ("ana@example.org", "queued"),
            ("anna@example.org", "queued"),
        ]
        assert suppressed_keys(elsewhere.conference, ["ana@example.org"]) == frozenset()

    @pytest.mark.parametrize(
        "written",
        ["Ana@Example.org", "ana@bücher.example", "Ana@BÜCHER.example", "АНА@Example.org"],
    )
    def test_an_address_is_the_same_however_it_is_written(self, rule, written):
        key = email_key(written)
        guests_of(rule.conference, email=written, email_key=key)
        plan_rule(rule.pk)
        waiting = Message.objects.get()
        sent = MessageFactory(
            registration=guests_of(rule.conference)[0],
            to_email=key,
            kind="reminder",
            state="queued",
        )
        stop(sent)
        assert state(waiting) == ("cancelled", "suppressed")
        assert why_suppressed(rule.conference, written) == Suppression.objects.get()

    def test_makes_an_organisers_entry_the_readers_own_word(self, reminder, rule):
        suppress_by_organiser(
            organisation=rule.conference.organisation,
            conference=rule.conference,
            email="ana@example.org",
            note="By phone",
            actor=SYSTEM,
        )
        row = stop(reminder, reason=SuppressionReason.ONE_CLICK)
        assert (row.reason, row.by_kind, row.version) == ("one_click", "guest", 2)


class TestPlanning:
    def test_keeps_a_row_that_says_why_and_queues_nothing(self, rule, guest, reminder):
        stop(reminder)
        Message.objects.all().delete()
        assert plan_rule(rule.pk) == 1
        row = Message.objects.get()
        assert (row.state, row.cancelled_for) == ("cancelled", "suppressed")
        assert plan_rule(rule.pk) == 0

    def test_again_after_a_move_follows_the_moment_and_queues_nothing(self, rule, reminder):
        stop(reminder)
        before = find_planned(reminder).due_at
        conference = rule.conference
        conference.refresh_from_db()
        away = dt.timedelta(days=1)
        change_conference(
            conference=conference,
            changes={
                "start_local": conference.start_local + away,
                "end_local": conference.end_local + away,
            },
            expected=None,
            actor=SYSTEM,
        )
        change_reminder_rule(
            rule=rule, changes={"name": "Another name"}, expected=None, actor=SYSTEM
        )
        sweep()
        rows = Message.objects.filter(rule=rule)
        assert {(row.state, row.cancelled_for) for row in rows} == {("cancelled", "suppressed")}
        assert before + away in {row.due_at for row in rows}
        assert rules_to_plan() == []
        # What is owed to somebody with a place went into the outbox all the same.
        assert Message.objects.filter(kind="new_date", state="queued").count() == 1

    def test_who_registers_anew_is_confirmed_and_not_reminded(self, rule, reminder, guest):
        stop(reminder)
        Message.objects.all().delete()
        for is_new in (True, False):
            welcome([guest.pk], is_new=is_new)
            found = Message.objects.order_by("kind").values_list("kind", "state", "cancelled_for")
            assert list(found) == [
                ("confirmation", "queued", ""),
                ("reminder", "cancelled", "suppressed"),
            ]

    def test_asks_once_for_a_thousand(self, rule, django_assert_num_queries):
        keys = [f"guest{n}@example.org" for n in range(1000)]
        with django_assert_num_queries(1):
            assert suppressed_keys(rule.conference, keys) == frozenset()
        with django_assert_num_queries(0):
            assert suppressed_keys(rule.conference, []) == frozenset()

    def test_the_oldest_word_is_the_one_that_is_told(self, rule, reminder):
        first = stop(reminder)
        stop(reminder, ORGANISATION)
        assert suppressions_of(rule.conference, ["ana@example.org"]) == {"ana@example.org": first}
        assert why_suppressed(rule.conference, "ANA@example.org") == first
        assert why_suppressed(rule.conference, "eva@example.org") is None


class TestSending:
    def test_who_opts_out_between_claim_and_sending_gets_nothing(self, reminder, transport):
        make_due(reminder)

        def open_late():
            stop(reminder)

        transport.open = open_late
        delivery.send_due_messages()
        assert transport.mails == []
        assert state(reminder) == ("cancelled", "suppressed")

    def test_what_the_taking_back_did_not_find_is_refused_when_it_is_begun(
        self, reminder, rule, transport
    ):
        make_due(reminder)

        def open_late():
            # As from a transaction that could not see the row.
            Suppression.objects.create(
                organisation=rule.conference.organisation,
                email_key="ana@example.org",
                reason=SuppressionReason.ONE_CLICK,
                by_kind="guest",
            )

        transport.open = open_late
        delivery.send_due_messages()
        assert transport.mails == []
        assert state(reminder) == ("cancelled", "suppressed")

    def test_without_an_opt_out_the_same_mail_goes(self, reminder, transport):
        make_due(reminder)
        delivery.send_due_messages()
        assert transport.recipients == ["ana@example.org"]

    def test_what_is_being_sent_is_sent(self, reminder, transport):
        make_due(reminder)
        transport.on_send = lambda _mail: stop(reminder)
        delivery.send_due_messages()
        assert transport.recipients == ["ana@example.org"]
        assert state(reminder) == ("sent", "")

    def test_what_was_asked_for_and_what_is_owed_still_goes(self, reminder, guest, transport):
        stop(reminder, ORGANISATION)
        kinds = [MessageKind.CONFIRMATION, MessageKind.MANAGE_LINK, MessageKind.CHANGED_TIME]
        for kind in kinds:
            MessageFactory(registration=guest, kind=kind)
        delivery.send_due_messages()
        assert len(transport.mails) == 3
        cancel_registration(registration=guest, actor=SYSTEM, by_guest=True)
        delivery.send_due_messages()
        assert len(transport.mails) == 4
        sent = Message.objects.filter(state="sent").values_list("kind", flat=True)
        assert set(sent) == {*kinds, MessageKind.CANCELLATION}

    def test_a_cancelled_conference_is_told(self, reminder, rule, guest, transport):
        stop(reminder, ORGANISATION)
        cancel_conference(conference=rule.conference, expected=None, actor=SYSTEM)
        sweep()
        delivery.send_due_messages()
        assert transport.recipients == ["ana@example.org"]
        assert Message.objects.get(state="sent").kind == MessageKind.CONFERENCE_CANCELLED

    def test_nobody_sends_again_what_its_reader_does_not_want(self, reminder):
        Message.objects.filter(pk=reminder.pk).update(state="failed")
        stop(reminder)
        with pytest.raises(DomainError, match="has opted out") as refused:
            retry_message(message=reminder, actor=SYSTEM)
        assert refused.value.kind == "wrong-state"
        assert state(reminder) == ("failed", "")

    def test_a_claimed_row_is_taken_from_its_sender(self, reminder):
        make_due(reminder)
        claimed = claiming.claim(limits())
        stop(reminder)
        row = Message.objects.get(pk=reminder.pk)
        assert (row.state, row.lease_token, row.lease_until) == ("cancelled", None, None)
        assert claiming.renew(claimed.token, limits()) == 0


@pytest.mark.django_db(transaction=True)
def test_an_opt_out_that_is_committed_before_a_mail_is_begun_is_heeded(transport, monkeypatch):
    """In the narrowest place: the sender has just asked and is about to write `sending`.

    PostgreSQL lets the reader in there, and the row is no longer the sender's to begin. SQLite has
    the reader wait for the sender's commit, so the mail was being sent before anybody opted out.
    """
    reminder = MessageFactory(kind=MessageKind.REMINDER)
    committed, asked = threading.Event(), claiming.why_not

    def opt_out_elsewhere():
        try:
            stop(reminder)
            committed.set()
        finally:
            connection.close()

    reader = threading.Thread(target=opt_out_elsewhere)

    def ask(message):
        refusal = asked(message)
        reader.start()
        in_time.append(committed.wait(2))
        return refusal

    in_time = []
    monkeypatch.setattr(claiming, "why_not", ask)
    delivery.send_due_messages()
    reader.join(30)
    assert committed.is_set()
    if in_time == [True]:
        assert (transport.mails, state(reminder)) == ([], ("cancelled", "suppressed"))
    else:
        assert (len(transport.mails), state(reminder)) == (1, ("sent", ""))
    assert in_time == [connection.vendor == "postgresql"]


class TestGettingThemAgain:
    def test_what_is_still_to_come_waits_again(self, reminder, rule):
        stop(reminder)
        stop(reminder, ORGANISATION)
        assert opt_in_again(message=reminder, actor=GUEST) == 2
        assert not Suppression.objects.exists()
        assert rules_to_plan() == [rule.pk]
        sweep()
        row = Message.objects.get(pk=reminder.pk)
        assert (row.state, row.cancelled_for) == ("queued", "")
        assert row.plan_revision == rule.conference.plan_revision
        assert row.due_at == start_of(rule.conference) - dt.timedelta(days=1)
        assert [verb for verb, _kind, _facts in audited()] == ["opt_out"] * 2 + ["opt_in_again"] * 2
        assert opt_in_again(message=reminder, actor=GUEST) == 0

    def test_what_has_passed_stays_unsent_however_often_it_is_planned(self, reminder, rule, frozen):
        stop(reminder)
        frozen(start_of(rule.conference) - dt.timedelta(hours=20))
        Message.objects.filter(pk=reminder.pk).update(
            due_at=timezone.now() - dt.timedelta(days=365)  # the database has a clock of its own
        )
        opt_in_again(message=reminder, actor=GUEST)
        assert state(reminder) == ("cancelled", "suppressed")

    def test_a_rule_that_is_off_by_then_sends_nothing(self, reminder, rule, transport):
        stop(reminder)
        change_reminder_rule(rule=rule, changes={"enabled": False}, expected=None, actor=SYSTEM)
        sweep()
        opt_in_again(message=reminder, actor=GUEST)
        sweep()
        assert state(reminder) == ("cancelled", "conference")

    def test_who_gave_the_place_back_meanwhile_gets_no_reminder(self, reminder, guest):
        stop(reminder)
        cancel_registration(registration=guest, actor=SYSTEM, by_guest=True)
        opt_in_again(message=reminder, actor=GUEST)
        sweep()
        assert state(reminder) == ("cancelled", "plan")

    def test_one_that_is_left_still_holds(self, reminder, rule):
        stop(reminder)
        wide = stop(reminder, ORGANISATION)
        lift_suppression(suppression=wide, note="By phone", expected=None, actor=SYSTEM)
        assert state(reminder) == ("cancelled", "suppressed")
        narrow = Suppression.objects.get()
        lift_suppression(suppression=narrow, note="By phone", expected=None, actor=SYSTEM)
        assert state(reminder) == ("queued", "")


class TestOrganisers:
    def add(self, organisation, **more):
        fields = {"email": "Ana@Example.org", "note": "Asked by phone", "actor": SYSTEM, **more}
        return suppress_by_organiser(organisation=organisation, **fields)

    def test_put_an_address_down_with_a_reason(self, reminder, rule):
        row = self.add(rule.conference.organisation)
        assert (row.email_key, row.reason, row.note, row.scope) == (
            "ana@example.org",
            "organiser",
            "Asked by phone",
            "organisation",
        )
        assert state(reminder) == ("cancelled", "suppressed")
        assert audited() == [
            (
                "suppress_by_organiser",
                "system",
                {"scope": "organisation", "reason": "organiser", "taken_back": 1},
            )
        ]

    @pytest.mark.parametrize(
        ("given", "pointer"),
        [
            ({"email": ""}, "/email"),
            ({"email": "nobody"}, "/email"),
            ({"note": ""}, "/note"),
            ({"note": "x" * 301}, "/note"),
            ({"email": "a@b.example\nBcc: x"}, "/email"),
        ],
    )
    def test_a_refusal_leaves_nothing(self, organisation, given, pointer):
        with pytest.raises(DomainError) as refused:
            self.add(organisation, **given)
        assert [error.pointer for error in refused.value.errors] == [pointer]
        assert (Suppression.objects.count(), audited()) == (0, [])

    def test_the_same_address_stands_once_and_no_foreign_conference_does(self, organisation):
        self.add(organisation)
        with pytest.raises(DomainError) as refused:
            self.add(organisation, email="ana@example.ORG")
        assert refused.value.kind == "conflict"
        with pytest.raises(DomainError) as refused:
            self.add(organisation, conference=conference_in())
        assert refused.value.errors[0].pointer == "/conference"
        assert Suppression.objects.count() == 1

    @pytest.mark.parametrize("narrow", [True, False])
    def test_the_database_has_the_last_word(self, reminder, rule, narrow):
        fields = {
            "organisation": rule.conference.organisation,
            "conference": rule.conference if narrow else None,
            "email_key": "ana@example.org",
            "reason": SuppressionReason.ORGANISER,
            "by_kind": "system",
        }
        Suppression.objects.create(**fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            Suppression.objects.create(**fields)
        for wrong in ({"reason": "whim"}, {"email_key": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Suppression.objects.create(**{**fields, "email_key": "eva@example.org", **wrong})

    def test_lifting_somebodys_own_word_needs_a_reason(self, reminder):
        row = stop(reminder)
        with pytest.raises(DomainError, match="Ask them first") as refused:
            lift_suppression(suppression=row, note=" ", expected=row.version, actor=SYSTEM)
        assert refused.value.errors[0].pointer == "/note"
        assert (Suppression.objects.count(), LiftedSuppression.objects.count()) == (1, 0)
        lifted = lift_suppression(
            suppression=row, note="Wrote to us", expected=row.version, actor=Actor("account", "7")
        )
        assert (lifted.suppression_uid, lifted.reason, lifted.note) == (
            row.uid,
            "preference",
            "Wrote to us",
        )
        assert not Suppression.objects.exists()
        assert audited()[-1][:2] == ("lift_suppression", "account")

    def test_lifting_ones_own_entry_needs_none(self, organisation):
        row = self.add(organisation)
        lift_suppression(suppression=row, note="", expected=None, actor=SYSTEM)
        assert not Suppression.objects.exists()
        with pytest.raises(DomainError) as refused:
            lift_suppression(suppression=row, note="", expected=None, actor=SYSTEM)
        assert refused.value.kind == "not-found"

    def test_a_stale_page_lifts_nothing(self, organisation):
        row = self.add(organisation)
        with pytest.raises(DomainError) as refused:
            lift_suppression(suppression=row, note="", expected=row.version + 1, actor=SYSTEM)
        assert refused.value.kind == "stale"
        assert Suppression.objects.count() == 1

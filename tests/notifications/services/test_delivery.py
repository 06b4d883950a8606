"""Senders: what each outcome makes of a row, what is checked before, what a poisoned row does."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy

import pytest
from django.db import OperationalError
from django.utils import timezone

from core.actors import SYSTEM
from events.services.conferences import cancel_conference, change_conference
from notifications.enums import CancelReason, DeliveryOutcome, MessageKind, MessageState
from notifications.models import Delivery, Message, RenderedMail
from notifications.services import delivery
from notifications.services.delivery import send_due_messages, stopping
from notifications.services.outbox import cancel_message
from notifications.services.rendering import RenderingError
from notifications.services.sending_switch import pause_sending
from notifications.services.smtp import Verdict
from registrations.services.cancelling import cancel_registration
from registrations.services.changing import change_registration
from tests.factories.events import ParticipationFactory
from tests.factories.notifications import (
    MessageFactory,
    NoticeFactory,
    ReminderRuleFactory,
    conference_in,
    guests_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def message():
    return MessageFactory()


def again(row):
    row.refresh_from_db()
    return row


def a_second_ago():
    return timezone.now() - dt.timedelta(seconds=1)


def seconds_until(moment):
    return (moment - timezone.now()).total_seconds()


def tries_of(row):
    return list(row.deliveries.values_list("attempt", "outcome"))


def test_a_message_goes_out_once_and_everything_about_it_is_written_down(message, transport):
    turn = send_due_messages()
    assert (turn.sent, turn.failed, turn.more) == (1, 0, False)
    (mail,) = transport.mails
    row = again(message)
    assert mail.recipient == row.to_email
    assert (row.state, row.attempts, row.last_error) == (MessageState.SENT, 1, "")
    assert (row.lease_token, row.lease_until) == (None, None)
    assert row.message_id == f"<{row.uid}@testserver>"
    assert abs(seconds_until(row.sent_at)) < 5
    (tried,) = row.deliveries.all()
    assert (tried.attempt, tried.outcome, tried.detail) == (1, "accepted", "250 kept")
    assert tried.started_at <= tried.ended_at
    found = message_from_bytes(mail.raw, policy=policy.default)
    assert row.rendered.subject == found["Subject"]
    assert "⟦manage:1⟧" in row.rendered.text
    assert send_due_messages().sent == 0
    assert transport.closed == 2


def test_mails_that_somebody_waits_for_go_first(transport):
    early = timezone.now() - dt.timedelta(hours=1)
    guest = guests_of(conference_in(), status="rejected")[0]
    patient = MessageFactory(kind=MessageKind.REJECTION, registration=guest, due_at=early)
    waiting = MessageFactory()
    send_due_messages()
    assert transport.recipients == [waiting.to_email, patient.to_email]


def test_a_refusal_for_now_waits_longer_each_time(message, transport):
    for attempt, minutes in enumerate([1, 5, 15, 60, 60], start=1):
        transport.verdicts = [(DeliveryOutcome.DEFERRED, "450 later")]
        Message.objects.update(due_at=a_second_ago())
        send_due_messages()
        row = again(message)
        assert (row.state, row.attempts, row.last_error) == ("queued", attempt, "450 later")
        assert seconds_until(row.due_at) == pytest.approx(60 * minutes, abs=5)
    assert len(transport.mails) == 5


def test_a_refusal_for_good_fails_at_once_with_its_reason_and_the_others_go_on(transport):
    rows = MessageFactory.create_batch(3)
    transport.verdicts = [
        (DeliveryOutcome.ACCEPTED, "250 kept"),
        (DeliveryOutcome.REFUSED, "550 no such mailbox"),
    ]
    turn = send_due_messages()
    assert (turn.sent, turn.failed) == (2, 1)
    assert [(again(row).state, row.attempts, row.last_error) for row in rows] == [
        ("sent", 1, ""),
        ("failed", 1, "550 no such mailbox"),
        ("sent", 1, ""),
    ]


def test_what_was_lost_before_the_final_dot_is_tried_again(message, transport):
    transport.verdicts = [(DeliveryOutcome.LOST, "hung up")]
    send_due_messages()
    assert (again(message).state, message.attempts, message.ambiguous_tries) == ("queued", 1, 0)
    assert seconds_until(message.due_at) == pytest.approx(60, abs=5)


def test_what_is_in_doubt_is_sent_once_more_and_then_left_to_the_organiser(message, transport):
    transport.verdicts = [(DeliveryOutcome.AMBIGUOUS, "broke")] * 2
    send_due_messages()
    assert (again(message).state, message.ambiguous_tries) == ("queued", 1)
    Message.objects.update(due_at=a_second_ago())
    send_due_messages()
    assert (again(message).state, message.ambiguous_tries) == ("unknown", 2)
    assert {mail.message_id for mail in transport.mails} == {message.message_id}
    assert tries_of(message) == [(1, "ambiguous"), (2, "ambiguous")]


def test_a_kind_that_must_not_come_twice_is_left_to_the_organiser_at_once(transport):
    guest = guests_of(conference_in(), status="rejected")[0]
    row = MessageFactory(kind=MessageKind.REJECTION, registration=guest)
    transport.verdicts = [(DeliveryOutcome.AMBIGUOUS, "broke")]
    send_due_messages()
    assert (again(row).state, row.ambiguous_tries) == ("unknown", 1)


def test_without_a_connection_no_message_is_to_blame(transport):
    rows = MessageFactory.create_batch(3)
    transport.unreachable = Verdict(DeliveryOutcome.LOST, "No connection: refused", tried=False)
    turn = send_due_messages()
    assert (turn.sent, turn.failed, turn.more) == (0, 0, False)
    for row in rows:
        assert (again(row).state, row.attempts, row.lease_token) == ("queued", 0, None)
        assert row.last_error == "No connection: refused"
        assert seconds_until(row.due_at) == pytest.approx(20, abs=5)
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize(
    ("outcome", "state"),
    [(DeliveryOutcome.DEFERRED, "queued"), (DeliveryOutcome.REFUSED, "failed")],
)
def test_a_server_that_answers_the_call_with_no_has_tried_the_message(
    message, transport, outcome, state
):
    transport.unreachable = Verdict(outcome, "421 or 554")
    send_due_messages()
    assert (again(message).state, message.attempts) == (state, 1)
    assert tries_of(message) == [(1, outcome)]


# --- Rows that can not be made ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"to_name": "Ana\r\nBcc: x@example.org"}, "A header can not hold a line break"),
        ({"to_email": "nobody"}, "not an e-mail address"),
        ({"template": "no_such_text"}, "no text called"),
        ({"registration": None}, "no longer exists"),
    ],
)
def test_a_poisoned_row_fails_by_itself_and_never_stops_the_others(transport, fields, reason):
    poisoned, *healthy = MessageFactory.create_batch(4)
    Message.objects.filter(pk=poisoned.pk).update(**fields)
    turn = send_due_messages()
    assert (turn.sent, turn.failed) == (3, 1)
    row = again(poisoned)
    assert (row.state, row.attempts) == ("failed", 1)
    assert reason in row.last_error
    assert tries_of(row) == [(1, "broken")]
    assert {again(other).state for other in healthy} == {"sent"}


def test_an_unknown_fault_in_making_a_mail_is_tried_three_times(message, transport, monkeypatch):
    def broken(_message):
        raise KeyError("personal@example.org")

    monkeypatch.setattr(delivery, "render", broken)
    for attempt, state in enumerate(["queued", "queued", "failed"], start=1):
        Message.objects.update(due_at=a_second_ago())
        send_due_messages()
        assert (again(message).state, message.attempts) == (state, attempt)
    assert message.last_error == "It could not be made: KeyError"
    assert transport.mails == []


def test_a_mail_that_can_not_be_rendered_fails_at_once(message, transport, monkeypatch):
    def refuses(_message):
        raise RenderingError("Its facts are not in order.")

    monkeypatch.setattr(delivery, "render", refuses)
    send_due_messages()
    assert (again(message).state, message.last_error) == ("failed", "Its facts are not in order.")


# --- Looking once more before it is begun -------------------------------------------------------


def between_rendering_and_sending(monkeypatch, act):
    """Do something after a mail was rendered, once."""
    real, done = delivery.compose, []

    def compose(message, content):
        mail = real(message, content)
        if not done:
            done.append(True)
            act()
        return mail

    monkeypatch.setattr(delivery, "compose", compose)


def test_a_message_that_was_taken_back_meanwhile_does_not_go(message, transport, monkeypatch):
    between_rendering_and_sending(
        monkeypatch, lambda: cancel_message(message=message, actor=SYSTEM)
    )
    send_due_messages()
    assert (again(message).state, message.cancelled_for) == ("cancelled", CancelReason.ORGANISER)
    assert (transport.mails, message.attempts) == ([], 0)


def test_a_registration_that_was_cancelled_meanwhile_gets_only_that_news(
    message, transport, monkeypatch, outbox
):
    guest = message.registration
    between_rendering_and_sending(
        monkeypatch, lambda: cancel_registration(registration=guest, actor=SYSTEM)
    )
    send_due_messages()
    assert outbox() == [
        ("confirmation", guest.email, "cancelled"),
        ("cancellation", guest.email, "sent"),
    ]


def test_a_confirmation_is_not_sent_to_who_is_no_longer_confirmed(message, transport):
    type(message.registration).objects.update(
        status="waiting_list", waiting_since=message.created_at
    )
    send_due_messages()
    assert (again(message).state, message.cancelled_for) == (
        "cancelled",
        CancelReason.REGISTRATION,
    )
    assert transport.mails == []


def test_a_change_meanwhile_is_rendered_again(message, transport, monkeypatch):
    guest = message.registration
    between_rendering_and_sending(
        monkeypatch,
        lambda: change_registration(
            registration=guest, changes={"given_name": "Mara"}, expected=None, actor=SYSTEM
        ),
    )
    send_due_messages()
    (mail,) = transport.mails
    assert (
        "Mara"
        in message_from_bytes(mail.raw, policy=policy.default).get_body(["plain"]).get_content()
    )
    assert (again(message).state, message.attempts) == ("sent", 1)


def test_a_move_meanwhile_is_rendered_again(message, transport, monkeypatch):
    conference = message.conference
    start = conference.start_local + dt.timedelta(days=2)
    between_rendering_and_sending(
        monkeypatch,
        lambda: change_conference(
            conference=conference,
            changes={"start_local": start, "end_local": start + dt.timedelta(hours=3)},
            expected=None,
            actor=SYSTEM,
        ),
    )
    send_due_messages()
    (mail,) = transport.mails
    text = message_from_bytes(mail.raw, policy=policy.default).get_body(["plain"]).get_content()
    assert f"{start.day} {start:%B %Y}" in text


def test_a_reminder_of_a_moved_conference_waits_for_the_planner(transport, monkeypatch):
    rule = ReminderRuleFactory()
    row = MessageFactory(
        kind=MessageKind.REMINDER,
        registration=guests_of(rule.conference)[0],
        rule=rule,
        plan_revision=rule.conference.plan_revision,
    )
    between_rendering_and_sending(
        monkeypatch,
        lambda: type(rule.conference).objects.update(
            plan_revision=rule.conference.plan_revision + 1
        ),
    )
    send_due_messages()
    assert (again(row).state, row.attempts, row.lease_token) == ("queued", 0, None)
    assert transport.mails == []


def test_a_cancelled_conference_confirms_nobody(message, transport, monkeypatch):
    between_rendering_and_sending(
        monkeypatch,
        lambda: cancel_conference(conference=message.conference, expected=None, actor=SYSTEM),
    )
    send_due_messages()
    assert (again(message).state, message.cancelled_for) == ("cancelled", CancelReason.CONFERENCE)


def test_what_became_too_late_meanwhile_expires(message, transport, monkeypatch):
    between_rendering_and_sending(
        monkeypatch, lambda: Message.objects.update(not_after=a_second_ago())
    )
    send_due_messages()
    assert (again(message).state, transport.mails) == ("expired", [])


def test_a_pause_meanwhile_keeps_the_message(message, transport, monkeypatch):
    between_rendering_and_sending(
        monkeypatch, lambda: pause_sending(reason="restored", actor=SYSTEM)
    )
    send_due_messages()
    assert (again(message).state, message.attempts, transport.mails) == ("queued", 0, [])


def test_who_lost_the_lease_meanwhile_begins_nothing(message, transport, monkeypatch):
    between_rendering_and_sending(
        monkeypatch, lambda: Message.objects.update(lease_until=a_second_ago())
    )
    send_due_messages()
    assert (again(message).state, message.attempts, transport.mails) == ("claimed", 0, [])


def test_an_older_notice_gives_way_to_a_later_one(transport):
    guest = guests_of(conference_in())[0]
    rows = [
        MessageFactory(
            kind=MessageKind.CHANGED_TIME,
            registration=guest,
            occurrence=f"revision:{revision}",
            facts={"former_start": "2027-03-18T10:00"},
        )
        for revision in (2, 3)
    ]
    NoticeFactory(conference=guest.conference, revision=3)
    send_due_messages()
    assert [(again(row).state, row.cancelled_for) for row in rows] == [
        ("cancelled", CancelReason.PLAN),
        ("sent", ""),
    ]


# --- Crashes and pauses -------------------------------------------------------------------------


def test_an_outcome_is_written_down_even_if_the_database_must_come_back_first(
    message, transport, monkeypatch
):
    real, calls = delivery.settle, []

    def settle(*args, **kwargs):
        calls.append(1)
        if len(calls) < 3:
            raise OperationalError("the server closed the connection")
        return real(*args, **kwargs)

    monkeypatch.setattr(delivery, "settle", settle)
    monkeypatch.setattr(delivery, "_PAUSE", 0)
    monkeypatch.setattr(
        delivery, "connection", type("Closed", (), {"in_atomic_block": False, "close": lambda: 0})
    )
    send_due_messages()
    assert (again(message).state, len(calls), len(transport.mails)) == ("sent", 3, 1)


def test_a_process_that_ends_finishes_the_mail_in_hand_and_gives_back_the_others(transport):
    rows = MessageFactory.create_batch(3)
    transport.on_send = lambda _mail: stopping.set()
    try:
        turn = send_due_messages()
    finally:
        stopping.clear()
    assert turn.sent == 1
    assert [(again(row).state, row.lease_token, row.attempts) for row in rows] == [
        ("sent", None, 1),
        ("queued", None, 0),
        ("queued", None, 0),
    ]


def test_a_turn_ends_and_says_that_more_is_due(transport, settings):
    settings.OUTBOX = {"batch": 2}
    MessageFactory.create_batch(3)
    turn = send_due_messages(seconds=0)
    assert (turn.sent, turn.more) == (2, True)
    turn = send_due_messages(seconds=0)
    assert (turn.sent, turn.more) == (1, False)


def test_a_lease_lost_during_the_dialogue_changes_nothing_any_more(message, transport):
    def somebody_else(_mail):
        Message.objects.update(state="queued", lease_token=None, lease_until=None)

    transport.on_send = somebody_else
    send_due_messages(seconds=0)
    assert [row.outcome for row in message.deliveries.all()][:1] == ["accepted"]
    assert again(message).state in {"queued", "sent"}


def test_a_second_try_replaces_what_was_kept_of_the_first(message, transport):
    transport.verdicts = [(DeliveryOutcome.DEFERRED, "450 later")]
    send_due_messages()
    RenderedMail.objects.update(subject="The first try")
    Message.objects.update(due_at=a_second_ago())
    send_due_messages()
    assert RenderedMail.objects.count() == 1
    assert RenderedMail.objects.get().subject != "The first try"


# --- Reminders are sent to who still belongs to the audience ------------------------------------


def reminder(rule, **fields):
    return MessageFactory(
        kind=MessageKind.REMINDER,
        rule=rule,
        conference=rule.conference,
        plan_revision=rule.conference.plan_revision,
        **fields,
    )


@pytest.mark.parametrize(
    ("audience", "status", "state"),
    [
        ("attendees", "confirmed", "sent"),
        ("attendees", "waiting_list", "cancelled"),
        ("waiting_list", "waiting_list", "sent"),
        ("waiting_list", "confirmed", "cancelled"),
    ],
)
def test_a_reminder_goes_to_guests_of_its_audience_only(transport, audience, status, state):
    rule = ReminderRuleFactory(audience=audience)
    row = reminder(rule, registration=guests_of(rule.conference, status=status)[0])
    send_due_messages()
    assert again(row).state == state


@pytest.mark.parametrize(("part", "state"), [("confirmed", "sent"), ("declined", "cancelled")])
def test_a_speaker_s_reminder_goes_while_they_speak(transport, part, state):
    rule = ReminderRuleFactory(audience="speakers", template="practical")
    speaks = ParticipationFactory(session__conference=rule.conference, state=part)
    row = reminder(
        rule,
        registration=None,
        person=speaks.person,
        participation=speaks,
        to_email=speaks.person.email,
        to_name="Ana",
    )
    send_due_messages()
    assert again(row).state == state


def test_a_speaker_s_reminder_goes_to_the_assistant_that_they_have_by_now(transport):
    rule = ReminderRuleFactory(audience="speakers", template="practical")
    speaks = ParticipationFactory(session__conference=rule.conference)
    row = reminder(
        rule,
        registration=None,
        person=speaks.person,
        participation=speaks,
        to_email=speaks.person.email,
        to_name="Ana",
    )
    speaks.person.assistants.create(name="Iva", email="iva@example.org")
    send_due_messages()
    assert transport.recipients == ["iva@example.org"]
    assert (again(row).state, row.to_email) == ("sent", "iva@example.org")


def test_a_reminder_whose_rule_is_gone_is_taken_back(transport):
    rule = ReminderRuleFactory()
    row = reminder(rule, registration=guests_of(rule.conference)[0])
    rule.delete()
    send_due_messages()
    assert (again(row).state, row.cancelled_for) == ("cancelled", CancelReason.REGISTRATION)


def test_a_row_that_is_deleted_meanwhile_is_nobodys_business(transport, monkeypatch):
    row = MessageFactory()
    between_rendering_and_sending(monkeypatch, lambda: Message.objects.all().delete())
    turn = send_due_messages()
    assert (turn.sent, turn.failed, transport.mails) == (0, 0, [])
    assert not Message.objects.filter(pk=row.pk).exists()


def test_a_database_that_forgot_the_beginning_still_learns_the_end(message, transport):
    """PostgreSQL may forget in a crash that a message was begun, never that it was claimed."""

    def forget(_mail):
        Message.objects.update(state="claimed", attempts=0, message_id="")

    transport.on_send = forget
    send_due_messages()
    assert (again(message).state, message.attempts) == ("sent", 1)
    assert message.message_id == f"<{message.uid}@testserver>"

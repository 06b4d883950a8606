"""What an operator watches."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.actors import SYSTEM
from core.health import run_checks
from core.metrics import exposition
from core.models import AuditEntry
from notifications.enums import DeliveryOutcome
from notifications.models import Message, SendingSwitch
from notifications.services.delivery import send_due_messages
from notifications.services.figures import check_mail, mail_figures, oldest_due_seconds
from notifications.services.pausing import pause_conference_mail
from notifications.services.sending_switch import (
    pause_sending,
    paused_because,
    resume_sending,
)
from notifications.services.smtp import Verdict
from tests.factories.notifications import MessageFactory, conference_in

pytestmark = pytest.mark.django_db


def minutes_ago(number):
    return timezone.now() - dt.timedelta(minutes=number)


class TestHealth:
    def test_nothing_waits(self):
        MessageFactory(due_at=minutes_ago(-1))
        MessageFactory(state="sent", sent_at=timezone.now(), due_at=minutes_ago(60))
        found = check_mail()
        assert (found.ok, found.detail, found.value) == (True, "flows", 0.0)

    def test_the_oldest_that_waits_counts(self):
        MessageFactory(due_at=minutes_ago(1))
        MessageFactory(due_at=minutes_ago(4), kind="reminder", plan_revision=1)
        assert oldest_due_seconds() == pytest.approx(240, abs=10)
        assert check_mail().ok

    def test_mail_that_waits_for_long_is_not_in_order(self):
        MessageFactory(due_at=minutes_ago(6))
        found = run_checks()["mail"]
        assert not found.ok
        assert found.value == pytest.approx(360, abs=10)

    def test_what_is_put_off_while_no_server_answers_counts_from_when_it_was_due(self, transport):
        MessageFactory(due_at=minutes_ago(6))
        transport.unreachable = Verdict(DeliveryOutcome.LOST, "No connection", tried=False)
        for _ in range(2):
            send_due_messages()
            Message.objects.update(due_at=minutes_ago(0.1))
        Message.objects.update(due_at=minutes_ago(-1))
        assert oldest_due_seconds() == pytest.approx(360, abs=10)
        assert not check_mail().ok
        transport.unreachable = None
        Message.objects.update(due_at=minutes_ago(1))
        send_due_messages()
        assert (oldest_due_seconds(), check_mail().ok) == (0.0, True)

    def test_a_pause_is_in_order(self):
        MessageFactory(due_at=minutes_ago(60))
        pause_sending(reason="restored", actor=SYSTEM)
        assert (check_mail().ok, check_mail().detail) == (True, "sending is paused")


def test_figures_of_the_outbox(django_assert_num_queries):
    for number in (1, 2):
        MessageFactory.create_batch(number)
        MessageFactory(state="failed", kind="rejection")
        MessageFactory(state="sent", sent_at=timezone.now())
        with django_assert_num_queries(11):
            found = {figure.name: figure.samples for figure in mail_figures()}
    assert found["outbox_messages"] == {
        ("queued",): 3,
        ("claimed",): 0,
        ("sending",): 0,
        ("failed",): 2,
        ("unknown",): 0,
    }
    assert (found["outbox_paused"], found["outbox_paused_conferences"]) == ({(): 0}, {(): 0})
    assert 0 < found["outbox_oldest_due_seconds"][()] < 60
    pause_sending(reason="restored", actor=SYSTEM)
    pause_conference_mail(conference=conference_in(), reason="moved", actor=SYSTEM)
    found = {figure.name: figure.samples for figure in mail_figures()}
    assert (found["outbox_paused"], found["outbox_paused_conferences"]) == ({(): 1}, {(): 1})


def test_figures_stand_in_the_metrics(transport):
    MessageFactory()
    send_due_messages()
    MessageFactory()
    call_command("sweep")
    text = exposition()[0].decode()
    for line in (
        'lectern_outbox_messages{state="queued"} 1.0',
        'lectern_outbox_sent_total{kind="confirmation"} 1.0',
        'lectern_outbox_failed_total{kind="reminder"} 0.0',
        'lectern_outbox_ambiguous_total{kind="confirmation"} 0.0',
        'lectern_outbox_deferred_total{kind="confirmation"} 0.0',
        "lectern_outbox_paused 0.0",
        'lectern_check_ok{check="mail"} 1.0',
        "lectern_outbox_oldest_due_seconds ",
        "lectern_outbox_swept_seconds ",
    ):
        assert f"\n{line}" in text, line


class TestSwitch:
    def test_a_pause_is_written_down_and_the_first_reason_stays(self):
        pause_sending(reason="Restored\nfrom Monday", actor=SYSTEM)
        pause_sending(reason="again", actor=SYSTEM)
        assert (SendingSwitch.objects.count(), paused_because()) == (1, "Restored from Monday")
        assert [row.verb for row in AuditEntry.objects.all()] == ["pause_sending"]

    def test_mail_goes_again_and_is_woken(self):
        assert resume_sending(actor=SYSTEM) is False
        pause_sending(reason="", actor=SYSTEM)
        assert paused_because() == "Paused"
        assert resume_sending(actor=SYSTEM) is True
        assert paused_because() is None


class TestCommands:
    def test_pausing_sending_and_sweeping(self, transport, capsys):
        MessageFactory()
        call_command("pause_sending", "restored")
        call_command("send_due")
        call_command("sweep")
        call_command("resume_sending", "--yes")
        call_command("resume_sending")
        call_command("send_due", "--seconds", "5")
        assert capsys.readouterr().out.splitlines() == [
            "No mail leaves: restored.",
            "Sent 0, not sent 0.",
            "Freed 0, given up 0, planned 0, told 0, due now 0.",
            "Paused: restored.",
            "At once 1 mail goes.",
            "        1  Confirmation",
            "Mail goes again.",
            "Mail was not paused.",
            "Sent 1, not sent 0.",
        ]

    def test_resuming_says_what_goes_by_kind_and_asks(self, capsys, monkeypatch):
        MessageFactory.create_batch(2)
        MessageFactory(kind="reminder", plan_revision=1)
        MessageFactory(due_at=minutes_ago(-1))
        MessageFactory(state="failed")
        MessageFactory(not_after=minutes_ago(1))
        held_back = MessageFactory().conference
        pause_conference_mail(conference=held_back, reason="moved", actor=SYSTEM)
        call_command("pause_sending", reason="by name")
        for answer, words, paused in (
            ("n", "Mail stays paused.", "by name"),
            ("", "Mail stays paused.", "by name"),
            ("Yes", "Mail goes again.", None),
        ):
            monkeypatch.setattr("builtins.input", lambda _question, answer=answer: answer)
            capsys.readouterr()
            call_command("resume_sending")
            assert capsys.readouterr().out.splitlines() == [
                "Paused: by name.",
                "At once 3 mails go.",
                "        2  Confirmation",
                "        1  Reminder",
                words,
            ]
            assert paused_because() == paused

    def test_where_nobody_answers_mail_stays_paused(self, monkeypatch):
        def nobody(_question):
            raise EOFError

        monkeypatch.setattr("builtins.input", nobody)
        call_command("pause_sending")
        with pytest.raises(CommandError, match="--yes"):
            call_command("resume_sending")
        assert paused_because() == "Paused from the command line"

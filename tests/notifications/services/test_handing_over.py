"""Between two mails of a claim there is one commit: the one went out, the other is begun."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import OperationalError, connection, transaction

from core.actors import SYSTEM
from events.models import Conference
from events.services.conferences import cancel_conference, change_conference
from notifications.enums import DeliveryOutcome, MessageKind
from notifications.models import Delivery, Message
from notifications.services import delivery
from notifications.services.delivery import send_due_messages, stopping
from notifications.services.outbox import cancel_message
from notifications.services.smtp import Verdict
from registrations.services.cancelling import cancel_registration
from tests.factories.notifications import MessageFactory, conference_in, guests_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    """Three confirmations of one conference, all due."""
    guests = guests_of(conference_in(), 3)
    return [MessageFactory(registration=guest) for guest in guests]


def states():
    return list(Message.objects.order_by("id").values_list("state", flat=True))


def tries():
    return list(Delivery.objects.order_by("id").values_list("message_id", "attempt", "outcome"))


def during(transport, number, act):
    """Do something while the mail of this number (from 1) is with the server."""
    transport.on_send = lambda _mail: act() if len(transport.mails) == number else None


def watch(monkeypatch):
    """Return a list that grows by each commit's kind."""
    seen = []
    for name in ("begin", "settle", "hand_over"):
        real = getattr(delivery, name)

        def watched(*args, name=name, real=real, **kwargs):
            seen.append(name)
            return real(*args, **kwargs)

        monkeypatch.setattr(delivery, name, watched)
    return seen


def test_each_mail_is_sent_after_its_begin_and_before_the_next_one_is_begun(
    rows, transport, monkeypatch
):
    commits, seen = watch(monkeypatch), []
    transport.on_send = lambda _mail: seen.append(states())
    send_due_messages()
    assert commits == ["begin", "hand_over", "hand_over", "settle"]
    assert seen == [
        ["sending", "claimed", "claimed"],
        ["sent", "sending", "claimed"],
        ["sent", "sent", "sending"],
    ]
    assert states() == ["sent"] * 3
    assert tries() == [(row.pk, 1, "accepted") for row in rows]


def test_what_becomes_wrong_while_another_is_sent_is_not_begun(rows, transport):
    during(transport, 1, lambda: cancel_message(message=rows[1], actor=SYSTEM))
    turn = send_due_messages()
    assert (turn.sent, states()) == (2, ["sent", "cancelled", "sent"])
    assert transport.recipients == [rows[0].to_email, rows[2].to_email]


def test_a_registration_cancelled_meanwhile_gets_no_confirmation(rows, transport):
    guest = rows[1].registration
    during(transport, 1, lambda: cancel_registration(registration=guest, actor=SYSTEM))
    send_due_messages()
    assert states() == ["sent", "cancelled", "sent", "sent"]  # the last one says goodbye


def test_a_conference_that_was_called_off_meanwhile_confirms_nothing(rows, transport):
    conference = rows[0].conference
    during(
        transport, 1, lambda: cancel_conference(conference=conference, expected=None, actor=SYSTEM)
    )
    turn = send_due_messages(seconds=0)
    assert turn.sent == 1
    assert states()[:3] == ["sent", "cancelled", "cancelled"]


def test_facts_that_changed_while_another_was_sent_are_rendered_anew(rows, transport):
    conference = rows[0].conference
    change = {"title": {"en": "Another title"}}
    during(
        transport,
        1,
        lambda: change_conference(
            conference=conference, changes=change, expected=None, actor=SYSTEM
        ),
    )
    send_due_messages()
    assert states()[:3] == ["sent"] * 3
    subjects = [b"Another title" in mail.raw for mail in transport.mails[:3]]
    assert subjects == [False, True, True]


def test_after_a_slow_dialogue_the_next_mail_is_made_anew(rows, transport, monkeypatch):
    commits = watch(monkeypatch)
    monkeypatch.setattr(delivery, "FRESH_SECONDS", -1.0)
    send_due_messages()
    assert commits == ["begin", "settle"] * 3
    assert states() == ["sent"] * 3


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        ((DeliveryOutcome.REFUSED, "550 no"), "failed"),
        ((DeliveryOutcome.DEFERRED, "451 later"), "queued"),
        ((DeliveryOutcome.AMBIGUOUS, "broken"), "queued"),
        (Verdict(DeliveryOutcome.LOST, "broken before"), "queued"),
    ],
)
def test_only_a_yes_hands_over(rows, transport, monkeypatch, verdict, state):
    commits = watch(monkeypatch)
    transport.verdicts = [verdict]
    send_due_messages()
    assert commits == ["begin", "settle", "begin", "hand_over", "settle"]
    assert states() == [state, "sent", "sent"]


def test_a_closed_connection_hands_over_nothing(rows, transport, monkeypatch):
    during(
        transport, 1, lambda: setattr(transport, "unreachable", Verdict("lost", "", tried=False))
    )
    commits = watch(monkeypatch)
    turn = send_due_messages()
    assert (turn.sent, commits) == (1, ["begin", "settle"])
    assert states() == ["sent", "queued", "queued"]
    assert list(Message.objects.order_by("id").values_list("attempts", flat=True)) == [1, 0, 0]


def test_a_process_that_ends_begins_no_other(rows, transport, monkeypatch):
    commits = watch(monkeypatch)
    during(transport, 1, stopping.set)
    try:
        send_due_messages()
    finally:
        stopping.clear()
    assert commits == ["begin", "settle"]
    assert states() == ["sent", "queued", "queued"]


def test_a_mail_that_can_not_be_made_holds_up_neither_neighbour(rows, transport):
    during(transport, 0, lambda: None)
    Message.objects.filter(pk=rows[1].pk).update(template="nonsense")
    turn = send_due_messages()
    assert (turn.sent, turn.failed) == (2, 1)
    assert states() == ["sent", "failed", "sent"]


def test_a_database_that_fails_while_the_next_is_made_costs_the_present_one_nothing(
    rows, transport, monkeypatch
):
    real = delivery.render

    def render(message):
        if len(transport.mails) == 0 and message.pk == rows[1].pk:
            raise OperationalError("gone for a moment")
        return real(message)

    monkeypatch.setattr(delivery, "render", render)
    send_due_messages()
    assert states() == ["sent"] * 3
    assert len(transport.mails) == 3


def test_a_commit_that_fails_writes_down_what_went_out_alone(rows, transport, monkeypatch):
    commits = watch(monkeypatch)

    def fails(*_args):
        commits.append("failed")
        raise OperationalError("lock timeout")

    monkeypatch.setattr(delivery, "hand_over", fails)
    send_due_messages()
    assert commits == ["begin", "failed", "settle", "begin", "failed", "settle", "begin", "settle"]
    assert states() == ["sent"] * 3
    assert [attempt for _pk, attempt, _outcome in tries()] == [1, 1, 1]


def test_a_kind_that_is_parked_when_in_doubt_is_begun_by_itself(transport, monkeypatch):
    commits = watch(monkeypatch)
    guests = guests_of(conference_in(), 2, status="rejected")
    for guest in guests:
        MessageFactory(registration=guest, kind=MessageKind.REJECTION)
    send_due_messages()
    assert commits == ["begin", "settle"] * 2


def test_a_lost_lease_hands_over_nothing(rows, transport):
    """The row of the next one was taken by somebody else meanwhile."""
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    others = Message.objects.filter(pk__in=[row.pk for row in rows[1:]])
    during(transport, 1, lambda: others.update(lease_until=long_ago))
    send_due_messages(seconds=0)
    assert states() == ["sent", "claimed", "claimed"]
    assert len(transport.mails) == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
class TestPostgres:
    @pytest.mark.parametrize("pooled", [False, True])
    def test_it_is_the_same_with_and_without_prepared_statements(
        self, rows, transport, monkeypatch, pooled
    ):
        monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", pooled)
        commits = watch(monkeypatch)
        send_due_messages()
        assert commits == ["begin", "hand_over", "hand_over", "settle"]
        assert (states(), tries()) == (["sent"] * 3, [(row.pk, 1, "accepted") for row in rows])

    @pytest.mark.django_db(transaction=True)
    def test_what_went_out_does_not_wait_for_a_move_that_is_being_written(
        self, rows, transport, monkeypatch
    ):
        held, may_end = threading.Event(), threading.Event()

        def move():
            with transaction.atomic():
                Conference.objects.select_for_update().get()
                held.set()
                may_end.wait(10)
            connection.close()

        mover = threading.Thread(target=move)

        def begin_to_move():
            mover.start()
            assert held.wait(10)

        during(transport, 1, begin_to_move)
        commits, real = watch(monkeypatch), delivery.settle

        def settle(*args, **kwargs):
            found = real(*args, **kwargs)
            may_end.set()
            return found

        monkeypatch.setattr(delivery, "settle", settle)
        turn = send_due_messages()
        mover.join()
        assert commits[:4] == ["begin", "hand_over", "settle", "begin"]
        assert (turn.sent, states()) == (3, ["sent"] * 3)
        assert [attempt for _pk, attempt, _outcome in tries()] == [1, 1, 1]

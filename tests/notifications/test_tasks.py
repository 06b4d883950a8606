"""Tasks carry nothing and do what a service does."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from config.celery import app
from notifications import tasks
from notifications.models import Message, RenderedMail
from notifications.services.delivery import stopping
from tests.factories.notifications import (
    MessageFactory,
    ReminderRuleFactory,
    conference_in,
    guests_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def nudges(monkeypatch):
    calls = []
    monkeypatch.setattr(tasks, "wake_senders", lambda number=1: calls.append(number))
    return calls


def test_a_sender_that_leaves_something_asks_to_be_called_again(transport, nudges, settings):
    settings.OUTBOX = {"batch": 1, "turn": 0}
    MessageFactory.create_batch(2)
    tasks.send_due()
    assert (nudges, len(transport.mails)) == ([1], 1)
    tasks.send_due()
    assert (nudges, len(transport.mails)) == ([1], 2)


def test_a_worker_has_so_many_senders_at_once_and_no_more(transport, nudges, settings):
    settings.OUTBOX = {"seats": 1}
    MessageFactory.create_batch(2)
    transport.on_send = lambda _mail: tasks.send_due()
    tasks.send_due()
    assert len(transport.mails) == 2
    tasks.send_due()
    assert tasks._seats(1)._value == 1


@pytest.mark.parametrize(("due", "woken"), [(0, []), (1, [1]), (24, [1]), (60, [3]), (120, [4])])
def test_a_sweep_wakes_as_many_senders_as_there_is_work_for(nudges, due, woken):
    guest = guests_of(conference_in())[0]
    for _ in range(due):
        MessageFactory(registration=guest)
    tasks.sweep_outbox()
    assert nudges == woken


def test_planning_by_the_clock(nudges):
    rule = ReminderRuleFactory()
    guests_of(rule.conference, 2)
    tasks.plan_reminders()
    assert Message.objects.count() == 2


def test_rendered_mails_are_forgotten_after_thirty_days(transport, monkeypatch):
    monkeypatch.setattr("notifications.services.forgetting._CHUNK", 2)
    rows = MessageFactory.create_batch(4)
    tasks.send_due()
    old = timezone.now() - dt.timedelta(days=30, seconds=1)
    RenderedMail.objects.filter(message__in=rows[:3]).update(rendered_at=old)
    tasks.forget_old_mail()
    tasks.forget_old_mail()
    assert list(RenderedMail.objects.values_list("message", flat=True)) == [rows[3].pk]
    assert Message.objects.filter(state="sent").count() == 4


def test_no_task_of_mail_carries_anything_or_waits_for_a_time():
    ours = {name: task for name, task in app.tasks.items() if name.startswith("notifications.")}
    assert set(ours) == {
        "notifications.tasks.send_due",
        "notifications.tasks.sweep_outbox",
        "notifications.tasks.plan_reminders",
        "notifications.tasks.plan_announcements",
        "notifications.tasks.forget_old_mail",
        "notifications.tasks.warn_about_standstill",
    }
    assert {task.run.__code__.co_argcount for task in ours.values()} == {0}
    assert app.conf.task_ignore_result
    assert app.conf.worker_prefetch_multiplier == 1
    entries = app.conf.beat_schedule.values()
    assert {name for entry in entries for name in entry} == {"task", "schedule"}


def test_a_worker_that_is_asked_to_end_lets_senders_stop():
    try:
        tasks.stop_soon()
        assert stopping.is_set()
    finally:
        stopping.clear()

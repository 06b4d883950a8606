"""What Celery and beat ask for. A task message is a nudge and carries nothing: the database says
what is to do, so a task may run twice, late or never without harm.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

from celery import shared_task
from celery.signals import worker_shutting_down

from core.nudging import Bell, nudge
from notifications.services import hold_notices, standstill
from notifications.services.delivery import send_due_messages, stopping
from notifications.services.fan_out import run_announcements
from notifications.services.forgetting import forget_rendered_mails
from notifications.services.leaving import let_leave
from notifications.services.limits import limits
from notifications.services.pulse import count_tries, note_sweep
from notifications.services.sweeping import plan_again, sweep


@shared_task(name="notifications.tasks.send_due")
def send_due() -> None:
    """Send what is due for one turn, and ask to be called again when something is left.

    Where all seats are taken the others do it: they go on until nothing is due.
    """
    seats = _seats(limits().seats)
    if not seats.acquire(blocking=False):
        return
    try:
        turn = send_due_messages()
        standstill.warn_if_unswept()
    finally:
        seats.release()
    if turn.more:
        wake_senders()


@shared_task(name="notifications.tasks.sweep_outbox")
def sweep_outbox() -> None:
    """Put right what crashed senders left, plan what moved, wake senders for what is due."""
    report = sweep()
    if report.due:
        wake_senders(min(limits().senders, 1 + report.due // limits().batch))
    note_sweep()
    count_tries()


@shared_task(name="notifications.tasks.plan_reminders")
def plan_reminders() -> None:
    """Plan rules, and look once more at those planned a moment ago."""
    plan_again()


@shared_task(name="notifications.tasks.warn_about_standstill")
def warn_about_standstill() -> None:
    """See whether mail stands still, and tell the owners by a way of its own.

    By that way organisers hear of announcements that were held back, too.
    """
    standstill.warn_about_standstill()
    hold_notices.tell_of_held()


@shared_task(name="notifications.tasks.plan_announcements")
def plan_announcements() -> None:
    """Fill the outbox for announcements for one turn, and ask to be called again for the rest.

    What is planned and due is looked at once more, and leaves or is held back.
    """
    work = run_announcements()
    if let_leave() or work.planned:
        wake_senders()
    if work.more:
        wake_planner()


@shared_task(name="notifications.tasks.forget_old_mail")
def forget_old_mail() -> None:
    """Forget rendered mails that were kept long enough."""
    forget_rendered_mails()


@lru_cache(maxsize=4)
def _seats(number: int) -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(number)


@worker_shutting_down.connect
def stop_soon(**_kwargs: Any) -> None:
    """Let senders finish the mail in hand and give back the others when the worker is to end."""
    stopping.set()


def wake_senders(number: int = 1) -> None:
    """Ask workers to send what is due; give up at once when the broker does not answer.

    Whoever calls this has committed already and waits for nothing: a fifth of a second at most,
    and after a failure nothing is tried for a while. The sweeper finds what no nudge reached.
    """
    _nudge(send_due, number)


def wake_senders_soon() -> None:
    """Wake senders for what a request has put in: many requests in a row wake them together."""
    _senders_bell.pull(limits().nudge_spacing)


def wake_planner() -> None:
    """Ask a worker to plan announcements, as impatiently."""
    _nudge(plan_announcements, 1)


def _nudge(task: Any, number: int) -> None:
    figures = limits()
    nudge(task, number, timeout=figures.broker_timeout, pause=figures.broker_pause)


_senders_bell = Bell(wake_senders)

"""Beat asks as long as somebody takes what it asks for."""

from __future__ import annotations

import pytest
from celery.beat import ScheduleEntry

from config.beat import MOST_WAITING, Scheduler
from config.celery import app

SWEEP = ScheduleEntry("sweep", "notifications.tasks.sweep_outbox", schedule=15.0, app=app)


@pytest.fixture
def queue(tmp_path):
    """The queue in memory, which the scheduler asks by a connection as it has one with Redis."""
    with app.connection_for_write() as connection:
        scheduler = Scheduler(app=app, lazy=True, schedule_filename=str(tmp_path / "schedule"))
        queue = app.amqp.queues["celery"].bind(connection.channel())
        queue.declare()
        queue.purge()
        queue.fill = lambda times: [
            scheduler.apply_entry(SWEEP, app.amqp.Producer(connection, auto_declare=False))
            for _ in range(times)
        ]
        queue.length = lambda: queue.queue_declare(passive=True).message_count
        yield queue
        queue.purge()


def test_what_beat_asks_for_is_never_void_by_a_clock(queue):
    queue.fill(1)
    message = queue.get(no_ack=True)
    assert message.headers["task"] == "notifications.tasks.sweep_outbox"
    assert (message.headers["expires"], message.headers["eta"]) == (None, None)


def test_where_nobody_takes_tasks_their_number_stays_bounded(queue):
    queue.fill(MOST_WAITING + 20)
    assert queue.length() == MOST_WAITING
    for _ in range(2):
        queue.get(no_ack=True)
    queue.fill(20)
    assert queue.length() == MOST_WAITING


def test_the_scheduler_is_the_one_that_the_settings_name():
    assert app.conf.beat_scheduler == "config.beat:Scheduler"

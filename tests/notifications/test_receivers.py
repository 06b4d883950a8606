"""Waking senders: once a transaction, after its commit, never at the cost of who waits."""

from __future__ import annotations

import socket
import subprocess
import time
from contextlib import suppress

import pytest
from django.db import transaction

from core import nudging
from core.actors import ANONYMOUS
from notifications import receivers, tasks
from notifications.models import Message
from notifications.signals import messages_queued
from registrations.services.registering import register
from scripts.supervisor import redis
from tests.factories.notifications import conference_in
from tests.factories.registrations import RegistrationTypeFactory


@pytest.fixture
def nudges(monkeypatch):
    calls = []
    monkeypatch.setattr(receivers, "wake_senders_soon", lambda: calls.append(1))
    return calls


@pytest.mark.django_db(transaction=True)
class TestOnceATransaction:
    def test_many_messages_of_one_transaction_are_one_nudge(self, nudges):
        with transaction.atomic():
            for _ in range(3):
                messages_queued.send(sender=Message)
            with transaction.atomic():
                messages_queued.send(sender=Message)
            assert nudges == []
        assert nudges == [1]

    def test_a_transaction_that_fails_wakes_nobody(self, nudges):
        with transaction.atomic():
            messages_queued.send(sender=Message)
            transaction.set_rollback(True)
        assert nudges == []

    def test_a_savepoint_that_fails_takes_only_its_own_nudge_along(self, nudges):
        with transaction.atomic():
            with suppress(RuntimeError), transaction.atomic():
                messages_queued.send(sender=Message)
                raise RuntimeError
            messages_queued.send(sender=Message)
        assert nudges == [1]

    def test_a_nudge_that_fails_fails_nothing_else(self, monkeypatch, caplog):
        def broken():
            raise RuntimeError("the broker is gone")

        monkeypatch.setattr(receivers, "wake_senders_soon", broken)
        with transaction.atomic():
            messages_queued.send(sender=Message)
        assert "the broker is gone" in caplog.text


@pytest.fixture
def impatient(monkeypatch):
    """Nudges are tried again at once, as after the pause."""
    monkeypatch.setattr(nudging, "_quiet_until", [0.0])

    def at(url):
        monkeypatch.setattr(nudging, "_broker_url", lambda: url)
        nudging._quiet_until[0] = 0.0

    yield at
    nudging._producers.cache_clear()


def timed(call):
    began = time.monotonic()
    call()
    return time.monotonic() - began


# With room for a machine that is busy with other things.
A_FIFTH, NOTHING = 0.9, 0.15


class TestABrokerThatIsDown:
    def test_one_that_refuses_costs_nothing(self, impatient):
        with socket.create_server(("127.0.0.1", 0)) as gone:
            port = gone.getsockname()[1]
        impatient(f"redis://127.0.0.1:{port}/0")
        assert timed(tasks.wake_senders) < A_FIFTH
        assert timed(tasks.wake_senders) < NOTHING

    def test_a_socket_that_is_not_there_costs_nothing(self, impatient, tmp_path):
        impatient(f"redis+socket://{tmp_path}/none.sock")
        assert timed(tasks.wake_senders) < A_FIFTH

    def test_one_that_takes_calls_and_says_nothing_costs_a_fifth_of_a_second_once(self, impatient):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            impatient(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
            assert 0.1 < timed(tasks.wake_senders) < A_FIFTH
            assert sum(timed(tasks.wake_senders) for _ in range(20)) < NOTHING

    def test_one_that_does_not_even_take_calls_costs_a_fifth_of_a_second_once(self, impatient):
        with socket.socket() as full:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            callers = []
            for _ in range(4):
                caller = socket.socket()
                caller.setblocking(False)
                with suppress(BlockingIOError):
                    caller.connect(full.getsockname())
                callers.append(caller)
            impatient(f"redis://127.0.0.1:{full.getsockname()[1]}/0")
            assert timed(tasks.wake_senders) < A_FIFTH
            assert timed(tasks.wake_senders) < NOTHING
            for caller in callers:
                caller.close()

    @pytest.mark.django_db(transaction=True)
    def test_registering_goes_on_as_ever(self, impatient):
        conference = conference_in()
        kind = RegistrationTypeFactory(conference=conference, capacity=100)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            impatient(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
            began = time.monotonic()
            for number in range(40):
                register(
                    conference=conference,
                    type_slug=kind.slug,
                    given_name="Ana",
                    family_name="Petrović",
                    email=f"ana{number}@example.org",
                    language="en",
                    source="form",
                    actor=ANONYMOUS,
                )
            took = time.monotonic() - began
        assert took < 6  # one fifth of a second each would be eight
        assert Message.objects.filter(kind="confirmation", state="queued").count() == 40

    def test_one_that_dies_and_comes_back_is_tried_again_after_the_pause(
        self, impatient, tmp_path_factory, settings
    ):
        settings.OUTBOX = {"broker_pause": 2.0}
        folder = redis.socket_folder(tmp_path_factory.mktemp("r"))
        command = redis.command(redis.find_server(), folder, folder)

        def start():
            child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            while not redis.is_up(folder):
                time.sleep(0.02)
            return child

        server = start()
        try:
            impatient(redis.url(folder).replace("unix://", "redis+socket://").partition("?")[0])
            tasks.wake_senders(2)
            assert redis.ask(folder, "LLEN mail").startswith(":2")
            server.kill()
            server.wait()
            assert timed(tasks.wake_senders) < A_FIFTH
            assert timed(tasks.wake_senders) < NOTHING
            server = start()
            before = int(redis.ask(folder, "LLEN mail")[1:])
            time.sleep(2.1)
            tasks.wake_senders()
            assert int(redis.ask(folder, "LLEN mail")[1:]) == before + 1
        finally:
            server.kill()
            server.wait()

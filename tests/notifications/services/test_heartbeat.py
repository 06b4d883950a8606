"""Leases are renewed while a sender works, and the sender knows when they may have run out."""

from __future__ import annotations

import time
import uuid

import pytest
from django.db import OperationalError

from notifications.services import heartbeat as module
from notifications.services.heartbeat import Heartbeat, uptime
from notifications.services.limits import Limits

QUICK = Limits(lease=0.4, heartbeat=0.1)


@pytest.fixture
def renewals(monkeypatch):
    """Answers of the database, one a renewal; the last one repeats."""
    answers, asked = [1], []

    def renew(token, _figures):
        asked.append(token)
        answer = answers[0] if len(answers) == 1 else answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(module, "renew", renew)
    return answers, asked


def test_a_lease_holds_as_long_as_it_is_renewed(renewals):
    token = uuid.uuid4()
    with Heartbeat(Limits(lease=1.2, heartbeat=0.1)) as heart:
        assert not heart.is_alive()
        heart.watch(token, uptime())
        for _ in range(8):
            time.sleep(0.2)
            assert heart.is_alive()
        heart.rest()
        assert not heart.is_alive()
    _answers, asked = renewals
    assert len(asked) >= 5
    assert set(asked) == {token}


@pytest.mark.parametrize("answer", [0, OperationalError("the database is away")])
def test_a_lease_that_can_not_be_renewed_runs_out(renewals, answer):
    answers, _asked = renewals
    answers[:] = [answer]
    with Heartbeat(QUICK) as heart:
        heart.watch(uuid.uuid4(), uptime())
        assert heart.is_alive()
        time.sleep(0.6)
        assert not heart.is_alive()


def test_a_lease_counts_from_before_it_was_asked_for(renewals):
    answers, _asked = renewals
    answers[:] = [0]
    with Heartbeat(QUICK) as heart:
        heart.watch(uuid.uuid4(), uptime() - 0.5)
        assert not heart.is_alive()

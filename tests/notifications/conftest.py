"""A transport that does as it is told, and the outbox in a few words."""

from __future__ import annotations

from contextlib import nullcontext
from copy import deepcopy

import pytest
import time_machine
from django.core.cache import cache

from notifications.enums import DeliveryOutcome
from notifications.models import Message
from notifications.services import delivery
from notifications.services.mail_facts import forget
from notifications.services.smtp import Verdict
from tests.notifications.mailroom import furnish
from tests.worlds import shared_world


class ScriptedTransport:
    """Takes mails and answers as `verdicts` says, one a mail, then with yes."""

    def __init__(self):
        self.mails = []
        self.verdicts = []
        self.unreachable = None
        self.on_send = lambda _mail: None
        self.closed = 0

    @property
    def is_open(self):
        return self.unreachable is None

    def open(self):
        return self.unreachable

    def send(self, mail, may_go, before_dot=lambda: None):
        assert may_go()
        before_dot()
        self.mails.append(mail)
        self.on_send(mail)
        verdict = self.verdicts.pop(0) if self.verdicts else (DeliveryOutcome.ACCEPTED, "250 kept")
        return verdict if isinstance(verdict, Verdict) else Verdict(*verdict)

    def close(self):
        self.closed += 1

    @property
    def recipients(self):
        return [mail.recipient for mail in self.mails]


@pytest.fixture
def transport(monkeypatch):
    made = ScriptedTransport()
    monkeypatch.setattr(delivery, "make_transport", lambda _figures: made)
    return made


@pytest.fixture(scope="module")
def room_of_the_module(request, django_db_setup, django_db_blocker):
    """What `furnish` makes: now, or when the module says by ROOM_MADE_AT."""
    made_at = getattr(request.module, "ROOM_MADE_AT", None)

    def make():
        with time_machine.travel(made_at, tick=False) if made_at else nullcontext():
            return furnish()

    with shared_world(django_db_blocker, make) as made:
        yield made


@pytest.fixture
def room(room_of_the_module, db):
    """Return a conference with everything that a mail can say: a copy for this test."""
    cache.clear()
    forget()
    return deepcopy(room_of_the_module)


@pytest.fixture
def outbox(db):
    """Return a function: (kind, recipient, state) of every message, the oldest first."""

    def rows(**filters):
        return list(
            Message.objects.filter(**filters)
            .order_by("id")
            .values_list("kind", "to_email", "state")
        )

    return rows

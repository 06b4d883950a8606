"""Mails about signing in, sent at once and not from a thread."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from accounts.services import mails
from accounts.views import steady


class AtOnce:
    """Stands where the threads are."""

    @staticmethod
    def submit(call, *args):
        call(*args)


@pytest.fixture(autouse=True)
def _no_threads_no_waiting(monkeypatch):
    monkeypatch.setattr(mails, "_senders", AtOnce())
    monkeypatch.setattr(steady, "SECONDS", 0.0)
    cache.clear()

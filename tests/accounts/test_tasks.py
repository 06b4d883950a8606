"""Sessions that have ended do not pile up."""

from __future__ import annotations

from django.contrib.sessions.models import Session

from accounts.tasks import forget_old_sessions


def test_sessions_that_have_ended_are_forgotten(client_as, owner, frozen):
    clock = frozen("2026-11-22T10:00")
    client_as(owner)
    clock.shift(15 * 86_400)
    client_as(owner)
    forget_old_sessions()
    forget_old_sessions()
    assert Session.objects.count() == 1

"""Bulk deeds and pauses by API: the filter and the number are named, a changed set is refused."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.permissions import Permission
from core.actors import SYSTEM
from core.models import AuditEntry
from notifications.models import MailPause, Message
from notifications.services.sending_switch import pause_sending
from tests.factories.notifications import (
    MessageFactory,
    ReminderRuleFactory,
    conference_in,
    guests_of,
)

pytestmark = pytest.mark.django_db
BASE = "/api/v1/organisations/institute/conferences/open-forum/messages"


@pytest.fixture
def conference(organisation):
    return conference_in(organisation=organisation, slug="open-forum")


def message(conference, **columns):
    return MessageFactory(registration=guests_of(conference)[0], **columns)


def states():
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def problem(response):
    body = response.json()
    return (
        response.status_code,
        body["type"].rpartition("/")[2],
        [(error["pointer"], error["code"]) for error in body.get("errors", [])],
    )


def test_taking_back_those_of_a_filter(api, conference):
    rule = ReminderRuleFactory(conference=conference)
    for _ in range(2):
        message(conference, rule=rule, kind="reminder", plan_revision=1)
    message(conference)
    body = {"filter": {"state": "queued", "rule": rule.code}, "expected": 2}
    done = api.post(f"{BASE}/cancel/", body, Idempotency_Key="k1")
    assert (done.status_code, done.json()) == (200, {"number": 2, "left": 0})
    again = api.post(f"{BASE}/cancel/", body, Idempotency_Key="k1")
    assert (again.json(), again["Idempotency-Replayed"]) == ({"number": 2, "left": 0}, "true")
    assert states() == ["cancelled", "cancelled", "queued"]
    entry = AuditEntry.objects.get(verb="cancel_messages")
    assert entry.actor_kind == "token"


def test_a_changed_set_is_refused_with_a_sentence(api, conference):
    message(conference)
    for verb, state in (("cancel", "queued"), ("retry", "failed")):
        Message.objects.update(state=state)
        answer = api.post(f"{BASE}/{verb}/", {"filter": {"state": state}, "expected": 2})
        assert problem(answer) == (409, "conflict", [])
        assert "and now it would be 1. Nothing was changed" in answer.json()["detail"]
        assert states() == [state]
    answer = api.post(f"{BASE}/cancel/", {"filter": {"kind": "pending"}, "expected": 0})
    assert problem(answer) == (409, "wrong-state", [])


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, [("/expected", "required"), ("/filter", "required")]),
        ({"filter": {}, "expected": 1}, [("/filter", "required")]),
        ({"filter": {"state": "queued"}}, [("/expected", "required")]),
        ({"filter": {"state": "gone"}, "expected": 1}, [("/filter/state", "invalid_choice")]),
        ({"filter": {"q": "x"}, "expected": 1}, [("/filter/q", "unknown")]),
        ({"filter": {"state": "queued"}, "expected": -1}, [("/expected", "min_value")]),
    ],
)
@pytest.mark.parametrize("verb", ["cancel", "retry"])
def test_a_body_names_the_filter_and_the_number(api, conference, body, errors, verb):
    message(conference)
    status, kind, found = problem(api.post(f"{BASE}/{verb}/", body))
    assert (status, kind, sorted(found)) == (400, "validation-failed", errors)
    assert states() == ["queued"]


def test_sending_those_of_a_filter_again(api, conference):
    message(conference, state="failed")
    message(conference, state="failed", kind="reminder", plan_revision=1)
    message(conference, state="unknown")
    body = {"filter": {"state": "failed"}, "expected": 2}
    assert api.post(f"{BASE}/retry/", body).json() == {"number": 1, "left": 1}
    assert states() == ["queued", "failed", "unknown"]


def test_pausing_and_resuming(api, conference):
    free = {
        "paused": False,
        "everywhere": False,
        "reason": None,
        "since": None,
        "waiting": 2,
        "stale": 1,
    }
    message(conference)
    old = timezone.now() - dt.timedelta(hours=30)
    message(conference, kind="reminder", plan_revision=1, due_at=old)
    assert api.get(f"{BASE}/sending/").json() == free
    assert problem(api.post(f"{BASE}/pause/", {})) == (
        400,
        "validation-failed",
        [("/reason", "required")],
    )
    done = api.post(f"{BASE}/pause/", {"reason": "New room"}).json()
    since = MailPause.objects.get().since
    paused = {"paused": True, "reason": "New room", "since": f"{since:%Y-%m-%dT%H:%M:%SZ}"}
    assert done == {**free, **paused}
    assert api.get(f"{BASE}/sending/").json() == done
    done = api.post(f"{BASE}/resume/", {"give_up_stale": True}).json()
    assert done == {**free, "waiting": 1, "stale": 0}
    assert api.post(f"{BASE}/resume/").json() == done
    pause_sending(reason="Restored", actor=SYSTEM)
    found = api.get(f"{BASE}/sending/").json()
    assert (found["paused"], found["everywhere"], found["reason"]) == (True, True, "Restored")


def test_each_needs_its_scope(api, conference):
    reader = api.of(Permission.MAIL_READ)
    assert reader.get(f"{BASE}/sending/").status_code == 200
    for verb in ("cancel", "retry", "pause", "resume"):
        assert reader.post(f"{BASE}/{verb}/", {}).status_code == 403

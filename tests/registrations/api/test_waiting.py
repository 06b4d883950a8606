"""Decisions, offers and rounds of "still coming?" over the API."""

from __future__ import annotations

import pytest

from registrations.models import Reconfirmation, Registration
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(conference):
    return RegistrationTypeFactory(conference=conference, slug="guest", capacity=1, approval=True)


@pytest.fixture
def asking(kind):
    return [RegistrationFactory(registration_type=kind, status="pending_approval") for _ in "ab"]


def test_many_are_decided_at_once(api, base, asking):
    done = RegistrationFactory(registration_type=asking[0].registration_type, status="cancelled")
    codes = [row.code for row in (*asking, done)]
    answer = api.post(
        f"{base}/registrations/decide/",
        {"codes": codes, "decision": "approve", "reason": "Welcome", "tell_reason": True},
    )
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "confirmed": [asking[0].code],
            "waiting_list": [asking[1].code],
            "rejected": [],
            "skipped": [{"code": done.code, "reason": "Has been decided already: cancelled."}],
        },
    )


def test_an_unknown_code_decides_nobody(api, base, asking, problem):
    other = RegistrationFactory(status="pending_approval")
    answer = api.post(
        f"{base}/registrations/decide/",
        {"codes": [asking[0].code, other.code], "decision": "reject"},
    )
    assert problem(answer) == (400, "validation-failed", {"/codes/1": "unknown"})
    assert set(Registration.objects.values_list("status", flat=True)) == {"pending_approval"}


def test_a_reason_comes_with_a_decision(api, base, asking):
    answer = api.post(
        f"{base}/registrations/{asking[0].code}/reject/", {"reason": "Too late for this one"}
    )
    body = answer.json()
    assert (body["status"], body["decision_reason"]) == ("rejected", "Too late for this one")


def test_a_place_is_offered_by_the_api(api, base, kind):
    row = RegistrationFactory(registration_type=kind, status="waiting_list")
    body = api.post(f"{base}/registrations/{row.code}/offer/").json()
    assert (body["status"], body["offer_expires_at"]) == ("offered", "2027-03-03T10:00:00Z")


def test_who_asks_is_put_on_the_list(api, base, kind, asking):
    kind.allotments.update(capacity=0)
    body = api.post(f"{base}/registrations/{asking[0].code}/waiting-list/").json()
    assert (body["status"], body["waiting_since"]) == ("waiting_list", "2027-03-01T10:00:00Z")


def test_a_round_is_planned_read_changed_and_deleted(api, base, kind):
    made = api.post(
        f"{base}/reconfirmations/",
        {
            "ask_at": "2027-03-10T10:00",
            "until_at": "2027-03-14T17:00:00Z",
            "releases": True,
            "registration_types": ["guest"],
        },
    )
    body = made.json()
    assert made.status_code == 201
    assert body == {
        "code": body["code"],
        "ask_at": "2027-03-10T09:00:00Z",
        "until_at": "2027-03-14T17:00:00Z",
        "ask_local": "2027-03-10T10:00",
        "until_local": "2027-03-14T18:00",
        "releases": True,
        "registration_types": ["guest"],
        "asked_at": None,
        "closed_at": None,
    }
    path = f"{base}/reconfirmations/{body['code']}/"
    assert api.get(f"{base}/reconfirmations/").json()["results"] == [body]
    assert api.get(f"{path}figures/").json()["asked"] == 0
    changed = api.patch(path, {"releases": False}, made["ETag"])
    assert (changed.status_code, changed.json()["releases"]) == (200, False)
    assert api.delete(path, made["ETag"]).status_code == 412
    assert api.delete(path, changed["ETag"]).status_code == 204
    assert not Reconfirmation.objects.exists()


def test_a_refusal_points_into_the_body(api, base, problem):
    answer = api.post(
        f"{base}/reconfirmations/", {"ask_at": "2027-03-10T10:00", "until_at": "2027-03-10T09:00"}
    )
    assert problem(answer) == (400, "validation-failed", {"/until_at": "order"})

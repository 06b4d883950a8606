"""One verb for many over the API: the look ahead, the deed, its state, the stop."""

from __future__ import annotations

import pytest

from accounts.permissions import Permission
from core.models import AuditEntry
from registrations.models import BulkDeed, Registration
from registrations.services.bulk_running import go_on_with_deeds
from registrations.tasks import go_on_with_bulk_deeds
from tests.factories.events import PersonFactory
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(base):
    return f"{base}/registrations/bulk/"


@pytest.fixture
def kind(conference):
    return RegistrationTypeFactory(conference=conference, slug="guest", capacity=2)


@pytest.fixture
def waiting(kind):
    return [RegistrationFactory(registration_type=kind, status="waiting_list") for _ in "abc"]


@pytest.fixture
def nudges(monkeypatch):
    sent = []
    monkeypatch.setattr(go_on_with_bulk_deeds, "apply_async", lambda **given: sent.append(given))
    return sent


def codes(rows):
    return [row.code for row in rows]


def test_a_look_ahead_writes_nothing(api, url, kind, waiting):
    over = RegistrationFactory(registration_type=kind, status="cancelled")
    answer = api.post(url, {"verb": "approve", "codes": codes([*waiting, over]), "dry_run": True})
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "total": 4,
            "would_be": 2,
            "without_place": 1,
            "left_out": [{"reason": "Is over already.", "number": 1, "examples": [over.code]}],
        },
    )
    assert not BulkDeed.objects.exists()
    assert Registration.objects.filter(status="waiting_list").count() == 3


def test_a_deed_is_left_to_workers_and_says_how_far_it_is(
    api, url, waiting, nudges, django_capture_on_commit_callbacks
):
    body = {"verb": "approve", "codes": codes(waiting)}
    with django_capture_on_commit_callbacks(execute=True):
        answer = api.post(url, body, Idempotency_Key="a1")
    deed = answer.json()
    assert answer.status_code == 201
    assert answer["Location"].endswith(f"{url}{deed['code']}/")
    assert (deed["state"], deed["total"], deed["done"]) == ("running", 3, 0)
    assert len(nudges) == 1
    again = api.post(url, body, Idempotency_Key="a1")
    assert (again["Idempotency-Replayed"], again.json()) == ("true", deed)

    go_on_with_deeds()
    state = api.get(f"{url}{deed['code']}/").json()
    assert (state["state"], state["done"], state["succeeded"]) == ("done", 3, 2)
    (left,) = state["left_out"]
    assert (left["number"], left["examples"]) == (1, [waiting[2].code])
    assert Registration.objects.filter(status="confirmed").count() == 2
    # In the token's name, though a worker did it.
    kinds = AuditEntry.objects.filter(verb="approve_registration").values_list("actor_kind")
    assert set(kinds) == {("token",)}


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, "waiting_list"),
        ({"or_wait": True}, "waiting_list"),
        ({"or_wait": False}, "pending_approval"),
    ],
)
def test_who_finds_no_place_left_waits_unless_said_otherwise(api, url, kind, nudges, more, status):
    asking = [RegistrationFactory(registration_type=kind, status="pending_approval") for _ in "abc"]
    answer = api.post(url, {"verb": "approve", "codes": codes(asking), **more})
    assert answer.status_code == 201

    go_on_with_deeds()

    assert Registration.objects.get(pk=asking[2].pk).status == status


def test_a_filter_means_all_that_match_and_takes_their_number(
    api, url, conference, kind, waiting, problem, nudges
):
    RegistrationFactory(registration_type=kind)
    wanted = {"verb": "cancel", "filter": {"status": "waiting_list"}, "reason": "Called off"}
    assert problem(api.post(url, wanted)) == (400, "validation-failed", {"/expected": "invalid"})
    assert problem(api.post(url, {**wanted, "expected": 2})) == (409, "conflict", {})
    assert not BulkDeed.objects.exists()

    assert api.post(url, {**wanted, "dry_run": True}).json()["total"] == 3
    assert api.post(url, {**wanted, "expected": 3}).status_code == 201
    go_on_with_deeds()
    assert Registration.objects.filter(cancel_reason="Called off").count() == 3
    assert Registration.objects.filter(status="confirmed").count() == 1


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"verb": "approve"}, {"/codes": "invalid"}),
        ({"verb": "approve", "codes": ["X"], "filter": {}}, {"/codes": "invalid"}),
        ({"verb": "approve", "codes": ["NOBODY2345"]}, {"/codes/0": "unknown"}),
        ({"verb": "delete", "codes": ["X"]}, {"/verb": "invalid_choice"}),
        ({"verb": "approve", "filter": {"name": "x"}, "expected": 0}, {"/filter/name": "unknown"}),
        (
            {"verb": "approve", "filter": {"status": "x"}, "expected": 0},
            {"/filter/status": "invalid"},
        ),
        ({"verb": "tag", "filter": {}, "expected": 3, "tag": "No slug"}, {"/tag": "slug"}),
    ],
)
def test_what_is_no_deed_is_refused(api, url, waiting, problem, body, errors):
    assert problem(api.post(url, body)) == (400, "validation-failed", errors)
    assert not BulkDeed.objects.exists()


def test_others_registrations_are_not_there(api, url, waiting, problem):
    foreign = RegistrationFactory(status="waiting_list")
    answer = api.post(url, {"verb": "reject", "codes": [waiting[0].code, foreign.code]})
    assert problem(answer) == (400, "validation-failed", {"/codes/1": "unknown"})


def test_a_deed_is_stopped(api, url, waiting, nudges, problem):
    code = api.post(url, {"verb": "cancel", "filter": {}, "expected": 3}).json()["code"]
    assert api.post(f"{url}{code}/stop/").json()["state"] == "stopped"
    assert go_on_with_deeds() == 0
    assert problem(api.post(f"{url}{code}/stop/"))[:2] == (409, "wrong-state")
    assert problem(api.get(f"{url}NOBODY2345/"))[0] == 404


def test_verbs_take_the_scopes_of_what_they_do(api, url, conference, kind, problem):
    row = RegistrationFactory(
        registration_type=kind, person=PersonFactory(organisation=conference.organisation)
    )
    reader = api.of(Permission.REGISTRATION_READ)
    writer = api.of(Permission.REGISTRATION_WRITE)
    body = {"codes": [row.code], "dry_run": True}
    assert problem(reader.post(url, {"verb": "cancel", **body}))[0] == 403
    assert writer.post(url, {"verb": "cancel", **body}).status_code == 200
    for verb in ("tag", "resend-link"):
        assert problem(writer.post(url, {"verb": verb, **body}))[0] == 403
        assert api.post(url, {"verb": verb, **body}).json()["would_be"] == 1


def test_an_offer_is_taken_by_word(api, base, kind):
    row = RegistrationFactory(registration_type=kind, status="offered")
    answer = api.post(f"{base}/registrations/{row.code}/accept-offer/")
    assert (answer.status_code, answer.json()["status"]) == (200, "confirmed")

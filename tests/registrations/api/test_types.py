"""Kinds of place over the API."""

from __future__ import annotations

import pytest

from accounts.permissions import Permission
from registrations.models import Allotment, RegistrationType
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db


def test_a_type_is_made_changed_and_deleted(api, base):
    made = api.post(
        f"{base}/registration-types/",
        {
            "slug": "press",
            "name": "Press",
            "kind": "press",
            "capacity": 20,
            "approval": True,
            "opens_at": "2027-02-01T09:00",
            "closes_at": "2027-03-17T17:00:00Z",
        },
    )
    body = {
        "slug": "press",
        "name": {"en": "Press"},
        "description": {},
        "kind": "press",
        "capacity": 20,
        "waiting_list": True,
        "approval": True,
        "public": True,
        "opens_at": "2027-02-01T08:00:00Z",
        "closes_at": "2027-03-17T17:00:00Z",
        "opens_local": "2027-02-01T09:00",
        "closes_local": "2027-03-17T18:00",
        "order": 0,
        "substitutes": True,
        "automatic_offers": True,
        "offer_hours": 48,
        "party_max": 1,
        "allotments": [Allotment.objects.get().code],
    }
    assert (made.status_code, made["ETag"], made.json()) == (201, '"v1"', body)
    path = made["Location"].removeprefix("http://testserver")
    assert path == f"{base}/registration-types/press/"
    assert api.get(path).json() == body

    changed = api.patch(path, {"capacity": None, "closes_at": None}, '"v1"')
    assert (changed.status_code, changed["ETag"]) == (200, '"v2"')
    assert changed.json() == {**body, "capacity": None, "closes_at": None, "closes_local": None}

    assert api.patch(path, {"capacity": 1}).status_code == 428
    assert api.patch(path, {"capacity": 1}, '"v1"').status_code == 412
    assert api.delete(path).status_code == 428
    assert api.delete(path, '"v2"').status_code == 204
    assert api.get(path).status_code == 404
    assert not Allotment.objects.exists()


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"slug": "Press!"}, {"/slug": "slug"}),
        ({"slug": 5}, {"/slug": "invalid"}),
        ({"name": {"en": ""}}, {"/name": "required"}),
        ({"kind": "ticket"}, {"/kind": "invalid_choice"}),
        ({"capacity": "20"}, {"/capacity": "invalid"}),
        ({"capacity": True}, {"/capacity": "invalid"}),
        ({"capacity": -1}, {"/capacity": "range"}),
        ({"capacity": 1.5}, {"/capacity": "invalid"}),
        ({"capacity": {"a": 1}}, {"/capacity": "invalid"}),
        ({"approval": "yes"}, {"/approval": "invalid"}),
        ({"opens_at": "tomorrow"}, {"/opens_at": "invalid"}),
        ({"opens_at": 5}, {"/opens_at": "invalid"}),
        (
            {"opens_at": "2027-03-02T10:00", "closes_at": "2027-03-01T10:00"},
            {"/closes_at": "order"},
        ),
        ({"taken": 0}, {"/taken": "unknown"}),
    ],
)  # fmt: skip
def test_what_can_not_be_taken_is_named(api, base, problem, changes, errors):
    answer = api.post(f"{base}/registration-types/", {"slug": "press", "name": "Press", **changes})

    assert problem(answer) == (400, "validation-failed", errors)
    assert (RegistrationType.objects.count(), Allotment.objects.count()) == (0, 0)


def test_the_capacity_is_not_lowered_below_what_is_taken(api, base, guest_type, problem):
    for _ in range(2):
        RegistrationFactory(registration_type=guest_type)

    answer = api.patch(f"{base}/registration-types/guest/", {"capacity": 1}, '"v1"')

    assert problem(answer) == (409, "capacity-below-taken", {"/capacity": "below-taken"})
    assert api.get(f"{base}/registration-types/guest/").json()["capacity"] == 10


def test_a_used_type_and_a_taken_slug_are_conflicts(api, base, guest_type, problem):
    RegistrationFactory(registration_type=guest_type)

    deleted = api.delete(f"{base}/registration-types/guest/", '"v1"')
    assert problem(deleted) == (409, "in-use", {})
    again = api.post(f"{base}/registration-types/", {"slug": "guest", "name": "Guest"})
    assert problem(again) == (409, "conflict", {"/slug": "taken"})


def test_volatile_figures_stand_apart(api, base, conference):
    kind = RegistrationTypeFactory(conference=conference, slug="press", capacity=3)
    for status in ("confirmed", "confirmed", "waiting_list", "pending_approval", "cancelled"):
        RegistrationFactory(registration_type=kind, status=status)
    Allotment.objects.update(held=1)

    answer = api.get(f"{base}/registration-types/press/availability/")

    assert answer.json() == {
        "capacity": 3,
        "taken": 2,
        "held": 1,
        "left": 0,
        "waiting": 1,
        "pending": 1,
        "state": "waiting_list",
    }
    assert answer["Cache-Control"] == "no-store"
    assert "ETag" not in answer
    assert api.get(f"{base}/registration-types/press/")["ETag"] == '"v1"'


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_many(api, base, conference, count, django_assert_num_queries):
    for _ in range(count):
        RegistrationTypeFactory(conference=conference)
    token = api.of(Permission.REGISTRATION_READ)
    token.get(f"{base}/registration-types/")

    # Token, organisation, conference, types, what they draw from.
    with django_assert_num_queries(5):
        answer = token.get(f"{base}/registration-types/?ordering=order")
    assert len(answer.json()["results"]) == count


def test_the_list_filters_by_kind(api, base, conference):
    RegistrationTypeFactory(conference=conference, slug="press", kind="press")
    RegistrationTypeFactory(conference=conference, slug="staff", kind="staff", public=False)

    def slugs(query):
        answer = api.get(f"{base}/registration-types/?{query}")
        return [row["slug"] for row in answer.json()["results"]]

    assert slugs("kind=press") == ["press"]
    assert slugs("public=false") == ["staff"]
    assert api.get(f"{base}/registration-types/?colour=red").status_code == 400


@pytest.mark.parametrize("scope", [Permission.REGISTRATION_READ, Permission.CONFERENCE_WRITE])
def test_a_token_without_the_scope_is_told_so(api, base, guest_type, scope, problem):
    token = api.of(scope)
    made = token.post(f"{base}/registration-types/", {"slug": "press", "name": "Press"})
    assert problem(made)[:2] == (403, "forbidden")


def test_strangers_find_nothing(api, base, guest_type, other_organisation, problem):
    stranger = api.of(organisation=other_organisation)
    for path in ("", "guest/", "guest/availability/"):
        missing = stranger.get(f"{base}/registration-types/{path}")
        assert problem(missing)[:2] == (404, "not-found")

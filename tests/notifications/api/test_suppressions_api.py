"""Who opted out, by API: shapes, refusals, scopes, other organisations, query counts."""

from __future__ import annotations

import pytest

from accounts.permissions import Permission
from core.actors import SYSTEM, Actor
from notifications.enums import MessageKind, SuppressionReason, SuppressionScope
from notifications.models import LiftedSuppression, Suppression
from notifications.services.suppression import opt_out, suppress_by_organiser
from tests.factories.notifications import MessageFactory, conference_in, guests_of

pytestmark = pytest.mark.django_db
BASE = "/api/v1/organisations/institute/suppressions/"


@pytest.fixture
def conference(organisation):
    return conference_in(organisation=organisation, slug="forum")


@pytest.fixture
def own_word(conference):
    message = MessageFactory(kind=MessageKind.REMINDER, registration=guests_of(conference)[0])
    return opt_out(
        message=message,
        scope=SuppressionScope.CONFERENCE,
        reason=SuppressionReason.ONE_CLICK,
        actor=Actor("guest"),
    )


def problem(response):
    body = response.json()
    errors = [(error["pointer"], error["code"]) for error in body.get("errors", [])]
    return (response.status_code, body["type"].rpartition("/")[2], errors)


def put_down(organisation, number=1):
    return [
        suppress_by_organiser(
            organisation=organisation, email=f"blocked{n}@example.org", note="x", actor=SYSTEM
        )
        for n in range(number)
    ]


def test_an_address_is_put_down_read_and_lifted(api, conference):
    made = api.post(BASE, {"email": "Ana@Example.org", "conference": "forum", "note": "By phone"})
    assert made.status_code == 201
    body = made.json()
    assert body == {
        "code": body["code"],
        "email": "ana@example.org",
        "conference": "forum",
        "reason": "organiser",
        "note": "By phone",
        "created_at": body["created_at"],
    }
    address = f"{BASE}{body['code']}/"
    assert (made["Location"], made["ETag"]) == (f"http://testserver{address}", '"v1"')
    assert api.get(address).json() == body
    assert Suppression.objects.get().by_kind == "token"
    assert api.delete(address).status_code == 428
    assert problem(api.delete(address, '"v7"')) == (412, "stale", [])
    assert api.delete(address, '"v1"').status_code == 204
    assert api.get(address).status_code == 404


def test_all_conferences_is_null(api, organisation):
    for body in ({}, {"conference": None}):
        made = api.post(BASE, {"email": "ana@example.org", "note": "By phone", **body})
        assert (made.status_code, made.json()["conference"]) == (201, None)
        Suppression.objects.all().delete()


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, [("/email", "required"), ("/note", "required")]),
        ({"email": "nobody", "note": "x"}, [("/email", "email")]),
        (
            {"email": "a@example.org", "note": "x", "conference": "none"},
            [("/conference", "unknown")],
        ),
        ({"email": "a@example.org", "note": "x", "reason": "organiser"}, None),
        ({"email": "a@example.org", "note": "x", "state": "y"}, [("/state", "unknown")]),
    ],
)
def test_refusals_point_into_the_body(api, conference, body, errors):
    response = api.post(BASE, body)
    if errors is None:  # what can only be read is passed over
        assert response.status_code == 201
        return
    assert problem(response) == (400, "validation-failed", errors)
    assert Suppression.objects.count() == 0


def test_the_same_address_twice_is_a_conflict(api, organisation):
    body = {"email": "ana@example.org", "note": "x"}
    assert api.post(BASE, body).status_code == 201
    assert problem(api.post(BASE, body)) == (409, "conflict", [("/email", "taken")])


def test_somebodys_own_word_is_lifted_only_with_a_note(api, own_word):
    address = f"{BASE}{own_word.code}/"
    assert problem(api.delete(address, '"v1"')) == (
        400,
        "validation-failed",
        [("/note", "required")],
    )
    assert problem(api.post(f"{address}lift/", {}))[2] == [("/note", "required")]
    key = {"Idempotency_Key": "once"}
    done = api.post(f"{address}lift/", {"note": "Wrote to us"}, **key)
    assert (done.status_code, done.json()["code"]) == (200, own_word.code)
    again = api.post(f"{address}lift/", {"note": "Wrote to us"}, **key)
    assert (again.status_code, again["Idempotency-Replayed"]) == (200, "true")
    assert api.post(f"{address}lift/", {"note": "Wrote to us"}).status_code == 404
    assert [row.note for row in LiftedSuppression.objects.all()] == ["Wrote to us"]


def test_lists_are_filtered_by_address_conference_and_reason(api, organisation, own_word):
    put_down(organisation, 2)

    def found(query):
        return [row["email"] for row in api.get(f"{BASE}?{query}").json()["results"]]

    assert found("reason=organiser") == ["blocked0@example.org", "blocked1@example.org"]
    assert found("conference=forum") == [own_word.email_key]
    assert found("email=BLOCKED1@example.org") == ["blocked1@example.org"]
    assert found("ordering=-created_at")[0] == "blocked1@example.org"
    assert problem(api.get(f"{BASE}?whim=1"))[0] == 400


def test_scopes_and_other_organisations(api, organisation, other_organisation):
    row = put_down(organisation)[0]
    assert api.anonymous.get(BASE).status_code == 401
    assert api.of(Permission.PEOPLE_READ).get(BASE).status_code == 403
    reader = api.of(Permission.MAIL_READ)
    assert reader.get(BASE).status_code == 200
    assert reader.post(BASE, {"email": "a@example.org", "note": "x"}).status_code == 403
    assert reader.delete(f"{BASE}{row.code}/", '"v1"').status_code == 403
    stranger = api.of(organisation=other_organisation)
    own = BASE.replace("institute", other_organisation.slug)
    for path in (BASE, f"{BASE}{row.code}/", f"{own}{row.code}/"):
        assert stranger.get(path).status_code == 404
    assert stranger.delete(f"{own}{row.code}/", '"v1"').status_code == 404
    assert stranger.post(f"{own}{row.code}/lift/", {"note": "x"}).status_code == 404
    assert stranger.get(own).json()["results"] == []
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_many(api, organisation, number, django_assert_num_queries):
    put_down(organisation, number)
    with django_assert_num_queries(4):  # token, organisation, its first language, the rows
        api.get(BASE)

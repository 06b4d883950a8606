"""Access codes over the API: organisers make them, guests come with them, guessing is slow."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from accounts.permissions import Permission
from core.actors import SYSTEM
from registrations.models import AccessCode, Allotment, Registration
from registrations.services import code_guessing
from registrations.services.access_codes import create_access_code
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def press(conference):
    return RegistrationTypeFactory(conference=conference, slug="press", capacity=5, public=False)


@pytest.fixture
def code(conference, press):
    return create_access_code(
        conference=conference, registration_types=[press], code="NEWS27", max_uses=2, actor=SYSTEM
    )


@pytest.fixture
def ask(api, public):
    """Return a function: register as press with a code."""

    def call(text, email="ana@example.org", **more):
        body = {
            "registration_type": "press",
            "given_name": "Ana",
            "family_name": "Petrović",
            "email": email,
            "access_code": text,
        }
        return api.anonymous.post(f"{public}/registrations/", {**body, **more})

    return call


def test_a_code_is_made_changed_ended_and_deleted(api, base, guest_type):
    made = api.post(
        f"{base}/access-codes/",
        {
            "code": "Friends",
            "name": "Friends of the house",
            "registration_types": ["guest"],
            "max_uses": 3,
            "holds_places": True,
            "expires_at": "2027-03-10T18:00",
        },
    )
    body = made.json()
    created_at = body.pop("created_at")
    assert created_at
    assert (made.status_code, made["ETag"], body) == (
        201,
        '"v1"',
        {
            "code": "Friends",
            "name": "Friends of the house",
            "registration_types": ["guest"],
            "max_uses": 3,
            "holds_places": True,
            "approves": False,
            "active": True,
            "expires_at": "2027-03-10T17:00:00Z",
            "expires_local": "2027-03-10T18:00",
        },
    )
    path = made["Location"].removeprefix("http://testserver")
    assert api.get(f"{path}availability/").json() == {"used": 0, "left": 3, "held": 3}

    changed = api.patch(path, {"max_uses": 2}, '"v1"')
    assert (changed.status_code, changed.json()["max_uses"]) == (200, 2)
    assert api.patch(path, {"max_uses": 1}, '"v1"').status_code == 412
    ended = api.post(f"{path}end/", {})
    assert (ended.status_code, ended.json()["active"]) == (200, False)
    assert Allotment.objects.get().held == 0
    assert api.delete(path, ended["ETag"]).status_code == 204
    assert not AccessCode.objects.exists()


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"code": "a b"}, {"/code": "invalid"}),
        ({"registration_types": ["nobody"]}, {"/registration_types/0": "unknown"}),
        ({"registration_types": []}, {"/registration_types": "required"}),
        ({"max_uses": "2"}, {"/max_uses": "invalid"}),
        ({"expires_at": "soon"}, {"/expires_at": "invalid"}),
        ({"used": 3}, {"/used": "unknown"}),
    ],
)
def test_what_can_not_be_taken_is_named(api, base, guest_type, problem, changes, errors):
    answer = api.post(f"{base}/access-codes/", {"registration_types": ["guest"], **changes})
    assert problem(answer) == (400, "validation-failed", errors)


def test_many_are_made_once_for_a_key(api, base, guest_type, problem):
    path = f"{base}/access-code-batches/"
    body = {"number": 3, "registration_types": ["guest"], "name": "Students"}

    made = api.post(path, body, Idempotency_Key="k1")
    again = api.post(path, body, Idempotency_Key="k1")

    assert made.status_code == again.status_code == 201
    assert made.json() == again.json()
    assert sorted(made.json()["codes"]) == sorted(AccessCode.objects.values_list("code", flat=True))
    wrong = api.post(path, {"number": 0, "registration_types": ["guest"]})
    assert problem(wrong) == (400, "validation-failed", {"/number": "range"})


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_many(
    api, base, conference, guest_type, count, django_assert_num_queries
):
    for number in range(count):
        create_access_code(
            conference=conference,
            registration_types=[guest_type],
            code=f"CODE-{number}",
            actor=SYSTEM,
        )
    token = api.of(Permission.REGISTRATION_WRITE)
    token.get(f"{base}/access-codes/")

    # Token, organisation, conference, codes, their types.
    with django_assert_num_queries(5):
        answer = token.get(f"{base}/access-codes/?active=true&type=guest")
    assert len(answer.json()["results"]) == count


def test_only_who_may_give_places_reads_codes(api, base, code, other_organisation, problem):
    reader = api.of(Permission.REGISTRATION_READ)
    assert problem(reader.get(f"{base}/access-codes/"))[:2] == (403, "forbidden")
    stranger = api.of(organisation=other_organisation)
    assert stranger.get(f"{base}/access-codes/NEWS27/").status_code == 404


def test_a_guest_comes_with_a_code(ask, code, press, api, base):
    answer = ask("news27")

    assert (answer.status_code, answer.json()["status"]) == (201, "confirmed")
    row = Registration.objects.get()
    assert row.access_code == code
    shown = api.get(f"{base}/registrations/{row.code}/").json()
    assert shown["access_code"] == "NEWS27"


def test_a_wrong_code_is_said_at_its_field(ask, code, problem):
    assert problem(ask("NEWS28")) == (400, "validation-failed", {"/access_code": "unknown"})
    assert problem(ask("")) == (400, "validation-failed", {"/registration_type": "unknown"})
    assert problem(ask(None)) == (400, "validation-failed", {"/registration_type": "unknown"})
    ask("NEWS27")
    ask("NEWS27", "b@example.org")
    used_up = ask("NEWS27", "c@example.org")
    assert problem(used_up) == (400, "validation-failed", {"/access_code": "used-up"})


def test_the_form_shows_what_the_code_opens(api, public, code, guest_type, problem):
    def types(query):
        answer = api.anonymous.get(f"{public}/registration-form/{query}")
        return [row["slug"] for row in answer.json()["types"]]

    assert (types(""), types("?access_code=news27")) == (["guest"], ["press"])
    wrong = api.anonymous.get(f"{public}/registration-form/?access_code=x")
    assert problem(wrong) == (400, "validation-failed", {"/access_code": "unknown"})


class TestGuessing:
    @pytest.fixture(autouse=True)
    def throttled(self, settings):
        settings.THROTTLE = True
        cache.clear()

    def test_a_client_has_so_many_wrong_codes(self, ask, code, problem):
        for _ in range(code_guessing.A_CLIENT):
            assert ask("NO-SUCH").status_code == 400

        stopped = ask("NEWS27")

        assert problem(stopped) == (429, "throttled", {"/access_code": "throttled"})
        assert int(stopped["Retry-After"]) > 0
        assert not Registration.objects.exists()

    def test_a_crowd_that_comes_with_codes_earns_more_tries(self, ask, code, monkeypatch):
        monkeypatch.setattr(code_guessing, "A_CLIENT", 4)
        AccessCode.objects.update(max_uses=None)
        for number in range(4):
            ask("NEWS27", f"guest{number}@example.org")
        for _ in range(7):
            assert ask("NO-SUCH").status_code == 400

        assert ask("NEWS27", "late@example.org").status_code == 201

    def test_a_conference_that_is_guessed_from_everywhere_leaves_each_a_few_tries(
        self, ask, code, conference, monkeypatch
    ):
        monkeypatch.setattr(code_guessing, "A_CONFERENCE", 0)
        for _ in range(code_guessing.AT_LEAST):
            assert ask("NO-SUCH").status_code == 400

        assert ask("NEWS27").status_code == 429
        code_guessing.check_guesses(conference, "192.0.2.7", "NEWS27")

    def test_without_a_code_nobody_is_stopped(self, ask, code, guest_type):
        for _ in range(code_guessing.A_CLIENT + 1):
            ask("NO-SUCH")

        assert ask("", registration_type="guest").status_code == 201


def test_an_organiser_gives_a_place_that_is_kept_back(api, base, guest_type, problem):
    hall = guest_type.allotments.get()
    made = api.post(
        f"{base}/hold-backs/", {"allotment": hall.code, "name": "The ministry", "count": 1}
    )
    body = made.json()
    assert (made.status_code, made["ETag"]) == (201, '"v1"')
    assert body == {
        "code": body["code"],
        "allotment": hall.code,
        "name": "The ministry",
        "count": 1,
        "release_at": None,
        "release_local": None,
    }
    path = made["Location"].removeprefix("http://testserver")
    ana = {"registration_type": "guest", "given_name": "Ana", "family_name": "Petrović"}
    entry = {**ana, "hold_back": body["code"]}

    given = api.post(f"{base}/registrations/", entry)
    assert (given.status_code, api.get(path).json()["count"]) == (201, 0)
    assert problem(api.post(f"{base}/registrations/", entry)) == (
        400,
        "validation-failed",
        {"/hold_back": "used-up"},
    )
    # What is left is part of the resource: who has read it before starts again.
    assert api.patch(path, {"count": 3}, '"v1"').status_code == 412
    later = {**body, "count": 3, "release_at": "2027-03-10T10:00"}
    assert api.patch(path, later, '"v2"').json()["release_local"] == "2027-03-10T10:00"
    assert api.patch(path, {"count": 4}, api.get(path)["ETag"]).json()["count"] == 4
    assert problem(api.patch(path, {"count": 99}, api.get(path)["ETag"]))[1] == "sold-out"
    assert api.delete(path, api.get(path)["ETag"]).status_code == 204
    assert (Allotment.objects.get().held, Allotment.objects.get().taken) == (0, 1)


class TestAllotments:
    def test_one_is_made_shared_and_deleted(self, api, base, guest_type, problem):
        made = api.post(f"{base}/allotments/", {"name": "Great hall", "capacity": 3})
        body = made.json()
        assert (made.status_code, body) == (
            201,
            {
                "code": body["code"],
                "name": "Great hall",
                "capacity": 3,
                "registration_types": [],
            },
        )
        path = made["Location"].removeprefix("http://testserver")
        own = guest_type.allotments.get()
        RegistrationFactory(registration_type=guest_type)

        kind = f"{base}/registration-types/guest/"
        shared = api.patch(kind, {"allotments": [own.code, body["code"]]}, '"v1"')
        assert (shared.status_code, shared["ETag"]) == (200, '"v2"')
        assert sorted(shared.json()["allotments"]) == sorted([own.code, body["code"]])
        figures = api.get(f"{path}availability/").json()
        assert figures == {"capacity": 3, "taken": 1, "held": 0, "left": 2}
        assert api.get(path).json()["registration_types"] == ["guest"]
        assert api.get(path)["ETag"] == '"v2"'

        assert problem(api.delete(path, '"v2"'))[1] == "in-use"
        low = api.patch(path, {"capacity": 0}, '"v2"')
        assert problem(low) == (409, "capacity-below-taken", {"/capacity": "below-taken"})
        api.patch(kind, {"allotments": [own.code]}, '"v2"')
        assert api.delete(path, '"v3"').status_code == 204

    def test_too_small_a_one_is_refused(self, api, base, guest_type, problem):
        small = api.post(f"{base}/allotments/", {"name": "Nook", "capacity": 0}).json()
        RegistrationFactory(registration_type=guest_type)

        answer = api.patch(
            f"{base}/registration-types/guest/", {"allotments": [small["code"]]}, '"v1"'
        )

        assert problem(answer) == (409, "sold-out", {"/allotments": "too-few"})

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_list_costs_the_same_for_many(
        self, api, base, conference, count, django_assert_num_queries
    ):
        for _ in range(count):
            RegistrationTypeFactory(conference=conference)
        token = api.of(Permission.REGISTRATION_READ)
        token.get(f"{base}/allotments/")

        # Token, organisation, conference, allotments, what draws from them.
        with django_assert_num_queries(5):
            assert len(token.get(f"{base}/allotments/").json()["results"]) == count

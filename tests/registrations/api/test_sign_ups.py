"""Session sign-up over the API."""

from __future__ import annotations

import pytest

from accounts.permissions import Permission
from core.actors import SYSTEM
from events.services.schedules import publish_schedule
from registrations.models import Allotment, Registration, SignUpSession
from registrations.services.sign_up_sessions import open_sign_up
from registrations.services.signing_up import choose_sessions
from tests.factories.events import SessionFactory
from tests.factories.registrations import RegistrationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def maps(conference):
    """A published session in the first hour of the conference."""
    start = conference.start_local
    session = SessionFactory(
        conference=conference,
        title={"en": "Maps"},
        start_local=start,
        end_local=start.replace(hour=start.hour + 1),
    )
    publish_schedule(conference=conference, name="1.0", actor=SYSTEM)
    return session


@pytest.fixture
def sign_up(maps):
    return open_sign_up(session=maps, capacity=2, actor=SYSTEM)


def test_a_session_is_opened_changed_and_closed(api, base, maps, guest_type, problem):
    made = api.post(
        f"{base}/sign-up-sessions/",
        {
            "session": maps.code,
            "capacity": 12,
            "registration_types": ["guest"],
            "opens_at": "2027-03-02T09:00",
        },
    )
    body = {
        "session": maps.code,
        "capacity": 12,
        "registration_types": ["guest"],
        "opens_at": "2027-03-02T08:00:00Z",
        "closes_at": None,
        "opens_local": "2027-03-02T09:00",
        "closes_local": None,
    }
    assert (made.status_code, made["ETag"], made.json()) == (201, '"v1"', body)
    path = made["Location"].removeprefix("http://testserver")
    assert path == f"{base}/sign-up-sessions/{maps.code}/"
    again = api.post(f"{base}/sign-up-sessions/", {"session": maps.code})
    assert problem(again) == (409, "conflict", {"/session": "taken"})

    changed = api.patch(path, {"capacity": None, "registration_types": []}, '"v1"')
    assert changed.json() == {**body, "capacity": None, "registration_types": []}
    figures = {"capacity": None, "taken": 0, "held": 0, "left": None}
    assert api.get(f"{path}availability/").json() == figures
    other = SessionFactory(conference=maps.conference)
    moved = api.patch(path, {"session": other.code}, '"v2"')
    assert problem(moved) == (400, "validation-failed", {"/session": "unknown"})
    assert api.delete(path, '"v2"').status_code == 204
    assert not SignUpSession.objects.exists()


def test_the_public_form_says_what_can_be_chosen(api, public, sign_up, maps, guest_type):
    body = api.anonymous.get(f"{public}/registration-form/").json()

    start = maps.start_local.isoformat(timespec="minutes")
    assert body["sessions"] == [
        {
            "code": maps.code,
            "title": "Maps",
            "start": start,
            "end": maps.end_local.isoformat(timespec="minutes"),
            "state": "open",
            "places_left": 2,
            "registration_types": [],
        }
    ]


def test_a_guest_chooses_while_registering(api, public, sign_up, maps, guest_type, problem):
    body = {
        "registration_type": "guest",
        "given_name": "Ana",
        "family_name": "Petrović",
        "email": "ana@example.org",
    }

    def ask(sessions):
        return api.anonymous.post(f"{public}/registrations/", {**body, "sessions": sessions})

    unknown = ask(["ZZZZZZ"])
    assert problem(unknown) == (400, "validation-failed", {"/sessions/0": "unknown"})
    assert problem(ask([5])) == (400, "validation-failed", {"/sessions/0": "invalid"})
    assert ask([maps.code]).status_code == 201
    assert Registration.objects.get().sign_ups.count() == 1
    Allotment.objects.filter(name="Maps").update(capacity=1)
    body["email"] = "b@example.org"
    assert problem(ask([maps.code])) == (409, "sold-out", {"/sessions": "sold-out"})
    assert Registration.objects.count() == 1


def test_an_organiser_enters_and_changes_sessions(api, base, sign_up, maps, guest_type, problem):
    entry = {"registration_type": "guest", "given_name": "Ana", "family_name": "Petrović"}
    made = api.post(f"{base}/registrations/", {**entry, "sessions": [maps.code]})
    assert (made.status_code, made.json()["sessions"]) == (201, [maps.code])
    path = made["Location"].removeprefix("http://testserver")

    left = api.patch(path, {"sessions": [], "given_name": "Mila"}, '"v1"')
    assert (left.json()["sessions"], left.json()["given_name"]) == ([], "Mila")
    assert Allotment.objects.get(name="Maps").taken == 0
    # All or nothing.
    wrong = api.patch(path, {"sessions": ["ZZZZZZ"], "given_name": "Eva"}, left["ETag"])
    assert problem(wrong) == (400, "validation-failed", {"/sessions/0": "unknown"})
    assert api.get(path).json() == left.json()
    assert api.patch(path, {"sessions": [maps.code]}, '"v1"').status_code == 412


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_cost_the_same_for_many(
    api, base, sign_up, maps, guest_type, count, django_assert_num_queries
):
    Allotment.objects.update(capacity=None)
    for _ in range(count):
        choose_sessions(
            registration=RegistrationFactory(registration_type=guest_type),
            codes=[maps.code],
            expected=None,
            actor=SYSTEM,
        )
    token = api.of(Permission.REGISTRATION_READ)
    token.get(f"{base}/sign-ups/")

    # Token, organisation, conference; who signed up.
    with django_assert_num_queries(4):
        rows = token.get(f"{base}/sign-ups/?session={maps.code}").json()["results"]
    assert [(row["session"], row["status"]) for row in rows] == [(maps.code, "confirmed")] * count
    # Token, organisation, conference, sessions, kinds of place.
    with django_assert_num_queries(5):
        assert len(token.get(f"{base}/sign-up-sessions/").json()["results"]) == 1
    # Registrations, their sign-ups with session in three queries, and in four their answers.
    with django_assert_num_queries(11):
        found = token.get(f"{base}/registrations/").json()["results"]
    assert [row["sessions"] for row in found] == [[maps.code]] * count


def test_strangers_find_nothing(api, base, sign_up, maps, other_organisation):
    stranger = api.of(organisation=other_organisation)
    for path in ("sign-ups/", "sign-up-sessions/", f"sign-up-sessions/{maps.code}/"):
        assert stranger.get(f"{base}/{path}").status_code == 404

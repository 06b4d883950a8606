from __future__ import annotations

import pytest

from events.models import Availability, RoleRequirement, SessionPrecedence
from tests.factories.events import PersonFactory, SessionFactory


def test_the_usual_requirements_are_read_changed_and_taken_back(api, conference, base):
    listed = api.get(f"{base}/role-requirements/").json()
    assert listed["results"][:2] == [
        {
            "code": "panel-moderator",
            "kind": "panel",
            "role": "moderator",
            "minimum": 1,
            "maximum": 2,
            "usual": True,
        },
        {
            "code": "panel-panellist",
            "kind": "panel",
            "role": "panellist",
            "minimum": 3,
            "maximum": 5,
            "usual": True,
        },
    ]
    path = f"{base}/role-requirements/panel-panellist/"

    changed = api.patch(path, {"minimum": 2, "maximum": None}, '"v1"')
    assert (changed.status_code, changed["ETag"]) == (200, '"v2"')
    assert changed.json() == {
        "code": "panel-panellist",
        "kind": "panel",
        "role": "panellist",
        "minimum": 2,
        "maximum": None,
        "usual": False,
    }
    assert api.patch(path, {"minimum": 3}, '"v1"').status_code == 412
    assert api.patch(path, {"minimum": 3}).status_code == 428
    assert api.delete(path, '"v2"').status_code == 204
    assert RoleRequirement.objects.count() == 0
    assert api.get(path).json()["usual"] is True
    assert api.delete(path, '"v3"').status_code == 404


def test_a_role_without_a_usual_number_is_given_one(api, conference, base):
    body = {"kind": "panel", "role": "rapporteur", "minimum": 1, "maximum": 1}

    made = api.post(f"{base}/role-requirements/", body)

    assert (made.status_code, made["ETag"]) == (201, '"v2"')
    assert made["Location"] == f"http://testserver{base}/role-requirements/panel-rapporteur/"
    assert api.get(f"{base}/role-requirements/panel-rapporteur/").json() == {
        "code": "panel-rapporteur",
        "usual": False,
        **body,
    }
    wrong = api.post(f"{base}/role-requirements/", {**body, "maximum": 0})
    assert [e["pointer"] for e in wrong.json()["errors"]] == ["/maximum"]
    assert api.get(f"{base}/role-requirements/panel-host/").status_code == 404


def test_availability_is_a_resource_of_a_person(api, conference, base):
    person = PersonFactory(organisation=conference.organisation)
    window = {"start": "2027-03-18T09:00", "end": "2027-03-18T12:00"}

    made = api.post(f"{base}/availabilities/", {"person": person.code, "windows": [window]})

    assert (made.status_code, made["ETag"]) == (201, '"v2"')
    assert made["Location"] == f"http://testserver{base}/availabilities/{person.code}/"
    whole = {
        **window,
        "note": "",
        "starts_at": "2027-03-18T08:00:00Z",
        "ends_at": "2027-03-18T11:00:00Z",
    }
    assert made.json() == {"person": person.code, "windows": [whole]}
    path = f"{base}/availabilities/{person.code}/"
    assert api.get(path).json() == made.json()
    wrong = {"windows": [{"start": "2027-03-18T13:00", "end": "2027-03-18T12:00"}]}
    assert [e["pointer"] for e in api.patch(path, wrong, '"v2"').json()["errors"]] == [
        "/windows/0/end"
    ]
    later = {"windows": [{**window, "note": "by train"}]}
    assert api.patch(path, later, '"v2"').json()["windows"][0]["note"] == "by train"
    assert api.patch(path, later, '"v2"').status_code == 412
    assert api.delete(path, '"v3"').status_code == 204
    assert Availability.objects.count() == 0
    assert api.get(path).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_availabilities_are_listed_with_the_same_queries(
    api, conference, base, number, django_assert_num_queries
):
    for _ in range(number):
        person = PersonFactory(organisation=conference.organisation)
        window = {"start": "2027-03-18T09:00", "end": "2027-03-18T12:00"}
        api.post(f"{base}/availabilities/", {"person": person.code, "windows": [window]})

    with django_assert_num_queries(5):
        listed = api.get(f"{base}/availabilities/").json()
    assert len(listed["results"]) == number


def test_an_order_is_a_resource_of_two_sessions(api, conference, base):
    first, then = (SessionFactory(conference=conference) for _ in range(2))
    body = {"first": first.code, "then": then.code}

    made = api.post(f"{base}/precedences/", body)

    assert (made.status_code, made["ETag"]) == (201, '"v2"')
    path = f"{base}/precedences/{first.code}-{then.code}/"
    assert made["Location"] == f"http://testserver{path}"
    assert api.get(path).json() == {"code": f"{first.code}-{then.code}", **body}
    assert api.get(f"{base}/precedences/").json()["results"] == [api.get(path).json()]
    assert api.post(f"{base}/precedences/", body).status_code == 409
    circle = api.post(f"{base}/precedences/", {"first": then.code, "then": first.code})
    assert [e["code"] for e in circle.json()["errors"]] == ["circle"]
    assert api.delete(path, '"v2"').status_code == 204
    assert SessionPrecedence.objects.count() == 0


def test_rooms_have_hours_and_turnaround(api, conference, base, room):
    path = f"{base}/rooms/{room.code}/"

    changed = api.patch(
        path, {"opens": "08:00", "closes": "02:00", "turnaround_minutes": 10}, '"v1"'
    )

    assert changed.status_code == 200
    hours = {name: changed.json()[name] for name in ("opens", "closes", "turnaround_minutes")}
    assert hours == {"opens": "08:00", "closes": "02:00", "turnaround_minutes": 10}
    half = api.patch(path, {"closes": None}, '"v2"')
    assert [e["pointer"] for e in half.json()["errors"]] == ["/closes"]
    assert api.patch(path, {"opens": None, "closes": None}, '"v2"').status_code == 200

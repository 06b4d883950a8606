from __future__ import annotations

import datetime as dt

import pytest

from core.actors import SYSTEM
from events.models import ConflictOverride
from registrations.models import SignUp
from registrations.services.sign_up_sessions import open_sign_up
from tests.factories.accounts import OrganisationFactory
from tests.factories.events import (
    ConferenceFactory,
    ConferenceVenueFactory,
    ParticipationFactory,
    RoomFactory,
    SessionFactory,
)
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory


@pytest.fixture
def conference(organisation):
    return ConferenceFactory(organisation=organisation, slug="open-forum")


@pytest.fixture
def base():
    return "/api/v1/organisations/institute/conferences/open-forum/conflicts"


@pytest.fixture
def room(conference):
    return RoomFactory(
        venue=ConferenceVenueFactory(conference=conference).venue, name={"en": "Red room"}
    )


def place(conference, room, start, end, **fields):
    start, end = (dt.datetime.fromisoformat(f"2027-03-18T{time}") for time in (start, end))
    fields = {"kind": "break", **fields}
    return SessionFactory(
        conference=conference, room=room, start_local=start, end_local=end, **fields
    )


@pytest.fixture
def clash(conference, room):
    return [
        place(conference, room, "10:00", "11:00", kind="reception", title={"en": "Coffee <b>"}),
        place(conference, room, "10:30", "11:30", kind="discussion", title={"en": "Debate"}),
    ]


def test_what_is_wrong_is_listed_with_its_numbers(api, clash, base, room):
    host = ParticipationFactory(session=clash[1], role="moderator")

    answer = api.get(f"{base}/")

    assert answer.status_code == 200
    assert host.person.code
    assert answer.json() == {
        "results": [
            {
                "key": f"room_overlap:{'+'.join(sorted(row.code for row in clash))}",
                "kind": "room_overlap",
                "level": "warning",
                "sentence": (
                    "“Coffee <b>” (10:00–11:00) and “Debate” (10:30–11:30) overlap in Red room "
                    "on Thu 18 March."
                ),
                "sessions": [row.code for row in clash],
                "people": [],
                "rooms": [room.code],
                "override": None,
            }
        ],
        "errors": 0,
        "warnings": 1,
        "notices": 0,
    }


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries(
    api, conference, base, room, number, django_assert_num_queries
):
    for _ in range(number):
        ParticipationFactory(session=place(conference, room, "10:00", "11:00", kind="discussion"))

    # The token, the organisation, the conference; the demand; the draft.
    with django_assert_num_queries(16):
        assert len(api.get(f"{base}/").json()["results"]) == number * (number - 1) // 2 + number


def test_sign_ups_are_the_demand(api, conference, base, room):
    room.capacity = 1
    room.save()
    session = place(conference, room, "10:00", "11:00")
    sign_up = open_sign_up(session=session, capacity=1, actor=SYSTEM)
    kind = RegistrationTypeFactory(conference=conference)
    for status in ("confirmed", "confirmed", "cancelled"):
        fields = {"registration_type": kind, "status": status}
        SignUp.objects.create(registration=RegistrationFactory(**fields), sign_up_session=sign_up)

    (found,) = api.get(f"{base}/").json()["results"]

    assert found["kind"] == "too_small"
    assert found["sentence"].startswith("2 people have signed up for ")


def test_a_move_is_asked_about_and_nothing_is_written(api, conference, base, room, clash):
    moved = clash[0]
    body = {"session": moved.code, "start": "2027-03-18T12:00", "end": "2027-03-18T13:00"}

    free = api.post(f"{base}/check/", {**body, "room": room.code})
    assert (free.status_code, free.json()["results"]) == (200, [])
    taken = api.post(
        f"{base}/check/",
        {**body, "start": "2027-03-18T11:15", "end": "2027-03-18T14:00", "room": room.code},
    )
    assert [one["kind"] for one in taken.json()["results"]] == ["room_overlap", "conference_hours"]
    assert taken.json()["warnings"] == 1
    moved.refresh_from_db()
    assert (moved.version, moved.start_local.hour) == (1, 10)


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"session": "ZZZZZZ"}, "/session"),
        ({"room": "ZZZZZZ"}, "/room"),
        ({"start": "soon"}, "/start"),
        ({"start": None}, "/start"),
        ({"end": "2027-03-18T11:00"}, "/end"),
        ({"note": "x"}, "/note"),
    ],
)
def test_a_slot_that_can_not_be_is_refused(api, conference, base, clash, wrong, pointer):
    body = {
        "session": clash[0].code,
        "start": "2027-03-18T12:00",
        "end": "2027-03-18T13:00",
        "room": None,
    }

    answer = api.post(f"{base}/check/", body | wrong)

    assert answer.status_code == 400
    assert [e["pointer"] for e in answer.json()["errors"]] == [pointer]


def test_a_conflict_is_accepted_and_taken_back(api, clash, base):
    ParticipationFactory(session=clash[1], role="moderator")
    (found,) = api.get(f"{base}/").json()["results"]

    assert api.post(f"{base}/override/", {"key": found["key"], "reason": ""}).status_code == 400
    made = api.post(f"{base}/override/", {"key": found["key"], "reason": "A curtain."})
    assert made.status_code == 200
    assert made.json()["override"]["reason"] == "A curtain."
    listed = api.get(f"{base}/").json()
    assert listed["results"] == [made.json()]
    assert listed["warnings"] == 0

    assert api.post(f"{base}/withdraw/", {"key": found["key"]}).status_code == 204
    assert ConflictOverride.objects.count() == 0
    assert api.post(f"{base}/withdraw/", {"key": found["key"]}).status_code == 404
    assert api.post(
        f"{base}/override/", {"key": "room_overlap:A+B", "reason": "x"}
    ).status_code == (404)


def test_another_organisations_conflicts_are_not_there(api, conference, base):
    stranger = ConferenceFactory(organisation=OrganisationFactory(slug="other"), slug="theirs")
    path = base.replace("institute", "other").replace("open-forum", stranger.slug)

    assert api.get(f"{path}/").status_code == 404

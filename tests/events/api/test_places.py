from __future__ import annotations

import pytest

from events.models import Conference, Room, Venue
from tests.factories.events import (
    ConferenceVenueFactory,
    RoomFactory,
    SessionFactory,
    VenueFactory,
)

VENUES = "/api/v1/organisations/institute/venues/"


def test_a_venue_is_made_changed_and_deleted(api, organisation):
    made = api.post(VENUES, {"name": "Town hall", "city": "Novi Sad", "country": "rs"})
    assert made.status_code == 201
    code = made.json()["code"]
    assert made.json() == {
        "code": code,
        "name": {"en": "Town hall"},
        "street": "",
        "postal_code": "",
        "city": "Novi Sad",
        "country": "RS",
        "directions": {},
        "entrance": {},
        "access": {},
        "latitude": None,
        "longitude": None,
    }
    path = made["Location"].removeprefix("http://testserver")
    assert path == f"{VENUES}{code}/"

    changed = api.patch(path, {"latitude": 45.25, "longitude": 19.84}, made["ETag"])
    assert (changed.status_code, changed["ETag"]) == (200, '"v2"')
    assert (changed.json()["latitude"], changed.json()["longitude"]) == (45.25, 19.84)
    assert api.get(path).json() == changed.json()

    assert api.delete(path).status_code == 428
    assert api.delete(path, '"v1"').status_code == 412
    assert api.delete(path, '"v2"').status_code == 204
    assert api.get(path).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"name": ""}, "/name", "required"),
        ({"country": "R1"}, "/country", "country"),
        ({"latitude": 95, "longitude": 3}, "/latitude", "range"),
        ({"latitude": 45}, "/latitude", "pair"),
        ({"street": "x" * 201}, "/street", "too-long"),
    ],
)
def test_a_venue_says_what_is_wrong(api, organisation, wrong, pointer, code):
    answer = api.post(VENUES, {"name": "Town hall", **wrong})
    assert answer.status_code == 400
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [(pointer, code)]
    assert Venue.objects.count() == 0


def test_a_venue_in_use_stays(api, conference, room):
    answer = api.delete(f"{VENUES}{room.venue.code}/", '"v1"')
    assert (answer.status_code, answer.json()["type"].rsplit("/")[-1]) == (409, "in-use")
    assert Venue.objects.count() == 1


def test_a_room_names_its_venue_which_joins_the_conference(api, conference, base):
    venue = VenueFactory(organisation=conference.organisation)
    made = api.post(f"{base}/rooms/", {"venue": venue.code, "name": "Red room", "capacity": 80})
    assert made.status_code == 201
    code = made.json()["code"]
    assert made.json() == {
        "code": code,
        "venue": venue.code,
        "name": {"en": "Red room"},
        "capacity": 80,
        "turnaround_minutes": 0,
        "opens": None,
        "closes": None,
        "order": 0,
    }
    assert api.get(f"{base}/").json()["venues"] == [venue.code]
    assert api.get(f"{base}/rooms/{code}/").json() == made.json()
    assert Conference.objects.get().version == 2


def test_a_room_needs_a_venue_of_the_organisation(api, conference, base):
    answer = api.post(f"{base}/rooms/", {"venue": VenueFactory().code, "name": "Red room"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/venue"
    assert Room.objects.count() == 0


def test_rooms_are_put_in_order_and_stay_in_their_building(api, conference, base, room):
    second = RoomFactory(venue=room.venue, order=1)
    path = f"{base}/rooms/{second.code}/"
    answer = api.patch(path, {"order": 0, "venue": room.venue.code}, '"v1"')
    assert (answer.status_code, answer.json()["order"]) == (200, 0)
    room.refresh_from_db()
    assert room.order == 1
    other = VenueFactory(organisation=conference.organisation)
    assert api.patch(path, {"venue": other.code}, '"v2"').status_code == 400


def test_a_room_where_something_is_planned_stays(api, conference, base, room):
    SessionFactory(
        conference=conference,
        room=room,
        start_local=conference.start_local,
        end_local=conference.end_local,
    )
    assert api.delete(f"{base}/rooms/{room.code}/", '"v1"').status_code == 409
    assert Room.objects.count() == 1


def test_an_unused_room_goes(api, conference, base, room):
    assert api.delete(f"{base}/rooms/{room.code}/", '"v1"').status_code == 204
    assert Room.objects.count() == 0


def test_rooms_of_other_venues_are_not_there(api, conference, base, room):
    RoomFactory()
    assert [row["code"] for row in api.get(f"{base}/rooms/").json()["results"]] == [room.code]
    assert len(api.get(f"{base}/rooms/?venue={room.venue.code}").json()["results"]) == 1
    assert api.get(f"{base}/rooms/?venue=OTHER1").json()["results"] == []
    assert api.get(f"{base}/rooms/?size=3").status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_lists_of_places_ask_as_often_for_many_as_for_one(
    api, conference, base, count, django_assert_num_queries
):
    link = ConferenceVenueFactory(conference=conference)
    for _ in range(count):
        RoomFactory(venue=link.venue)
    VenueFactory.create_batch(count - 1, organisation=conference.organisation)
    api.get(VENUES)  # the token notes its first use
    with django_assert_num_queries(3):
        assert len(api.get(VENUES).json()["results"]) == count
    with django_assert_num_queries(4):
        assert len(api.get(f"{base}/rooms/").json()["results"]) == count

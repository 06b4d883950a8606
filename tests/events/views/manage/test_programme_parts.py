"""Venues, rooms, tracks and the published versions, as organisers keep them."""

from __future__ import annotations

import pytest

from events.models import Room, Tag, Track, Venue
from tests.events.views.reading import HOSTILE, filled, text_of
from tests.factories.events import (
    ConferenceFactory,
    RoomFactory,
    SessionFactory,
    TrackFactory,
    VenueFactory,
)

PEOPLE = "/manage/institute/people/"
VENUES = "/manage/institute/venues/"
TRACKS = "/manage/institute/open-forum/tracks/"
SCHEDULE = "/manage/institute/open-forum/schedule/"


@pytest.mark.parametrize("count", [1, 3])
def test_venues_cost_the_same_for_one_and_for_three(
    owner, organisation, client_as, django_assert_num_queries, count
):
    for _ in range(count):
        RoomFactory(venue=VenueFactory(organisation=organisation))
    client = client_as(owner)
    with django_assert_num_queries(4):
        page = text_of(client.get(VENUES))
    assert page.count("Knez Mihailova 1, Belgrade 1 0") == count


def test_a_venue_and_its_rooms_are_kept(owner, organisation, client_as):
    client = client_as(owner)
    assert "There is no venue yet." in text_of(client.get(VENUES))
    assert client.get(f"{VENUES}new/").status_code == 200
    client.post(f"{VENUES}new/", {"name_en": "River House", "city": "Belgrade", "country": "rs"})
    venue = Venue.objects.get()
    assert (venue.name, venue.country) == ({"en": "River House"}, "RS")
    url = f"{VENUES}{venue.code}/"
    data = filled(client.get(url).context["form"])
    assert client.post(url, data | {"latitude": "44.8", "longitude": "20.4"}).status_code == 302
    refused = client.post(
        url, filled(client.get(url).context["form"]) | {"latitude": "99", "longitude": "20"}
    )
    assert list(refused.context["form"].errors) == ["latitude"]

    client.post(f"{url}rooms/", {"name_en": "Great hall", "capacity": "120"})
    room = Room.objects.get()
    assert (room.name, room.capacity) == ({"en": "Great hall"}, 120)
    wrong = client.post(f"{url}rooms/", {"name_en": "Cellar", "capacity": "-1"})
    assert wrong.context["room_form"].errors
    room_url = f"{VENUES}rooms/{room.code}/"
    data = filled(client.get(room_url).context["form"])
    assert client.post(room_url, data | {"capacity": ""}).status_code == 302
    assert Room.objects.get().capacity is None
    assert "Delete Great hall?" in text_of(client.get(f"{room_url}delete/"))
    client.post(f"{room_url}delete/")
    assert not Room.objects.exists()
    assert client.get(f"{url}delete/").status_code == 200
    assert client.post(f"{url}delete/")["Location"] == VENUES
    assert not Venue.objects.exists()
    assert client.get(url).status_code == client.get(room_url).status_code == 404


def test_what_is_used_is_not_deleted(owner, stage, client_as):
    client = client_as(owner)
    url = f"{VENUES}{stage.venue.code}/"
    assert client.post(f"{url}delete/")["Location"] == url
    assert "A conference uses this venue." in text_of(client.get(url))
    client.post(f"{VENUES}rooms/{stage.room.code}/delete/")
    assert "Something is planned in this room." in text_of(client.get(url))


def test_tracks_are_added_renamed_and_deleted(owner, stage, client_as):
    client = client_as(owner)
    assert client.get(TRACKS).status_code == 200
    client.post(TRACKS, {"name_en": "Rivers", "slug": "rivers"})
    assert "taken" not in text_of(client.get(TRACKS))
    twice = client.post(TRACKS, {"name_en": "Rivers", "slug": "rivers"})
    assert list(twice.context["form"].errors) == ["slug"]
    data = filled(client.get(f"{TRACKS}rivers/").context["form"])
    assert client.post(f"{TRACKS}rivers/", data | {"slug": "lakes"})["Location"] == TRACKS
    assert Track.objects.get().slug == "lakes"
    assert client.get(f"{TRACKS}rivers/").status_code == 404
    assert client.get(f"{TRACKS}lakes/delete/").status_code == 200
    client.post(f"{TRACKS}lakes/delete/")
    assert not Track.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_tracks_cost_the_same_for_one_and_for_three(
    owner, organisation, client_as, django_assert_num_queries, count
):
    conference = ConferenceFactory(organisation=organisation, slug="open-forum")
    for _ in range(count):
        SessionFactory(conference=conference, track=TrackFactory(conference=conference))
    client = client_as(owner)
    with django_assert_num_queries(5):
        client.get(TRACKS)


def test_before_the_first_version_it_says_so(owner, organisation, client_as):
    conference = ConferenceFactory(organisation=organisation, slug="open-forum", state="draft")
    client = client_as(owner)
    assert "Readers see no programme yet." in text_of(client.get(SCHEDULE))
    SessionFactory(conference=conference)
    client.post(SCHEDULE, {"name": ""})
    assert "its pages open when you publish it in its settings" in text_of(client.get(SCHEDULE))


def test_nothing_stored_becomes_markup(owner, stage, client_as):
    person = stage.people["Petar"]
    for name in ("honorific", "given_name", "affiliation", "position", "notes", "phone"):
        setattr(person, name, HOSTILE[: person._meta.get_field(name).max_length])
    person.bio = person.salutation = {"en": HOSTILE}
    person.save()
    person.tags.add(
        Tag.objects.create(organisation=stage.conference.organisation, slug="x", name=HOSTILE)
    )
    stage.venue.name = stage.venue.entrance = {"en": HOSTILE}
    stage.venue.street = HOSTILE
    stage.venue.save()
    stage.room.name = {"en": HOSTILE}
    stage.room.save()
    TrackFactory(conference=stage.conference, name={"en": HOSTILE}, slug="x")
    stage.version.name = HOSTILE[:90]
    stage.version.save()
    client = client_as(owner)
    for path in (
        PEOPLE,
        f"{PEOPLE}PETAR2/",
        f"{PEOPLE}PETAR2/delete/",
        VENUES,
        f"{VENUES}{stage.venue.code}/",
        f"{VENUES}rooms/{stage.room.code}/",
        TRACKS,
        f"{TRACKS}x/",
        SCHEDULE,
    ):
        body = client.get(path).content.decode()
        assert "<script>alert" not in body
        assert "<img src=x" not in body

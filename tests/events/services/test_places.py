from __future__ import annotations

from decimal import Decimal

import pytest

from core.actors import SYSTEM
from events.models import Room, Track, Venue
from events.services import series, tracks, venues
from events.services.schedules import publish_schedule
from events.services.sessions import unschedule_session
from tests.factories.events import (
    ConferenceFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
    TrackFactory,
    VenueFactory,
)


def names(rows):
    return [row.name["en"] for row in rows]


def test_a_venue_is_made_changed_and_deleted(organisation, actor, audited, refused):
    row = venues.create_venue(
        organisation=organisation,
        name={"en": "Hall"},
        actor=actor,
        country="rs",
        latitude="44.81",
        longitude=20.46,
        entrance={"en": "Ring\nthe bell."},
    )
    assert (row.country, row.latitude, row.longitude) == ("RS", Decimal("44.81"), Decimal("20.46"))
    changed = venues.change_venue(
        venue=row, changes={"latitude": None, "longitude": ""}, expected=1, actor=actor
    )
    assert (changed.version, changed.latitude, changed.longitude) == (2, None, None)
    assert audited() == ("change_venue", ["latitude", "longitude"], {})
    same = venues.change_venue(venue=row, changes={"country": "RS"}, expected=2, actor=actor)
    assert same.version == 2
    with refused("stale", row):
        venues.delete_venue(venue=row, expected=1, actor=actor)
    venues.delete_venue(venue=row, expected=2, actor=actor)
    assert Venue.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"name": {}}, "/name"),
        ({"country": "SRB"}, "/country"),
        ({"country": "1!"}, "/country"),
        ({"latitude": "north", "longitude": 1}, "/latitude"),
        ({"latitude": float("nan"), "longitude": 1}, "/latitude"),
        ({"longitude": 180.1, "latitude": 1}, "/longitude"),
        ({"longitude": 20}, "/latitude"),
    ],
)
def test_a_venue_refuses_without_a_trace(organisation, actor, refused, wrong, pointer):
    with refused("validation-failed", organisation, pointer=pointer):
        venues.create_venue(
            **{"organisation": organisation, "name": {"en": "Hall"}, "actor": actor} | wrong
        )
    assert Venue.objects.count() == 0


def test_rooms_stand_in_order_and_raise_their_venue(organisation, actor, refused):
    venue = VenueFactory(organisation=organisation)
    for name, order in (("B", None), ("C", None), ("A", 0)):
        venues.create_room(venue=venue, name={"en": name}, actor=actor, order=order)
    a, b, c = venue.rooms.all()
    assert names([a, b, c]) == ["A", "B", "C"]
    venue.refresh_from_db()
    assert venue.version == 4

    moved = venues.change_room(
        room=a, changes={"order": 2, "capacity": 40}, expected=1, actor=actor
    )
    assert (moved.order, moved.capacity, moved.version) == (2, 40, 2)
    assert names(venue.rooms.all()) == ["B", "C", "A"]
    same = venues.change_room(room=moved, changes={"order": 2}, expected=2, actor=actor)
    assert same.version == 2
    with refused("validation-failed", a, pointer="/name"):
        venues.change_room(room=a, changes={"name": {"ru": "А"}}, expected=None, actor=actor)
    with refused("validation-failed", a, pointer="/capacity"):
        venues.change_room(room=a, changes={"capacity": -1}, expected=None, actor=actor)
    venues.delete_room(room=b, expected=None, actor=actor)
    assert list(venue.rooms.values_list("order", flat=True)) == [0, 1]


def test_a_room_may_bring_its_venue_to_the_conference(conference, actor, refused):
    venue = VenueFactory(organisation=conference.organisation)
    for name in ("A", "B"):
        venues.create_room(venue=venue, name={"en": name}, actor=actor, conference=conference)
    conference.refresh_from_db()
    assert (list(conference.venues.all()), conference.version) == ([venue], 2)
    with refused("validation-failed", conference, pointer="/venues"):
        venues.create_room(
            venue=VenueFactory(), name={"en": "A"}, actor=actor, conference=conference
        )
    assert Room.objects.count() == 2


def test_a_room_that_was_published_stays(conference, actor, refused, room):
    session = SessionFactory(
        conference=conference,
        room=room,
        start_local=conference.start_local,
        end_local=conference.end_local,
    )
    publish_schedule(conference=conference, name="", actor=SYSTEM)
    unschedule_session(session=session, expected=None, actor=actor)
    with refused("in-use", room):
        venues.delete_room(room=room, expected=None, actor=actor)
    conference.conference_venues.all().delete()
    with refused("in-use", room.venue):
        venues.delete_venue(venue=room.venue, expected=None, actor=actor)
    spare = RoomFactory(venue=room.venue)
    venues.delete_room(room=spare, expected=None, actor=actor)
    assert list(Room.objects.all()) == [room]


def test_a_venue_of_a_conference_stays(conference, actor, refused, room):
    with refused("in-use", room.venue):
        venues.delete_venue(venue=room.venue, expected=None, actor=actor)


def test_tracks_stand_in_order(conference, actor, refused, audited):
    for slug, order in (("b", None), ("c", None), ("a", 0)):
        tracks.create_track(
            conference=conference, slug=slug, name={"en": slug}, actor=actor, order=order
        )
    a, b, c = conference.tracks.all()
    assert [t.slug for t in (a, b, c)] == ["a", "b", "c"]
    with refused("conflict", a, pointer="/slug", code="taken"):
        tracks.create_track(conference=conference, slug="a", name={"en": "A"}, actor=actor)
    with refused("conflict", b, pointer="/slug", code="taken"):
        tracks.change_track(track=b, changes={"slug": "a"}, expected=None, actor=actor)
    with refused("validation-failed", b, pointer="/colour"):
        tracks.change_track(track=b, changes={"colour": "teal"}, expected=None, actor=actor)
    with refused("validation-failed", b, pointer="/name"):
        tracks.change_track(track=b, changes={"name": {}}, expected=None, actor=actor)
    moved = tracks.change_track(
        track=a, changes={"order": 9, "colour": "#ABCDEF"}, expected=1, actor=actor
    )
    assert (moved.colour, moved.version) == ("#abcdef", 2)
    assert audited() == ("change_track", ["colour", "order"], {})
    assert tracks.change_track(track=a, changes={}, expected=2, actor=actor).version == 2
    assert list(conference.tracks.values_list("slug", "order")) == [("b", 0), ("c", 1), ("a", 2)]
    tracks.delete_track(track=c, expected=None, actor=actor)
    assert list(conference.tracks.values_list("slug", "order")) == [("b", 0), ("a", 1)]


def test_a_track_that_was_published_stays(conference, actor, refused):
    track = TrackFactory(conference=conference)
    session = SessionFactory(conference=conference, track=track)
    with refused("in-use", track):
        tracks.delete_track(track=track, expected=None, actor=actor)
    publish_schedule(conference=conference, name="", actor=SYSTEM)
    session.delete()
    with refused("in-use", track):
        tracks.delete_track(track=track, expected=None, actor=actor)
    assert Track.objects.count() == 1


def test_series_link_conferences(organisation, actor, refused, audited):
    row = series.create_series(
        organisation=organisation, slug="forums", title={"en": "Forums"}, actor=actor
    )
    SeriesFactory(organisation=organisation, slug="talks")
    with refused("conflict", row, pointer="/slug"):
        series.create_series(
            organisation=organisation, slug="forums", title={"en": "F"}, actor=actor
        )
    with refused("conflict", row, pointer="/slug"):
        series.change_series(series=row, changes={"slug": "talks"}, expected=None, actor=actor)
    with refused("validation-failed", row, pointer="/title"):
        series.change_series(series=row, changes={"title": {}}, expected=None, actor=actor)
    changed = series.change_series(
        series=row, changes={"title": {"en": "Open forums"}}, expected=1, actor=actor
    )
    assert (changed.version, audited()) == (2, ("change_series", ["title"], {}))
    assert series.change_series(series=row, changes={}, expected=2, actor=actor).version == 2

    conference = ConferenceFactory(organisation=organisation, series=row)
    with refused("in-use", row):
        series.delete_series(series=row, expected=None, actor=actor)
    conference.delete()
    series.delete_series(series=row, expected=2, actor=actor)
    assert list(organisation.series.values_list("slug", flat=True)) == ["talks"]

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.actors import SYSTEM
from events.models import Participation, Session
from events.services import sessions
from events.services.materials import create_material
from events.services.schedules import publish_schedule
from events.signals import ParticipationChanged
from tests.factories.events import (
    ConferenceFactory,
    ParticipationFactory,
    RoomFactory,
    SessionFactory,
    TrackFactory,
)

at = dt.datetime.fromisoformat
SLOT = {"start_local": at("2027-03-18T10:00"), "end_local": at("2027-03-18T11:15")}


@pytest.fixture
def session(conference):
    return SessionFactory(conference=conference, title={"en": "Panel"})


def create(conference, actor, **fields):
    return sessions.create_session(
        **{"conference": conference, "kind": "panel", "title": {"en": "Čaj"}, "actor": actor}
        | fields
    )


def test_create_session_resolves_its_slot(conference, actor, room, audited):
    track = TrackFactory(conference=conference)
    row = create(conference, actor, **SLOT, room=room, track=track, language="sr")
    row.refresh_from_db()
    assert (row.starts_at, row.ends_at) == (at("2027-03-18T09:00Z"), at("2027-03-18T10:15Z"))
    assert (row.room, row.track, row.language) == (room, track, "sr-Latn")
    assert (row.search_key, row.sort_key) == (f"caj {row.code.lower()}", "caj")
    assert audited() == ("create_session", [], {})
    assert conference.version == 1


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"kind": "party"}, "/kind"),
        ({"title": {"ru": "Чай"}}, "/title"),
        ({"start_local": SLOT["start_local"]}, "/end_local"),
        ({"end_local": SLOT["end_local"]}, "/start_local"),
        ({"start_local": SLOT["end_local"], "end_local": SLOT["start_local"]}, "/end_local"),
        ({"start_local": SLOT["start_local"], "end_local": at("2027-03-26T10:00")}, "/end_local"),
        ({"language": "tlh"}, "/language"),
        ({"attribution": "whispered"}, "/attribution"),
        ({"order": -1}, "/order"),
        ({"order": True}, "/order"),
    ],
)
def test_create_session_refuses_without_a_trace(conference, actor, refused, wrong, pointer):
    with refused("validation-failed", conference, pointer=pointer):
        create(conference, actor, **wrong)
    assert Session.objects.count() == 0


def test_room_and_track_are_those_of_the_conference(conference, actor, refused, room):
    with refused("validation-failed", conference, pointer="/room", code="time"):
        create(conference, actor, room=room)
    with refused("validation-failed", conference, pointer="/room", code="unknown"):
        create(conference, actor, **SLOT, room=RoomFactory())
    with refused("validation-failed", conference, pointer="/track", code="unknown"):
        create(conference, actor, track=TrackFactory())


def test_change_session_raises_its_version_and_says_what(session, actor, audited):
    row = sessions.change_session(
        session=session, changes={"title": {"en": "Round"}}, expected=1, actor=actor
    )
    assert (row.version, row.sort_key) == (2, "round")
    assert audited() == ("change_session", ["title"], {})
    same = sessions.change_session(
        session=row, changes={"title": {"en": "Round"}}, expected=2, actor=actor
    )
    assert same.version == 2


def test_change_session_refuses_older_versions_and_unknown_fields(session, actor, refused):
    with refused("stale", session):
        sessions.change_session(session=session, changes={}, expected=9, actor=actor)
    with refused("validation-failed", session, pointer="/state", code="unknown"):
        sessions.change_session(
            session=session, changes={"state": "cancelled"}, expected=None, actor=actor
        )


def test_place_and_unschedule(session, actor, audited, room):
    row = sessions.place_session(session=session, **SLOT, room=room, expected=1, actor=actor)
    assert (row.room, row.starts_at) == (room, at("2027-03-18T09:00Z"))
    assert audited() == ("place_session", ["end_local", "room", "start_local"], {})
    row = sessions.unschedule_session(session=row, expected=2, actor=actor)
    row.refresh_from_db()
    assert (row.room, row.start_local, row.starts_at, row.ends_at) == (None, None, None, None)


def test_a_time_that_does_not_exist_moves_forward(session, actor):
    row = sessions.place_session(
        session=session,
        start_local=at("2027-03-28T02:30"),
        end_local=at("2027-03-28T04:30"),
        room=None,
        expected=None,
        actor=actor,
    )
    assert (row.starts_at, row.ends_at) == (at("2027-03-28T01:30Z"), at("2027-03-28T02:30Z"))


def test_cancel_and_restore(session, actor, refused, audited):
    row = sessions.cancel_session(session=session, expected=1, actor=actor)
    assert audited() == ("cancel_session", ["state"], {"to": "cancelled"})
    with refused("wrong-state", session):
        sessions.cancel_session(session=row, expected=None, actor=actor)
    assert sessions.restore_session(session=row, expected=2, actor=actor).state == "planned"
    with refused("wrong-state", session):
        sessions.restore_session(session=row, expected=None, actor=actor)


def test_delete_takes_the_panel_along_and_tells(session, actor, heard, audited):
    part = ParticipationFactory(session=session)
    sessions.delete_session(session=session, expected=1, actor=actor)
    assert (Session.objects.count(), Participation.objects.count()) == (0, 0)
    assert heard == [
        ParticipationChanged(session.conference_id, (), ((part.person_id, session.pk),))
    ]
    assert audited()[0] == "delete_session"


def test_delete_refuses_what_is_published_or_in_use(session, actor, refused):
    create_material(
        conference=session.conference,
        kind="link",
        title={"en": "Paper"},
        url="https://example.org/",
        session=session,
        actor=actor,
    )
    with refused("in-use", session):
        sessions.delete_session(session=session, expected=None, actor=actor)
    session.materials.all().delete()
    publish_schedule(conference=session.conference, name="", actor=SYSTEM)
    with refused("in-use", session):
        sessions.delete_session(session=session, expected=None, actor=actor)


def test_delete_refuses_while_somebody_is_asked_to_speak(session, actor, refused):
    part = ParticipationFactory(session=session, state="invited", asked_at=timezone.now())
    with refused("in-use", session):
        sessions.delete_session(session=session, expected=None, actor=actor)
    Participation.objects.filter(pk=part.pk).update(state="declined")
    sessions.delete_session(session=session, expected=None, actor=actor)
    assert Session.objects.count() == 0


def test_a_code_of_another_conference_does_not_stand_in_the_way(session, actor):
    other = SessionFactory(conference=ConferenceFactory(), code=session.code)
    publish_schedule(conference=other.conference, name="", actor=SYSTEM)
    sessions.delete_session(session=session, expected=None, actor=actor)
    assert list(Session.objects.all()) == [other]

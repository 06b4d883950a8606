from __future__ import annotations

import pytest

from core.actors import SYSTEM
from core.models import AuditEntry
from events.models import Participation, Session, Track
from events.services.schedules import publish_schedule
from tests.factories.events import (
    ParticipationFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    TrackFactory,
)


def test_tracks_are_made_changed_and_deleted_by_slug(api, conference, base):
    made = api.post(f"{base}/tracks/", {"slug": "media", "name": "Media", "colour": "#0B5D5E"})
    assert (made.status_code, made["ETag"]) == (201, '"v1"')
    assert made["Location"] == f"http://testserver{base}/tracks/media/"
    assert made.json() == {
        "slug": "media",
        "name": {"en": "Media"},
        "colour": "#0b5d5e",
        "order": 0,
    }
    path = f"{base}/tracks/media/"
    assert api.patch(path, {"slug": "press"}, '"v1"').json()["slug"] == "press"
    assert api.post(f"{base}/tracks/", {"slug": "press", "name": "P"}).status_code == 409
    assert (
        api.post(f"{base}/tracks/", {"slug": "x", "name": "P", "colour": "red"}).status_code == 400
    )
    assert api.delete(f"{base}/tracks/press/", '"v2"').status_code == 204
    assert Track.objects.count() == 0


def test_a_track_with_sessions_stays(api, conference, base):
    track = TrackFactory(conference=conference)
    SessionFactory(conference=conference, track=track)
    assert api.delete(f"{base}/tracks/{track.slug}/", '"v1"').status_code == 409
    assert Track.objects.count() == 1


def test_a_session_is_made_with_its_slot(api, conference, base, room):
    TrackFactory(conference=conference, slug="media")
    made = api.post(
        f"{base}/sessions/",
        {
            "kind": "panel",
            "title": {"en": "Who speaks", "sr-Latn": "Ko govori"},
            "abstract": "Two lines.\nOf text.",
            "track": "media",
            "slot": {"start": "2027-03-18T10:30", "end": "2027-03-18T11:45", "room": room.code},
            "language": "sr",
            "attribution": "chatham_house",
            "interpretation": ["en", "ru"],
            "recorded": True,
        },
    )
    assert made.status_code == 201
    row = Session.objects.get()
    assert made.json() == {
        "code": row.code,
        "uid": str(row.uid),
        "kind": "panel",
        "state": "planned",
        "title": {"en": "Who speaks", "sr-Latn": "Ko govori"},
        "abstract": {"en": "Two lines.\nOf text."},
        "track": "media",
        "slot": {"start": "2027-03-18T10:30", "end": "2027-03-18T11:45", "room": room.code},
        "language": "sr-Latn",
        "attribution": "chatham_house",
        "interpretation": ["en", "ru"],
        "recorded": True,
        "planned_minutes": None,
        "order": 0,
        "starts_at": "2027-03-18T09:30:00Z",
        "ends_at": "2027-03-18T10:45:00Z",
    }
    assert api.get(f"{base}/sessions/{row.code}/").json() == made.json()


HOUR = {"start": "2027-03-18T10:30", "end": "2027-03-18T11:30"}


@pytest.mark.parametrize(
    ("slot", "pointer", "code"),
    [
        ({"start": "2027-03-18T10:30"}, "/slot/end", "required"),
        ({"end": "2027-03-18T10:30"}, "/slot/start", "required"),
        ({"start": "2027-03-18T10:30", "end": "2027-03-18T10:30"}, "/slot/end", "order"),
        ({"start": "2027-03-18T10:30", "end": "2027-04-18T10:30"}, "/slot/end", "range"),
        ({**HOUR, "room": "X"}, "/slot/room", "unknown"),
        ({**HOUR, "hall": "X"}, "/slot/hall", "unknown"),
        ("noon", "/slot", "invalid"),
        # In the night of the change to summer time these two are the same instant.
        ({"start": "2027-03-28T02:30", "end": "2027-03-28T03:30"}, "/slot/end", "order"),
    ],
)  # fmt: skip
def test_a_slot_says_what_is_wrong(api, conference, base, slot, pointer, code):
    answer = api.post(f"{base}/sessions/", {"kind": "panel", "title": "P", "slot": slot})
    assert answer.status_code == 400
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [(pointer, code)]
    assert Session.objects.count() == 0


def test_a_session_moves_loses_its_slot_and_is_called_off(api, conference, base, room):
    row = SessionFactory(conference=conference)
    path = f"{base}/sessions/{row.code}/"
    slot = {"start": "2027-03-18T10:00", "end": "2027-03-18T11:00", "room": room.code}

    assert api.patch(path, {"slot": slot}, '"v1"').json()["slot"] == slot
    later = {"start": "2027-03-18T12:00", "end": "2027-03-18T13:00"}
    assert api.patch(path, {"slot": later}, '"v2"').json()["slot"] == {**later, "room": room.code}
    assert api.patch(path, {"slot": {"room": None}}, '"v3"').json()["slot"]["room"] is None
    gone = api.patch(path, {"slot": None}, '"v4"').json()
    assert (gone["slot"], gone["starts_at"]) == (None, None)
    assert api.patch(path, {"slot": {"room": room.code}}, '"v5"').status_code == 400

    assert api.post(f"{path}cancel/").json()["state"] == "cancelled"
    assert api.post(f"{path}cancel/").status_code == 409
    assert api.post(f"{path}restore/").json()["state"] == "planned"
    assert api.post(f"{path}restore/").status_code == 409


def test_a_session_goes_until_it_is_published(api, conference, base):
    draft = SessionFactory(conference=conference)
    ParticipationFactory(session=draft)
    assert api.delete(f"{base}/sessions/{draft.code}/", '"v1"').status_code == 204
    assert (Session.objects.count(), Participation.objects.count()) == (0, 0)

    seen = SessionFactory(conference=conference)
    publish_schedule(conference=conference, name="", actor=SYSTEM)
    answer = api.delete(f"{base}/sessions/{seen.code}/", '"v1"')
    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "This session stands in a published programme. Cancel it instead.",
    )
    assert Session.objects.count() == 1


def test_a_panel_is_composed_over_the_api(api, conference, base):
    session = SessionFactory(conference=conference)
    moderator = PersonFactory(
        organisation=conference.organisation, honorific="Prof. Dr.", position="Dean"
    )
    guest = PersonFactory(organisation=conference.organisation)
    made = api.post(
        f"{base}/participations/",
        {"session": session.code, "person": guest.code, "role": "panellist"},
    )
    assert (made.status_code, made["ETag"]) == (201, '"v2"')
    code = made.json()["code"]
    assert made.json() == {
        "code": code,
        "session": session.code,
        "person": guest.code,
        "role": "panellist",
        "order": 0,
        "minutes": None,
        "state": "planned",
        "honorific": "",
        "affiliation": "Institute for Testing",
        "position": "Researcher",
        "shown_unconfirmed": False,
        **dict.fromkeys(
            ("asked_at", "last_asked_at", "reply_until", "answered_at", "replaces"), None
        ),
        **dict.fromkeys(("answered_via", "answered_by", "decline_reason"), ""),
    }
    first = api.post(
        f"{base}/participations/",
        {
            "session": session.code,
            "person": moderator.code,
            "role": "moderator",
            "order": 0,
            "minutes": 10,
            "state": "confirmed",
            "position": "Dean emeritus",
        },
    ).json()
    assert (first["order"], first["honorific"], first["position"]) == (
        0,
        "Prof. Dr.",
        "Dean emeritus",
    )
    path = f"{base}/participations/{code}/"
    assert api.get(path).json()["order"] == 1
    assert api.get(path)["ETag"] == '"v3"'

    assert api.patch(path, {"state": "confirmed"}, '"v2"').status_code == 412
    same = {"session": session.code, "person": guest.code, "state": "confirmed"}
    assert api.patch(path, same, '"v3"').json()["state"] == "confirmed"
    assert api.patch(path, {"person": moderator.code}, '"v4"').status_code == 400
    assert api.delete(path, '"v4"').status_code == 204
    assert list(Participation.objects.values_list("code", "order")) == [(first["code"], 0)]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"role": "juggler"}, "/role"),
        ({"person": "NOBODY"}, "/person"),
        ({"session": "NOWHERE"}, "/session"),
        ({"minutes": 0}, "/minutes"),
        ({"order": -1}, "/order"),
        ({"state": "asleep"}, "/state"),
        ({"shoe_size": 44}, "/shoe_size"),
    ],
)
def test_a_participation_says_what_is_wrong(api, conference, base, wrong, pointer):
    session = SessionFactory(conference=conference)
    person = PersonFactory(organisation=conference.organisation)
    body = {"session": session.code, "person": person.code, "role": "panellist", **wrong}
    before = AuditEntry.objects.count()
    answer = api.post(f"{base}/participations/", body)
    assert answer.status_code == 400
    assert [e["pointer"] for e in answer.json()["errors"]] == [pointer]
    assert Participation.objects.count() == 0
    assert AuditEntry.objects.count() in {before, before + 1}  # the token itself, made on first use
    assert Session.objects.get().version == 1


def test_a_person_has_a_role_once_on_a_session(api, conference, base):
    part = ParticipationFactory(session__conference=conference)
    body = {"session": part.session.code, "person": part.person.code, "role": part.role}
    answer = api.post(f"{base}/participations/", body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "taken")
    assert api.post(f"{base}/participations/", {**body, "role": "moderator"}).status_code == 201


def test_people_of_other_organisations_are_not_there(api, conference, base):
    session = SessionFactory(conference=conference)
    body = {"session": session.code, "person": PersonFactory().code, "role": "panellist"}
    assert api.post(f"{base}/participations/", body).status_code == 400
    foreign = ParticipationFactory()
    assert api.get(f"{base}/participations/{foreign.code}/").status_code == 404
    assert api.get(f"{base}/sessions/{foreign.session.code}/").status_code == 404


def test_filters_of_sessions_and_participations(api, conference, base, room):
    track = TrackFactory(conference=conference, slug="media")
    placed = SessionFactory(
        conference=conference,
        title={"en": "Čitanje"},
        track=track,
        room=room,
        start_local=conference.start_local,
        end_local=conference.end_local,
    )
    loose = SessionFactory(conference=conference, kind="break", title={"en": "Coffee"})
    part = ParticipationFactory(session=placed)

    def codes(path):
        return [row["code"] for row in api.get(f"{base}/{path}").json()["results"]]

    assert codes("sessions/") == [placed.code, loose.code]
    assert codes("sessions/?search=citanje") == [placed.code]
    assert codes("sessions/?track=media&kind=panel") == [placed.code]
    assert codes(f"sessions/?room={room.code}") == [placed.code]
    assert codes("sessions/?scheduled=false") == [loose.code]
    assert codes("sessions/?scheduled=true") == [placed.code]
    assert codes("sessions/?ordering=-sort_key") == [loose.code, placed.code]
    assert codes(f"participations/?session={placed.code}") == [part.code]
    assert codes(f"participations/?session={loose.code}") == []
    assert codes(f"participations/?person={part.person.code}&role=panellist") == [part.code]
    assert codes("participations/?state=declined") == []
    assert api.get(f"{base}/sessions/?ordering=starts_at").status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_lists_of_the_draft_ask_as_often_for_many_as_for_one(
    api, conference, base, room, count, django_assert_num_queries
):
    for _ in range(count):
        session = SessionFactory(
            conference=conference,
            track=TrackFactory(conference=conference),
            room=RoomFactory(venue=room.venue),
            start_local=conference.start_local,
            end_local=conference.end_local,
        )
        ParticipationFactory(session=session)
    api.get(f"{base}/tracks/")  # the token notes its first use
    for path in ("tracks/", "sessions/", "participations/"):
        with django_assert_num_queries(4):
            assert len(api.get(f"{base}/{path}").json()["results"]) == count

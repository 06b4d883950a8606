"""GET schedule-versions/impact/: what publishing would do, for programs."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from events.services.schedules import publish_schedule
from events.services.sessions import place_session

VERSIONS = "/api/v1/organisations/institute/conferences/open-forum/schedule-versions/"


@pytest.fixture
def moved(forum):
    place_session(
        session=forum.panel,
        start_local="2027-03-18T11:00",
        end_local="2027-03-18T12:00",
        room=None,
        expected=None,
        actor=SYSTEM,
    )
    return forum


def test_the_impact_is_what_publishing_then_does(moved, api):
    body = api.get(f"{VERSIONS}impact/").json()
    assert (body["version"], body["telling"], body["seen"][:2]) == (1, 2, "1-")
    assert body["changes"] == [
        {
            "kind": "moved",
            "session": moved.panel.code,
            "sentence": "“Who drinks first” starts at 11:00 on 18 March instead of 10:00 on 18 "
            "March.",
        }
    ]
    sentence = (
        "“Who drinks first” has another time: Thursday, 18 March, 11:00–12:00. "
        "Before: Thursday, 18 March, 10:00–11:00."
    )
    assert body["affected"] == [
        {"name": name, "speaks": True, "language": "en", "sentences": [sentence], "mails": 1}
        for name in ("Mila Đorđević", "Petar Ilić")
    ]
    made = api.post(VERSIONS, {"tell": True, "seen": body["seen"], "telling": body["telling"]})
    assert (made.status_code, made.json()["told"]) == (201, 2)
    assert api.get(f"{VERSIONS}impact/").json()["changes"] == []
    assert api.post(VERSIONS, {"seen": body["seen"]}).status_code == 409


def test_names_need_the_scope_to_read_people(moved, api):
    body = api.of("programme:read").get(f"{VERSIONS}impact/").json()
    assert [(one["name"], one["mails"]) for one in body["affected"]] == [("", 1), ("", 1)]


def test_going_back_has_an_impact_too(moved, api):
    moved.conference.refresh_from_db()
    publish_schedule(conference=moved.conference, name="", actor=SYSTEM)
    body = api.get(f"{VERSIONS}impact/?restore=1").json()
    assert (body["version"], body["telling"], len(body["changes"])) == (2, 2, 1)
    for wrong in ("9", "x", "99999999999"):
        assert api.get(f"{VERSIONS}impact/?restore={wrong}").status_code == 400

"""What is needed of who speaks, over the API."""

from __future__ import annotations

import pytest

from events.models import SpeakerNeed
from tests.factories.events import ParticipationFactory, SessionFactory


@pytest.fixture
def part(conference):
    session = SessionFactory(conference=conference)
    return ParticipationFactory(session=session, travel_needs="By train")


@pytest.fixture
def path(base, part):
    return f"{base}/participations/{part.code}/needs/"


def test_needs_are_read_with_what_was_answered(api, part, path, django_assert_num_queries):
    assert api.get(path).json() == {
        "results": [
            {"kind": "bio", "state": "open", "note": "", "settled_at": None},
            {"kind": "photo", "state": "open", "note": "", "settled_at": None},
        ],
        "recording_consent": "",
        "travel_needs": "By train",
        "technical_needs": "",
    }


def test_one_is_marked_and_a_key_does_it_once(api, part, path):
    body = {"kind": "slides", "state": "waived", "note": "Speaks freely"}
    made = api.post(path, body)
    assert made.status_code == 200
    need = made.json()["results"][-1]
    row = SpeakerNeed.objects.get()
    assert need == {
        "kind": "slides",
        "state": "waived",
        "note": "Speaks freely",
        "settled_at": row.settled_at.isoformat().replace("+00:00", "Z"),
    }
    assert api.post(path, {"kind": "slides", "state": "open"}).json()["results"][-1]["state"] == (
        "open"
    )


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "hat", "state": "given"}, "/kind"),
        ({"kind": "bio", "state": "lost"}, "/state"),
        ({"kind": "bio"}, "/state"),
        ({"kind": "bio", "state": "given", "note": "x" * 501}, "/note"),
        ({"kind": "bio", "state": "given", "by": "hand"}, "/by"),
    ],
)
def test_what_is_wrong_is_named(api, path, body, pointer):
    answer = api.post(path, body)
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert SpeakerNeed.objects.count() == 0


def test_of_who_declined_nothing_is_needed(api, part, path):
    part.state = "declined"
    part.save()
    assert api.get(path).json()["results"] == []
    assert api.post(path, {"kind": "bio", "state": "given"}).status_code == 409


def test_another_houses_participation_is_not_there(api, base, other_organisation):
    other = ParticipationFactory(session__conference__organisation=other_organisation)
    assert api.get(f"{base}/participations/{other.code}/needs/").status_code == 404


def test_the_conference_says_what_is_asked_of_everybody(api, conference, base):
    etag = api.get(f"{base}/")["ETag"]
    answer = api.patch(f"{base}/", {"speaker_needs": ["slides", "bio"]}, etag)
    assert answer.json()["speaker_needs"] == ["bio", "slides"]
    etag = answer["ETag"]
    answer = api.patch(f"{base}/", {"speaker_needs": ["hat"]}, etag)
    assert answer.status_code == 400

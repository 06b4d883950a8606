from __future__ import annotations

import pytest

from core.actors import SYSTEM
from events.models import Material, ScheduleVersion
from events.services.schedules import publish_schedule
from tests.factories.events import MaterialFactory, ParticipationFactory, SessionFactory


def test_each_publishing_makes_a_version(api, conference, base):
    session = SessionFactory(conference=conference, title={"en": "Panel"})
    made = api.post(f"{base}/schedule-versions/", {"name": "First draft"})
    assert (made.status_code, made["ETag"]) == (201, '"v1"')
    assert made["Location"] == f"http://testserver{base}/schedule-versions/1/"
    body = made.json()
    assert (body["number"], body["name"]) == (1, "First draft")

    again = api.post(f"{base}/schedule-versions/", {"name": "Again"})
    assert (again.status_code, again.json()["number"]) == (201, 2)
    SessionFactory(conference=conference)
    assert api.post(f"{base}/schedule-versions/", {"name": "First draft"}).status_code == 409
    assert api.post(f"{base}/schedule-versions/").json()["name"] == "Version 3"
    assert api.post(f"{base}/schedule-versions/", {"title": "x"}).status_code == 400
    assert api.post(f"{base}/schedule-versions/", {"name": 5}).status_code == 400
    assert ScheduleVersion.objects.count() == 3

    whole = api.get(f"{base}/schedule-versions/1/").json()
    assert whole["format"] == 2
    assert [s["code"] for s in whole["document"]["sessions"]] == [session.code]
    listed = api.get(f"{base}/schedule-versions/?ordering=-number").json()["results"]
    assert [(row["number"], "document" in row) for row in listed] == [
        (3, False),
        (2, False),
        (1, False),
    ]
    for number in ("4", "99999999999999999999999"):
        assert api.get(f"{base}/schedule-versions/{number}/").status_code == 404
    for method in ("PATCH", "DELETE"):
        path = f"{base}/schedule-versions/1/"
        assert api.request(method, path, {}, etag='"v1"').status_code == 405


def test_there_is_nothing_to_publish_without_sessions(api, conference, base):
    answer = api.post(f"{base}/schedule-versions/", {"name": "x"})
    assert (answer.status_code, ScheduleVersion.objects.count()) == (409, 0)


def test_a_link_is_added_changed_and_deleted(api, conference, base):
    session = SessionFactory(conference=conference)
    made = api.post(
        f"{base}/materials/",
        {
            "kind": "link",
            "title": "The paper",
            "url": "https://example.org/paper",
            "session": session.code,
            "release_at": "2027-03-18T09:00:00+01:00",
        },
    )
    assert made.status_code == 201
    code = made.json()["code"]
    assert made.json() == {
        "code": code,
        "kind": "link",
        "title": {"en": "The paper"},
        "url": "https://example.org/paper",
        "session": session.code,
        "release_at": "2027-03-18T08:00:00Z",
        "shown": True,
        "participation": None,
        "order": 0,
    }
    path = f"{base}/materials/{code}/"
    assert api.patch(path, {"session": None}, '"v1"').json()["session"] is None
    assert [m["code"] for m in api.get(f"{base}/materials/?kind=link").json()["results"]] == [code]
    assert api.delete(path, '"v2"').status_code == 204
    assert Material.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"url": "javascript:alert(1)"}, "/url"),
        ({"url": "ftp://example.org"}, "/url"),
        ({"url": "https://"}, "/url"),
        ({"url": "https://user@example.org"}, "/url"),
        ({"url": "http://[::1"}, "/url"),
        ({"url": ""}, "/url"),
        ({"kind": "film"}, "/kind"),
        ({"session": "NOSUCH"}, "/session"),
        ({"release_at": "soon"}, "/release_at"),
        ({"file": "x"}, "/file"),
    ],
)
def test_a_material_says_what_is_wrong(api, conference, base, wrong, pointer):
    body = {"kind": "link", "title": "Paper", "url": "https://example.org/", **wrong}
    answer = api.post(f"{base}/materials/", body)
    assert answer.status_code == 400
    assert [e["pointer"] for e in answer.json()["errors"]] == [pointer]
    assert Material.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_lists_of_what_is_published_ask_as_often_for_many_as_for_one(
    api, conference, base, count, django_assert_num_queries
):
    for _ in range(count):
        MaterialFactory(conference=conference, session=SessionFactory(conference=conference))
        publish_schedule(conference=conference, name="", actor=SYSTEM)
    api.get(f"{base}/materials/")  # the token notes its first use
    for path in ("materials/", "schedule-versions/"):
        with django_assert_num_queries(4):
            assert len(api.get(f"{base}/{path}").json()["results"]) == count


def test_versions_are_compared_and_gone_back_to(api, conference, base):
    session = SessionFactory(conference=conference, title={"en": "Panel"})
    part = ParticipationFactory(session=session)
    versions = f"{base}/schedule-versions/"
    api.post(versions, {"name": "First"})
    session.title = {"en": "Talk"}
    session.save()
    api.post(versions, {"name": "Second"})
    expected = [
        {"kind": "renamed", "session": session.code, "sentence": "“Panel” is called “Talk” now."}
    ]
    both = api.get(f"{versions}1/compare/?with=2").json()
    assert both == {"version": 1, "other": 2, "changes": expected}
    assert api.get(f"{versions}1/compare/").json() == {
        "version": 1,
        "other": None,
        "changes": expected,
    }
    for wrong in ("9", "first", "٣", "99999999999999999999"):
        assert api.get(f"{versions}1/compare/?with={wrong}").status_code == 400
    assert api.get(f"{versions}9/compare/").status_code == 404

    made = api.post(f"{versions}1/restore/", {"name": "Back", "tell": True})
    assert (made.status_code, made["Location"]) == (201, f"http://testserver{versions}3/")
    body = made.json()
    assert (body["name"], body["restores"], body["quiet"], body["told"]) == ("Back", 1, False, 1)
    assert body["document"]["sessions"][0]["title"] == {"en": "Panel"}
    assert api.post(f"{versions}3/restore/").status_code == 409
    assert api.post(f"{versions}9/restore/").status_code == 404
    assert api.post(f"{versions}1/restore/", {"seen": "x"}).status_code == 409
    listed = api.get(f"{versions}?ordering=-number").json()["results"]
    assert [(row["number"], row["restores"]) for row in listed] == [(3, 1), (2, None), (1, None)]
    del part


def test_publishing_tells_only_when_it_is_asked_to(api, conference, base):
    ParticipationFactory(session=SessionFactory(conference=conference))
    quiet = api.post(f"{base}/schedule-versions/", {"name": "Quiet"}).json()
    assert (quiet["quiet"], quiet["told"]) == (True, 0)
    for wrong in ({"tell": "perhaps"}, {"telling": -1}, {"telling": "many"}):
        assert api.post(f"{base}/schedule-versions/", wrong).status_code == 400
    ParticipationFactory(session=SessionFactory(conference=conference))
    refused = api.post(f"{base}/schedule-versions/", {"tell": True, "telling": 14})
    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[1]) == (409, "conflict")
    told = api.post(f"{base}/schedule-versions/", {"tell": True, "telling": 1}).json()
    assert (told["number"], told["quiet"], told["told"]) == (2, False, 1)

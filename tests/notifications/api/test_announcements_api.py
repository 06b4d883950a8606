"""announcements/ of the organiser's API: bodies, verbs, the number that was agreed to."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.permissions import Permission
from notifications.models import Announcement, Message
from notifications.services.fan_out import run_announcements
from notifications.services.leaving import let_leave
from tests.factories.notifications import AnnouncementFactory, conference_in, guests_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def conference(organisation):
    organisation.contact_email = "desk@example.org"
    organisation.save()
    found = conference_in(organisation=organisation, slug="forum")
    guests_of(found, 2)
    return found


@pytest.fixture
def base(conference):
    return "/api/v1/organisations/institute/conferences/forum/announcements/"


BODY = {
    "subject": {"en": "A word"},
    "body": "{greeting}\n\nThe hall opens at nine.",
    "audience": {"registrations": ["confirmed"]},
}
AGREED = {"recipients": 2, "read_warnings": True, "in_quiet_hours": True}


def test_it_is_made_read_changed_and_deleted(api, base):
    made = api.post(base, BODY)
    assert made.status_code == 201
    body = made.json()
    code = body.pop("code")
    assert made["Location"].endswith(f"{base}{code}/")
    assert body == {
        "subject": {"en": "A word"},
        "body": {"en": "{greeting}\n\nThe hall opens at nine."},
        "audience": {"registrations": ["confirmed"]},
        "state": "draft",
        "send_at": None,
        "undo_until": None,
        "done_at": None,
        "held_at": None,
        "held_for": [],
    }
    path = f"{base}{code}/"
    assert api.patch(path, {"subject": "Another"}).status_code == 428
    changed = api.patch(path, {"subject": "Another"}, made["ETag"])
    assert changed.json()["subject"] == {"en": "Another"}
    assert api.patch(path, {"subject": "Late"}, made["ETag"]).status_code == 412
    assert api.delete(path, changed["ETag"]).status_code == 204
    assert Announcement.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"audience": {"registrations": ["gone"]}}, "/audience/registrations"),
        ({"audience": {"types": ["gone"]}}, "/audience/types"),
        ({"audience": {"sql": []}}, "/audience/sql"),
        ({"audience": "all"}, "/audience"),
        ({"subject": {"xx": "A"}}, "/subject"),
        ({"state": "sent"}, None),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_what_can_not_be_is_refused_with_a_pointer(api, base, values, pointer):
    answer = api.post(base, {**BODY, **values})
    if pointer is None:
        assert answer.json()["state"] == "draft"
        return
    assert answer.status_code == 400
    assert [e["pointer"].startswith(pointer) for e in answer.json()["errors"]] == [True]
    assert Announcement.objects.count() == 0


def test_the_check_counts_and_says_what_it_found(api, base, conference):
    row = AnnouncementFactory(conference=conference, subject={"en": "HELLO EVERYBODY"})
    found = api.post(f"{base}{row.code}/check/").json()
    assert (found["recipients"], found["to_put_right"], found["languages"]) == (2, 0, {"en": 2})
    assert len(found["checks"]) >= 20
    shouts = next(one for one in found["checks"] if one["check"] == "subject-shouts")
    assert (shouts["level"], shouts["detail"]) == ("warning", "The subject is all in capitals.")


def test_it_is_sent_to_the_number_that_was_agreed_to(api, base, conference):
    row = AnnouncementFactory(conference=conference)
    path = f"{base}{row.code}/"
    refused = api.post(f"{path}send/", {**AGREED, "recipients": 3})
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("conflict")
    assert api.post(f"{path}send/", {"recipients": 2}).status_code == 400, "warnings unread"
    sent = api.post(f"{path}send/", AGREED, Idempotency_Key="once")
    assert (sent.status_code, sent.json()["state"]) == (200, "scheduled")
    again = api.post(f"{path}send/", AGREED, Idempotency_Key="once")
    assert again["Idempotency-Replayed"] == "true"
    assert api.post(f"{path}send/", AGREED).status_code == 409
    run_announcements()
    assert Message.objects.count() == 2


def test_one_that_waits_gets_another_moment(api, base, conference):
    row = AnnouncementFactory(conference=conference)
    path = f"{base}{row.code}/"
    assert api.post(f"{path}reschedule/", {}).status_code == 409
    api.post(f"{path}send/", {**AGREED, "send_at": "2088-03-01T09:00:00Z"})
    unread = api.post(f"{path}reschedule/", {"send_at": "2088-03-02T09:00:00Z"})
    assert unread.status_code == 400
    assert {error["pointer"] for error in unread.json()["errors"]} == {"/read_warnings"}
    answer = api.post(
        f"{path}reschedule/", {"send_at": "2088-03-02T09:00:00Z", "read_warnings": True}
    )
    assert (answer.status_code, answer.json()["send_at"]) == (200, "2088-03-02T09:00:00Z")
    assert answer.json()["undo_until"] == "2088-03-02T09:00:00Z"
    late = api.post(f"{path}reschedule/", {"send_at": "2020-03-02T09:00:00Z"})
    assert late.json()["errors"][0]["pointer"] == "/send_at"


def test_it_is_taken_back_paused_resumed_and_stopped(api, base, conference):
    row = AnnouncementFactory(conference=conference)
    path = f"{base}{row.code}/"
    api.post(f"{path}send/", AGREED)
    assert api.post(f"{path}undo/").json()["state"] == "draft"
    assert api.post(f"{path}undo/").status_code == 409
    api.post(f"{path}send/", AGREED)
    Announcement.objects.update(undo_until=timezone.now() - dt.timedelta(seconds=1))
    run_announcements()
    let_leave()
    assert api.post(f"{path}pause/").json()["state"] == "paused"
    assert api.post(f"{path}resume/").json()["state"] == "sending"
    assert api.get(f"{path}progress/").json() == {
        "state": "sending",
        "expected": 2,
        "planned": 2,
        "is_planned": True,
        "sent": 0,
        "waiting": 2,
        "failed": 0,
        "taken_back": 0,
        "skipped": {},
    }
    assert api.post(f"{path}stop/").json()["state"] == "stopped"
    run_announcements()
    assert api.get(f"{path}progress/").json()["taken_back"] == 2
    assert api.get(f"{base}?state=stopped").json()["results"][0]["code"] == row.code


def test_held_back_it_says_why_and_is_sent_by_the_same_call(api, base, conference):
    row = AnnouncementFactory(conference=conference)
    path = f"{base}{row.code}/"
    api.post(f"{path}send/", AGREED)
    type(conference).objects.filter(pk=conference.pk).update(state="cancelled")
    Announcement.objects.update(undo_until=timezone.now() - dt.timedelta(seconds=1))
    run_announcements()
    let_leave()
    found = api.get(path)
    body = found.json()
    assert (body["state"], body["held_at"] is not None) == ("held", True)
    assert body["held_for"] == [
        {
            "check": "conference-state",
            "title": "The conference takes place",
            "level": "warning",
            "detail": "The conference is cancelled.",
        }
    ]
    assert api.get(f"{base}?state=held").json()["results"][0]["code"] == row.code
    assert api.get(f"{path}progress/").json()["waiting"] == 0
    assert api.post(f"{path}pause/").status_code == 409
    assert api.post(f"{path}send/", {**AGREED, "read_warnings": False}).status_code == 400
    assert api.post(f"{path}send/", AGREED, If_Match='"v1"').status_code == 412
    sent = api.post(f"{path}send/", AGREED, If_Match=found["ETag"])
    assert (sent.json()["state"], sent.json()["held_for"]) == ("scheduled", [])


def test_who_only_reads_mail_sends_none(api, base, conference):
    row = AnnouncementFactory(conference=conference)
    reader = api.of(Permission.MAIL_READ)
    assert reader.get(base).status_code == 200
    assert reader.post(f"{base}{row.code}/send/", AGREED).status_code == 403
    assert reader.post(f"{base}{row.code}/check/").status_code == 403


def test_another_house_finds_nothing(api, base, conference, other_organisation):
    row = AnnouncementFactory(conference=conference)
    stranger = api.of(*Permission, organisation=other_organisation)
    assert stranger.get(f"{base}{row.code}/").status_code == 404
    assert stranger.post(f"{base}{row.code}/send/", AGREED).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_as_many_queries_for_three_as_for_one(
    api, base, conference, number, django_assert_max_num_queries
):
    AnnouncementFactory.create_batch(number, conference=conference)
    with django_assert_max_num_queries(5):
        assert len(api.get(base).json()["results"]) == number

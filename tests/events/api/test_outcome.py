"""The outcome, its quotes and its photos over the API: whole answers, refusals, and who may."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from events.models import Outcome, OutcomePhoto, Quote
from notifications.models import Message
from tests.factories.events import (
    ConferenceFactory,
    OutcomeFactory,
    ParticipationFactory,
    QuoteFactory,
    SessionFactory,
)


@pytest.fixture
def url(base):
    return f"{base}/outcome/"


def test_an_outcome_is_written_as_a_whole_and_read_so(api, url, conference):
    other = ConferenceFactory(organisation=conference.organisation, slug="other")
    part = ParticipationFactory(session__conference=conference)
    assert api.get(url).status_code == 404
    body = {
        "headline": "News",
        "summary": {"en": "All of it."},
        "items": [
            {"kind": "finding", "text": "A third reads."},
            {
                "kind": "point",
                "topic": "Media",
                "text": "Few leave.",
                "person": part.person.code,
                "session": part.session.code,
            },
        ],
        "related": ["other"],
        "press_email": "press@example.org",
    }
    assert api.put(url, body).status_code == 428
    made = api.put(url, body, etag='"v0"')
    assert (made.status_code, made["ETag"]) == (201, '"v1"')
    whole = {
        "headline": {"en": "News"},
        "summary": {"en": "All of it."},
        "outlook": {},
        "record_note": {},
        "press_name": "",
        "press_email": "press@example.org",
        "press_phone": "",
        "items": [
            {
                "kind": "finding",
                "topic": {},
                "text": {"en": "A third reads."},
                "person": None,
                "session": None,
            },
            {
                "kind": "point",
                "topic": {"en": "Media"},
                "text": {"en": "Few leave."},
                "person": part.person.code,
                "session": part.session.code,
            },
        ],
        "related": ["other"],
        "published_at": None,
    }
    assert made.json() == whole
    read = api.get(url)
    assert (read.json(), read["ETag"]) == (whole, '"v1"')
    assert api.put(url, {"headline": "x"}, etag='"v0"').status_code == 412
    again = api.put(url, {"headline": "x"}, etag='"v1"')
    assert (again.status_code, again.json()["items"], other.slug) == (200, [], "other")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/headline"),
        ({"headline": "x", "related": ["nowhere"]}, "/related/0"),
        ({"headline": "x", "items": [{"kind": "rumour"}]}, "/items/0/kind"),
        ({"headline": "x", "items": [{"kind": "point"}]}, "/items/0/text"),
        ({"headline": "x", "press_email": "no"}, "/press_email"),
        ({"headline": "x", "press": "y"}, "/press"),
    ],
)
def test_a_wrong_outcome_is_refused_where_it_is_wrong(api, url, conference, body, pointer):
    answer = api.put(url, body, etag='"v0"')
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert Outcome.objects.count() == 0


def test_it_is_drafted_published_and_taken_offline(api, url, conference, frozen):
    made = api.post(f"{url}draft/", {})
    assert (made.status_code, made["Location"]) == (201, f"http://testserver{url}")
    assert api.post(f"{url}draft/", {}).status_code == 409
    frozen("2027-03-20T09:00")
    public = api.post(f"{url}publish/", {"tell": False})
    assert public.json()["published_at"] == "2027-03-20T09:00:00Z"
    assert api.post(f"{url}publish/", {}).status_code == 409
    assert api.post(f"{url}unpublish/", {}).json()["published_at"] is None


def test_a_quote_is_added_asked_about_and_answered(api, url, conference):
    OutcomeFactory(conference=conference)
    part = ParticipationFactory(session__conference=conference, person__email="ana@example.org")
    body = {"person": part.person.code, "text": "Rivers join.", "session": part.session.code}
    made = api.post(f"{url}quotes/", body)
    code = made.json()["code"]
    assert (made.status_code, made["Location"]) == (201, f"http://testserver{url}quotes/{code}/")
    assert made.json() == {
        "code": code,
        "person": part.person.code,
        "session": part.session.code,
        "text": {"en": "Rivers join."},
        "order": 0,
        "state": "draft",
        "by_name": True,
        "proposal": {},
        "comment": "",
        "asked_at": None,
        "answered_at": None,
        "answered_via": "",
        "answered_name": "",
    }
    asked = api.post(f"{url}quotes/{code}/ask/", {})
    assert (asked.json()["state"], Message.objects.get().kind) == ("asked", "quote_ask")
    answer = {"answer": "approve", "via": "phone"}
    assert api.post(f"{url}quotes/{code}/answer/", answer).json()["state"] == "approved"
    changed = api.patch(
        f"{url}quotes/{code}/",
        {"text": "Others."},
        etag=api.get(f"{url}quotes/{code}/")["ETag"],
    )
    assert changed.json()["state"] == "draft"
    assert api.post(f"{url}quotes/{code}/accept/", {}).status_code == 409
    assert api.post(f"{url}quotes/{code}/withdraw/", {}).status_code == 409
    assert api.post(f"{url}quotes/{code}/revoke-link/", {}).status_code == 200
    etag = api.get(f"{url}quotes/{code}/")["ETag"]
    gone = api.delete(f"{url}quotes/{code}/", etag=etag)
    assert (gone.status_code, Quote.objects.count()) == (204, 0)


def test_what_is_of_a_closed_session_is_no_quote(api, url, conference):
    OutcomeFactory(conference=conference)
    part = ParticipationFactory(session=SessionFactory(conference=conference, attribution="closed"))
    body = {"person": part.person.code, "text": "x", "session": part.session.code}
    answer = api.post(f"{url}quotes/", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/session")


@pytest.mark.parametrize("count", [1, 3])
def test_quotes_are_listed_in_a_few_queries(api, url, conference, count, django_assert_num_queries):
    outcome = OutcomeFactory(conference=conference)
    for order in range(count):
        QuoteFactory(outcome=outcome, order=order)
    api.get(f"{url}quotes/")
    with django_assert_num_queries(4):
        found = api.get(f"{url}quotes/").json()
    assert len(found["results"]) == count


def test_a_photo_is_sent_as_a_form_and_shown_with_consent(api, url, conference):
    OutcomeFactory(conference=conference)
    out = io.BytesIO()
    Image.new("RGB", (90, 60), "navy").save(out, "JPEG")
    picture = SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")
    made = api.client.post(
        f"{url}photos/", {"photo": picture}, headers={"Authorization": f"Bearer {api.token}"}
    )
    assert made.status_code == 201
    body = made.json()
    assert (body["width"], body["height"], body["shown"]) == (90, 60, False)
    at = f"{url}photos/{body['code']}/"
    refused = api.patch(at, {"shown": True}, etag=made["ETag"])
    pointers = [error["pointer"] for error in refused.json()["errors"]]
    assert (refused.status_code, pointers) == (400, ["/alt", "/consent"])
    good = {"shown": True, "alt": "Three.", "consent": "given"}
    shown = api.patch(at, good, etag=made["ETag"])
    assert (shown.json()["shown"], shown.json()["alt"]) == (True, {"en": "Three."})
    assert api.get(f"{url}photos/").json()["results"] == [shown.json()]
    assert api.delete(at, etag=shown["ETag"]).status_code == 204
    assert OutcomePhoto.objects.count() == 0
    assert api.post(f"{url}photos/", {"photo": "x"}).status_code == 415
